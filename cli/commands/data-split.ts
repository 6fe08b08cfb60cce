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
import { outOption, overwriteOption, writeTogether } from '../data/write';
import { langOption, languageOf, speaker } from '../language';
import { textTable } from '../table';
import { both } from '../text';

function methodOf({ by = 'last-share' }: Values): Method {
  const method = METHODS.find((one) => one === by);
  if (method) return method;
  throw new UserError(
    both(
      `--by must be ${METHODS.join(', ')}, got ${by}`,
      `--by에는 ${METHODS.join(', ')} 가운데 하나가 필요합니다. 받은 값: ${by}`,
    ),
    true,
  );
}

function coldKindOf({ 'cold-by': by = 'chance' }: Values): ColdKind {
  const kind = COLD_KINDS.find((one) => one === by);
  if (kind) return kind;
  throw new UserError(
    both(
      `--cold-by must be ${COLD_KINDS.join(' or ')}, got ${by}`,
      `--cold-by에는 ${COLD_KINDS.join(' 또는 ')}가 필요합니다. 받은 값: ${by}`,
    ),
    true,
  );
}

export const dataSplit: Command = {
  name: 'data split',
  summary: both(
    'Splits a CSV file of interactions into one to train with and one to test with.',
    '상호작용 CSV 파일을 훈련용과 테스트용으로 나눕니다.',
  ),
  positionals: ['FILE'],
  options: {
    by: {
      type: 'string',
      value: 'M',
      description: both(
        'last-share of each user (default), time for all, or leave-last-out',
        '사용자마다 마지막 일부 last-share (기본값), 모두 같은 시각 time, 마지막 하나 leave-last-out',
      ),
    },
    share: {
      type: 'string',
      value: 'S',
      description: both('how much is held out, 0 to 1 (default 0.1)', '떼어 둘 비율, 0부터 1 (기본값 0.1)'),
    },
    'cold-items': {
      type: 'string',
      value: 'S',
      description: both(
        'share of items that are held out altogether, into a third file (default 0)',
        '통째로 떼어 세 번째 파일에 둘 항목의 비율 (기본값 0)',
      ),
    },
    'cold-by': {
      type: 'string',
      value: 'K',
      description: both(
        'which items: by chance (default), or the newest, as a model would meet them',
        '어떤 항목인지: 무작위 chance (기본값), 또는 실제로 만나게 될 가장 새로운 항목 newest',
      ),
    },
    seed: {
      type: 'string',
      value: 'N',
      description: both(
        'chooses the cold items by chance (default 1)',
        '콜드 항목을 무작위로 고르는 시드 (기본값 1)',
      ),
    },
    out: outOption,
    overwrite: overwriteOption,
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
