// The files that somebody dropped or chose: each with the emotion of its folder if that is called like one, and why it cannot be sent.

import { isFileType, MOST_BYTES } from '../../../lambda/shared/contract/files';
import { type Emotion, isEmotion } from '../../emotions';

export interface ChosenFile {
  readonly file: File;
  /** Names of the folders that it came in, the outermost first. */
  readonly folders: readonly string[];
}

/** Why a file is not sent at all. */
export type Unfit = 'type' | 'heic' | 'size' | 'empty';

const TYPES: Readonly<Record<string, string>> = {
  ...{ jpg: 'image/jpeg', jpeg: 'image/jpeg', jfif: 'image/jpeg', png: 'image/png', webp: 'image/webp' },
  ...{ avif: 'image/avif', gif: 'image/gif', svg: 'image/svg+xml', heic: 'image/heic', heif: 'image/heif' },
};

/** What the browser says, or where it does not know the ending, the name. */
export function typeOf({ type, name }: Pick<File, 'type' | 'name'>): string {
  return type || (TYPES[name.split('.').at(-1)?.toLowerCase() ?? ''] ?? '');
}

export function unfitness(file: Pick<File, 'type' | 'name' | 'size'>): Unfit | undefined {
  const type = typeOf(file);
  if (/^image\/hei[cf]/.test(type)) return 'heic';
  if (!isFileType(type)) return 'type';
  if (file.size === 0) return 'empty';
  return file.size > MOST_BYTES ? 'size' : undefined;
}

/** The emotion that a folder names, the innermost first. */
export function emotionOfFolders(folders: readonly string[]): Emotion | undefined {
  return [...folders]
    .reverse()
    .map((folder) => folder.toLowerCase())
    .find(isEmotion);
}

/** Of an `<input type="file">`, which tells folders when one was chosen whole. */
export function filesOfInput({ files }: HTMLInputElement): ChosenFile[] {
  return [...(files ?? [])].map((file) => ({
    file,
    folders: file.webkitRelativePath.split('/').slice(0, -1),
  }));
}

/** Of what was dropped, folders within folders included. */
export async function filesOfDrop(data: DataTransfer): Promise<ChosenFile[]> {
  // The items are gone as soon as the event has been handled; files and entries are not.
  const dropped = [...data.items].map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }));
  const lists = await Promise.all(
    dropped.map(({ entry, file }) => {
      if (entry?.isDirectory) return filesOfEntry(entry, []);
      return file ? [{ file, folders: [] }] : [];
    }),
  );
  return lists.flat();
}

async function filesOfEntry(entry: FileSystemEntry, folders: readonly string[]): Promise<ChosenFile[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) =>
      (entry as FileSystemFileEntry).file(resolve, reject),
    );
    return [{ file, folders }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: ChosenFile[] = [];
  // A reading brings some of them, an empty one is the end.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return found;
    for (const each of some) found.push(...(await filesOfEntry(each, [...folders, entry.name])));
  }
}
