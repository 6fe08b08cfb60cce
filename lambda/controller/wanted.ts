// What a dataset group shall have: the settings' declaration for the gallery's, and those of all files that speak of it.

import type { Configuration } from '../shared/configuration/configuration';
import { declarationOf } from '../shared/configuration/declare';
import { type Declaration, emptyDeclaration, merge, type QualityGate } from './declaration';
import type { FoundFile, ReadFile } from './files';
import { SETTINGS } from './gallery';
import { type GroupRow, isGroupName } from './group-row';
import type { Wanted } from './tick';

export interface Declared {
  readonly gallery: Declaration;
  readonly gate: QualityGate;
  readonly bucket: string;
  readonly serviceRoleArn: string;
  readonly listFiles: () => Promise<readonly FoundFile[]>;
  readonly readFile: (file: FoundFile) => Promise<ReadFile | undefined>;
}

export async function readFiles({ listFiles, readFile }: Declared): Promise<ReadFile[]> {
  const files = await listFiles();
  const read = await Promise.all(files.map((file) => readFile(file)));
  return read.filter((each) => each !== undefined);
}

/** The group that a file speaks of; the gallery's where it names none. */
export const groupOf = (configuration: Configuration, galleryGroup: string): string =>
  configuration.datasetGroup?.serviceConfig.name ?? galleryGroup;

/**
 * The groups that a file at fault speaks of: those that had read it, which keep all that they have. Where there is none, and beside the
 * gallery, the file's own name stands for a group, so that its fault is told as the file's.
 */
export function groupsOfFaulty(file: FoundFile, rows: readonly GroupRow[], galleryGroup: string): string[] {
  const before = rows
    .filter(({ sources }) => sources.some(({ name }) => name === file.key))
    .map(({ datasetGroup }) => datasetGroup.name);
  const isOfFiles = before.some((name) => isGroupName(name) && name !== galleryGroup);
  return [...new Set([...before, ...(isOfFiles ? [] : [file.key])])];
}

export async function wantedOf(declared: Declared, name: string, row: GroupRow): Promise<Wanted> {
  const { gallery, gate, bucket, serviceRoleArn } = declared;
  const galleryGroup = gallery.datasetGroup.name;
  const isGallery = name === galleryGroup;
  const files = await readFiles(declared);
  const own = files.flatMap((each) =>
    'configuration' in each && groupOf(each.configuration, galleryGroup) === name ? [each] : [],
  );
  const faulty = files.flatMap((each) =>
    'faults' in each &&
    (each.file.key === name || row.sources.some((source) => source.name === each.file.key))
      ? [each]
      : [],
  );
  const sources = [
    ...(isGallery ? [{ name: SETTINGS }] : []),
    ...[...own, ...faulty].map(({ file: { key, etag, uploadedAt } }) => ({ name: key, etag, uploadedAt })),
  ];
  if (faulty.length > 0 && !isGallery) {
    return {
      sources,
      refused: faulty.map(({ file, faults }) => ({
        ...{
          step: 'plan',
          source: file.key,
          code: 'ConfigurationRefused',
          reason: faults,
          differences: [],
        },
        advice: 'Correct the file and upload it again; until then all stays as it is.',
      })),
    };
  }
  // It stood for a file that was at fault.
  if (!isGroupName(name)) return { sources, refused: [] };
  const declarations = own.map(({ file, configuration }) =>
    declarationOf(configuration, {
      ...{ source: { name: file.key, declaredAt: file.uploadedAt }, bucket, serviceRoleArn, galleryGroup },
      gate: { ...gate, ...(isGallery && { baseline: `${galleryGroup}-popularity` }) },
    }),
  );
  const [first, ...more] = isGallery ? [gallery, ...declarations] : declarations;
  if (!first) return { sources, declaration: emptyDeclaration({ name }, galleryGroup) };
  return { sources, declaration: { ...merge(first, ...more), isIncomplete: faulty.length > 0 } };
}
