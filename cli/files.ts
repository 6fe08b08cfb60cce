// Files of the person who calls a command: what is wrong with one is said in words.
import { readFile, stat, writeFile } from 'node:fs/promises';
import { UserError } from './command';
import { both, joined, type Text } from './text';

const FAULTS: Readonly<Record<string, Text>> = {
  ENOENT: both('there is no such file', '그런 파일이 없습니다'),
  EISDIR: both('it is a folder', '폴더입니다'),
  EACCES: both('this user may not', '이 사용자에게 권한이 없습니다'),
  EEXIST: both(
    'there is such a file already, and it is not overwritten: name another one',
    '이미 있는 파일이며 덮어쓰지 않습니다. 다른 이름을 적으세요',
  ),
};

const VERBS = { read: '읽을', write: '쓸' } as const;

function fault(verb: keyof typeof VERBS, file: string, error: NodeJS.ErrnoException): UserError {
  const what = both(`cannot ${verb} ${file}`, `${file}을(를) ${VERBS[verb]} 수 없습니다`);
  return new UserError(joined([what, FAULTS[error.code ?? ''] ?? error.message], ': '));
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
  throw new UserError(
    both(`cannot read ${file}: it is no file`, `${file}을(를) 읽을 수 없습니다: 파일이 아닙니다`),
  );
}

/** @throws UserError when there is such a file already: nothing is overwritten */
export async function writeNew(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { flag: 'wx' });
  } catch (error) {
    throw fault('write', file, error as NodeJS.ErrnoException);
  }
}
