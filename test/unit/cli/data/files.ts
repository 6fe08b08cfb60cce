// A folder of files for one test file, and the commands on data run as a person runs them.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataConvert } from '../../../../cli/commands/data-convert';
import { dataDescribe } from '../../../../cli/commands/data-describe';
import { dataSplit } from '../../../../cli/commands/data-split';
import { run } from '../../../../cli/run';

export const folder = mkdtempSync(join(tmpdir(), 'data-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

export const at = (name: string): string => join(folder, name);
export const write = (name: string, content: string | Buffer): string => {
  writeFileSync(at(name), content);
  return at(name);
};
export const read = (path: string): string => readFileSync(at(path), 'utf8');
export const list = (path: string): string[] => readdirSync(at(path)).sort();

export async function data(...args: string[]) {
  const [printed, errors]: [string[], string[]] = [[], []];
  const exitCode = await run([dataDescribe, dataSplit, dataConvert], ['data', ...args], {
    now: () => 0,
    progress: () => undefined,
    print: (text) => printed.push(text),
    printError: (text) => errors.push(text),
  });
  return { exitCode, out: printed.join('\n'), errors: errors.join('\n') };
}

/** 30 users with 40 interactions each, one item new at the end. */
export const interactions = (): string =>
  [
    'USER_ID,ITEM_ID,TIMESTAMP,EVENT_TYPE',
    ...Array.from({ length: 1200 }, (_, i) => {
      const item = i === 1199 ? 'new' : `item-${(i * 7) % 50}`;
      return `user-${i % 30},${item},${1_700_000_000 + i * 60},${i % 5 === 0 ? 'buy' : 'view'}`;
    }),
  ].join('\n');
