// Which files can become pictures of the gallery; pages check it before anything is sent. No validation code, so that pages can read it.

/** Types of files that the catalogue can look into, with the ending that their names get. */
export const ENDINGS = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'image/avif': 'avif',
  'image/gif': 'gif',
  'image/svg+xml': 'svg',
} as const;

export type FileType = keyof typeof ENDINGS;

export const FILE_TYPES = Object.keys(ENDINGS) as [FileType, ...FileType[]];

export function isFileType(type: string): type is FileType {
  return Object.hasOwn(ENDINGS, type);
}

/** What the catalogue reads into memory at all. Bytes. */
export const MOST_BYTES = 40 * 1024 * 1024;

/** Files in one question about uploads. */
export const MOST_FILES = 20;
