// data sample: a small data set to learn with.
import { join } from 'node:path';
import { numberOption } from '../arguments';
import type { Command } from '../command';
import { makeSample } from '../data/sample';
import { outOption, overwriteOption, writeTogether } from '../data/write';
import { langOption, languageOf, speaker } from '../language';
import { textTable } from '../table';
import { both } from '../text';

const NAMES = ['interactions', 'items', 'users'] as const;

export const dataSample: Command = {
  name: 'data sample',
  summary: both(
    'Makes a small data set of films and their viewers to learn with, by a seed.',
    '배우는 데 쓸 작은 영화와 관객 데이터를 시드로 만듭니다.',
  ),
  options: {
    out: outOption,
    seed: {
      type: 'string',
      value: 'N',
      description: both(
        'another data set for another number (default 1)',
        '숫자가 다르면 다른 데이터 (기본값 1)',
      ),
    },
    overwrite: overwriteOption,
    lang: langOption,
  },
  async run(values) {
    const say = speaker(languageOf(values));
    const sample = makeSample(numberOption(values, 'seed', { minimum: 0, maximum: 2 ** 31, otherwise: 1 }));
    const paths = NAMES.map((name) => join(String(values.out ?? '.'), `${name}.csv`));
    await writeTogether(paths, values.overwrite === true, async (files) => {
      for (const [index, name] of NAMES.entries()) files[index]?.add(sample[name]);
    });
    const json = paths.map((path, index) => ({
      path,
      rows: sample[NAMES[index] ?? 'users'].trim().split('\n').length - 1,
    }));
    const rows = json.map(({ path, rows: count }) => [path, count.toLocaleString('en')]);
    return { text: textTable([say('file', '파일'), say('rows', '행')], rows), json };
  },
};
