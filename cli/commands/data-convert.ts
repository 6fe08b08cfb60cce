// data convert: the files that people have, as the CSV files and schemas that Amazon Personalize takes.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Command, UserError } from '../command';
import { convertMovielens, movielensIn } from '../data/convert/movielens';
import { chosenColumns } from '../data/convert/names';
import { convertRecords } from '../data/convert/records';
import { fileNames, type Table } from '../data/convert/tables';
import type { Kind } from '../data/kinds';
import { type OutputFile, outOption, overwriteOption, writeTogether } from '../data/write';
import { langOption, languageOf, speaker } from '../language';
import { textTable } from '../table';
import { both } from '../text';

export const dataConvert: Command = {
  name: 'data convert',
  summary: both(
    'Makes CSV files and schemas of MovieLens, ratings, JSON lines or event logs.',
    'MovieLens, 평점, JSON Lines, 이벤트 로그를 CSV 파일과 스키마로 만듭니다.',
  ),
  positionals: ['SOURCE'],
  options: {
    columns: {
      type: 'string',
      value: 'C',
      description: both(
        'user=A,item=B,time=C,type=D,value=E (default: by their names)',
        'user=A,item=B,time=C,type=D,value=E (기본값: 열 이름으로 판단)',
      ),
    },
    out: outOption,
    overwrite: overwriteOption,
    lang: langOption,
  },
  async run(values, [source = ''], rim) {
    const say = speaker(languageOf(values));
    const chosen = chosenColumns(values.columns as string | undefined);
    const sources = (await isFolder(source)) ? movielensIn(source) : undefined;
    if ((await isFolder(source)) && !sources) {
      throw new UserError(
        both(
          `${source} is no folder of MovieLens (u.data, ratings.dat or ratings.csv): of other data name the file`,
          `${source}은(는) MovieLens 폴더가 아닙니다(u.data, ratings.dat, ratings.csv 가운데 하나가 있어야 합니다). 다른 데이터는 파일을 적으세요`,
        ),
      );
    }
    const kinds: readonly Kind[] = sources?.map(({ kind }) => kind) ?? ['INTERACTIONS'];
    const names = kinds.flatMap((kind) => fileNames(kind));
    const paths = names.map((name) => join(String(values.out ?? '.'), name));
    const tables = await writeTogether(paths, values.overwrite === true, async (files) => {
      const tableFiles = files.filter((_, index) => index % 2 === 0);
      const made: readonly Table[] = sources
        ? await convertMovielens(source, sources, tableFiles, rim)
        : [await convertRecords(source, chosen, tableFiles[0] as OutputFile, rim)];
      for (const [index, { schema }] of made.entries()) {
        files[index * 2 + 1]?.add(`${JSON.stringify(schema, null, 2)}\n`);
      }
      return made;
    });
    const json = tables.map(({ rows }, index) => ({
      path: paths[index * 2],
      schema: paths[index * 2 + 1],
      rows,
    }));
    const rows = json.map(({ path = '', schema = '', rows: count }) => [
      path,
      count.toLocaleString('en'),
      schema,
    ]);
    return { text: textTable([say('file', '파일'), say('rows', '행'), say('schema', '스키마')], rows), json };
  },
};

/** Of what is not there the reading says so. */
const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
