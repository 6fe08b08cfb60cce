// Where files for a dataset lie in the gallery bucket: the pipeline imports them when one is newer than the dataset's last import.
import type { DatasetType } from '../configuration/configuration';

/** Of all datasets of a group; ends with a slash. */
export const dataFolder = (datasetGroup: string): string => `personalize/data/${datasetGroup}/`;

/** Ends with a slash; the files lie directly under it. */
export const importPrefix = (datasetGroup: string, type: DatasetType): string =>
  `${dataFolder(datasetGroup)}${type}/`;
