// data split: training and test files of a file of interactions.
import { basename, join } from 'node:path';
import { numberOption } from '../arguments';
import { type Command, UserError, type Values } from '../command';
import {
  assign,
  COLD_KINDS,
  type ColdKind,
  deal,
  METHODS,
  type Method,
  PARTS,
  readForSplit,
} from '../data/split';
import { writeTogether } from '../data/write';
import { langOption, languageOf, speaker } from '../language';
import { textTable } from '../table';

function methodOf({ by = 'last-share' }: Values): Method {
  const method = METHODS.find((one) => one === by);
  if (method) return method;
  throw new UserError(`--by must be ${METHODS.join(', ')}, got ${by}`, true);
}

function coldKindOf({ 'cold-by': by = 'chance' }: Values): ColdKind {
  const kind = COLD_KINDS.find((one) => one === by);
  if (kind) return kind;
  throw new UserError(`--cold-by must be ${COLD_KINDS.join(' or ')}, got ${by}`, true);
}

export const dataSplit: Command = {
  name: 'data split',
  summary: 'Splits a CSV file of interactions into one to train with and one to test with.',
  positionals: ['FILE'],
  options: {
    by: {
      type: 'string',
      value: 'M',
      description: 'last-share of each user (default), time for all, or leave-last-out',
    },
    share: { type: 'string', value: 'S', description: 'how much is held out, 0 to 1 (default 0.1)' },
    'cold-items': {
      type: 'string',
      value: 'S',
      description: 'share of items that are held out altogether, into a third file (default 0)',
    },
    'cold-by': {
      type: 'string',
      value: 'K',
      description: 'which items: by chance (default), or the newest, as a model would meet them',
    },
    seed: { type: 'string', value: 'N', description: 'chooses the cold items by chance (default 1)' },
    out: { type: 'string', value: 'DIR', description: 'folder of the files (default: the current one)' },
    overwrite: { type: 'boolean', description: 'replace files that are there already' },
    lang: langOption,
  },
  async run(values, [file = ''], rim) {
    const say = speaker(languageOf(values));
    const method = methodOf(values);
    const share = numberOption(values, 'share', { minimum: 0.001, maximum: 0.9, otherwise: 0.1 });
    const coldItems = numberOption(values, 'cold-items', { minimum: 0, maximum: 0.9, otherwise: 0 });
    const seed = numberOption(values, 'seed', { minimum: 0, maximum: 2 ** 31, otherwise: 1 });
    const coldKind = coldKindOf(values);
    const read = await readForSplit(file, rim);
    const parts = assign(read, { method, share, coldItems, coldKind, seed });
    const name = basename(file).replace(/\.csv$/i, '');
    const used = coldItems > 0 ? PARTS : PARTS.slice(0, 2);
    const paths = used.map((part) => join(String(values.out ?? '.'), `${name}.${part}.csv`));
    const counts = await writeTogether(paths, values.overwrite === true, (files) =>
      deal(file, parts, files, rim),
    );
    const json = paths.map((path, index) => ({ path, part: PARTS[index], rows: counts[index] ?? 0 }));
    const rows = json.map(({ path, rows: count }) => [path, count.toLocaleString('en')]);
    return { text: textTable([say('file', '파일'), say('rows', '행')], rows), json };
  },
};
