// Files of the person who calls a command: what is wrong with one is said in words.
import { readFile, stat, writeFile } from 'node:fs/promises';
import { UserError } from './command';

const FAULTS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'this user may not',
  EEXIST: 'there is such a file already, and it is not overwritten: name another one',
};

function fault(verb: string, file: string, error: NodeJS.ErrnoException): UserError {
  return new UserError(`cannot ${verb} ${file}: ${FAULTS[error.code ?? ''] ?? error.message}`);
}

/** @throws UserError */
export async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw fault('read', file, error as NodeJS.ErrnoException);
  }
}

/** In bytes. @throws UserError when there is no such file, or when it is none */
export async function sizeOf(file: string): Promise<number> {
  try {
    const found = await stat(file);
    if (found.isFile()) return found.size;
  } catch (error) {
    throw fault('read', file, error as NodeJS.ErrnoException);
  }
  throw new UserError(`cannot read ${file}: it is no file`);
}

/** @throws UserError when there is such a file already: nothing is overwritten */
export async function writeNew(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { flag: 'wx' });
  } catch (error) {
    throw fault('write', file, error as NodeJS.ErrnoException);
  }
}
