// Where configuration files and their data lie in the gallery bucket: in places of our own, and where our predecessors' instructions
// put them. What lies anywhere else nobody reads.
import { type DatasetType, datasetTypes, sectionOf } from './configuration';

const OWN_CONFIGURATION = 'personalize/config/';
const OWN_DATA = 'personalize/data/';
/** Of "Maintaining Personalized Experiences": a folder a dataset group. */
const TRAIN = 'train/';
/** Of the same: what its batch jobs read, and write beside it. */
const BATCH = 'batch/';

/**
 * The folders that Amazon Personalize reads besides `personalize/`, and those of them that it writes; the bucket's policy and the service
 * role name exactly these.
 */
export const predecessorsData = ['Users/', 'Items/', 'Interactions/', TRAIN] as const;
export const predecessorsResults = [BATCH] as const;
export const predecessorsPrefixes = [...predecessorsData, ...predecessorsResults] as const;

/** Where configuration files are looked for: these folders, and (empty) the root of the bucket. */
export const configurationFolders = [OWN_CONFIGURATION, TRAIN, ''] as const;

/** Where a dataset's files lie. */
export interface DataPlace {
  /** A folder, with a slash at its end. */
  readonly prefix: string;
  /** The one file that does instead, where the folder is empty. */
  readonly file?: string;
}

const folderOf = (key: string): string => key.slice(0, key.lastIndexOf('/') + 1);

/** Whether an object of this key is a configuration file: in its own folder, in the bucket's root, or under `train/`. */
export const isConfiguration = (key: string): boolean =>
  (key.startsWith(OWN_CONFIGURATION) && !key.endsWith('/')) ||
  (key.endsWith('.json') && (!key.includes('/') || key.startsWith(TRAIN)));

/** Where the data of a dataset lie: by where the file lies that describes it. */
export function dataPlace(configurationKey: string, datasetGroup: string, type: DatasetType): DataPlace {
  if (configurationKey.startsWith(TRAIN)) {
    const name = `${folderOf(configurationKey)}${sectionOf(type)}`;
    return { prefix: `${name}/`, file: `${name}.csv` };
  }
  if (isConfiguration(configurationKey) && !configurationKey.includes('/')) return { prefix: `${type}/` };
  return { prefix: `${OWN_DATA}${datasetGroup}/${type}/` };
}

/** What a batch job reads, one file or all of a folder, and the folder that it writes. */
export function batchPlace(
  configurationKey: string,
  { datasetGroup, solution, job }: Readonly<Record<'datasetGroup' | 'solution' | 'job', string>>,
): { readonly input: string; readonly output: string } {
  if (configurationKey.startsWith(TRAIN)) {
    const folder = `${BATCH}${datasetGroup}/${solution}/`;
    return { input: `${folder}job_config.json`, output: `${folder}${job}/` };
  }
  const folder = `personalize/batch/${datasetGroup}/${job}/`;
  return { input: `${folder}input/`, output: `${folder}output/` };
}

/** What the app itself keeps in the bucket, and what people have batch jobs read and write. */
const KEPT = /^(site|emotions|personalize\/(?!data\/)[^/]+)\//;

const types = datasetTypes.join('|');
const sections = datasetTypes.map(sectionOf).join('|');
const DATA = new RegExp(
  `^(${OWN_DATA}[^/]+/(${types})/|(Users|Items|Interactions)/|${TRAIN}[^/]+/(${sections})(/|\\.csv$))`,
);

const BATCH_INPUT = new RegExp(`^${BATCH}[^/]+/[^/]+/job_config\\.json$`);

/** Of a file that looks like a configuration or like data and that nobody reads where it lies: where it belongs. */
export function belongsElsewhere(key: string): string | undefined {
  if (KEPT.test(key) || isConfiguration(key) || BATCH_INPUT.test(key)) return undefined;
  if (key.endsWith('.json') && key.startsWith(BATCH))
    return `Batch jobs of a file under ${TRAIN} read ${BATCH}<dataset group>/<solution>/job_config.json.`;
  if (key.endsWith('.json')) return `Configuration files belong under ${OWN_CONFIGURATION}.`;
  if (!/\.csv$/i.test(key) || DATA.test(key)) return undefined;
  return `CSV files belong under ${OWN_DATA}<dataset group>/<type>/, where <type> is one of ${datasetTypes.join(', ')}, spelt so.`;
}
