// Starts a run wherever something is due and nothing runs: after a time that a row names, for files that came, changed or went, for likes
// that are enough now. Nothing here relies on an event, so none can be lost.
import { belongsElsewhere, dataPlace } from '../shared/configuration/places';
import { dataFolder } from '../shared/pipeline/import-prefix';
import { datasetTypes } from './declaration';
import type { Executions } from './executions';
import type { FoundFile } from './files';
import { SETTINGS } from './gallery';
import { type GroupRow, isGone, likesAwaited } from './group-row';
import { type Declared, groupOf, groupsOfFaulty, readFiles } from './wanted';

export interface SweepPorts {
  readonly galleryGroup: string;
  readonly arnBase: string;
  readonly declared: Declared;
  readonly rows: readonly GroupRow[];
  readonly runs: Executions;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The file that came or went, where it was called for that. */
  readonly fileKey?: string;
  readonly hasCome?: boolean;
  /** Tells people of a file that nobody reads where it lies. */
  readonly tellMisplaced: (key: string, where: string) => Promise<void>;
  /** Whether the totals say that there are likes enough for a first training. */
  readonly isEnough: () => Promise<boolean>;
}

interface Due {
  readonly datasetGroup: string;
  readonly reason: string;
  readonly configurationKey?: string;
}

export async function sweepGroups(ports: SweepPorts): Promise<{ readonly started: readonly string[] }> {
  const { fileKey, hasCome, tellMisplaced } = ports;
  const where = fileKey !== undefined && hasCome ? belongsElsewhere(fileKey) : undefined;
  if (fileKey !== undefined && where !== undefined) await tellMisplaced(fileKey, where);
  const started: string[] = [];
  for (const due of await dueGroups(ports)) {
    const row = ports.rows.find(({ datasetGroup }) => datasetGroup.name === due.datasetGroup);
    if (row?.execution && (await ports.runs.isRunning(row.execution))) continue;
    started.push(await ports.runs.start(due));
  }
  return { started };
}

/** By key, all files that speak of a group. */
type FilesOfGroups = ReadonlyMap<string, ReadonlyMap<string, FoundFile>>;

async function filesOfGroups({ declared, galleryGroup, rows }: SweepPorts): Promise<FilesOfGroups> {
  const groups = new Map<string, Map<string, FoundFile>>();
  for (const read of await readFiles(declared)) {
    const { file } = read;
    const names =
      'configuration' in read
        ? [groupOf(read.configuration, galleryGroup)]
        : groupsOfFaulty(file, rows, galleryGroup);
    for (const name of names) groups.set(name, (groups.get(name) ?? new Map()).set(file.key, file));
  }
  return groups;
}

export async function dueGroups(ports: SweepPorts): Promise<Due[]> {
  const { galleryGroup, rows } = ports;
  const files = await filesOfGroups(ports);
  const names = new Set([
    galleryGroup,
    ...files.keys(),
    ...rows.map(({ datasetGroup }) => datasetGroup.name),
  ]);
  const due = await Promise.all(
    [...names].map(async (datasetGroup) => {
      const row = rows.find((each) => each.datasetGroup.name === datasetGroup);
      const own = files.get(datasetGroup) ?? new Map();
      const changed = changedFile(row, own);
      if (changed !== undefined)
        return [{ datasetGroup, reason: 'configuration', configurationKey: changed }];
      const isData = isDataOf(datasetGroup, [...own.keys()], ports.fileKey);
      const reason = isData ? 'data' : await reasonOf(ports, row);
      return reason === undefined ? [] : [{ datasetGroup, reason }];
    }),
  );
  return due.flat();
}

/** The key of a file that came, changed or went since the row was written. */
function changedFile(row: GroupRow | undefined, files: ReadonlyMap<string, FoundFile>): string | undefined {
  const before = new Map(
    (row?.sources ?? []).flatMap((source) => (source.name === SETTINGS ? [] : [[source.name, source]])),
  );
  for (const [key, { etag, uploadedAt }] of files) {
    const read = before.get(key);
    // The same content again asks again, too.
    if (read?.etag !== etag || (read.uploadedAt ?? uploadedAt) !== uploadedAt) return key;
  }
  return [...before.keys()].find((key) => !files.has(key));
}

/** Without the event, new data are found by the look of the hour. */
function isDataOf(
  datasetGroup: string,
  configurationKeys: readonly string[],
  key: string | undefined,
): boolean {
  if (key === undefined) return false;
  const places = configurationKeys.flatMap((configuration) =>
    datasetTypes.map((type) => dataPlace(configuration, datasetGroup, type)),
  );
  return (
    key.startsWith(dataFolder(datasetGroup)) ||
    places.some(({ prefix, file }) => key.startsWith(prefix) || key === file)
  );
}

async function reasonOf(
  { now, isEnough }: SweepPorts,
  row: GroupRow | undefined,
): Promise<string | undefined> {
  if (!row) return (await isEnough()) ? 'minimum-reached' : 'deployment';
  if (isGone(row)) return undefined;
  if (row.trainingAskedAt && row.trainingAskedAt > row.observedAt) return 'operator';
  if (likesAwaited(row).length > 0 && (await isEnough())) return 'minimum-reached';
  if (Date.parse(row.lookAt) > now) return undefined;
  return row.next && Date.parse(row.next.at) <= now ? 'schedule' : 'look';
}
