// data convert: the files that people have, as the CSV files and schemas that Amazon Personalize takes.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Command, UserError } from '../command';
import { convertMovielens, movielensIn } from '../data/convert/movielens';
import { chosenColumns } from '../data/convert/names';
import { convertRecords } from '../data/convert/records';
import { fileNames, type Table } from '../data/convert/tables';
import type { Kind } from '../data/kinds';
import { type OutputFile, writeTogether } from '../data/write';
import { langOption, languageOf, speaker } from '../language';
import { textTable } from '../table';

export const dataConvert: Command = {
  name: 'data convert',
  summary: 'Makes CSV files and schemas of MovieLens, ratings, JSON lines or event logs.',
  positionals: ['SOURCE'],
  options: {
    columns: {
      type: 'string',
      value: 'C',
      description: 'user=A,item=B,time=C,type=D,value=E (default: by their names)',
    },
    out: { type: 'string', value: 'DIR', description: 'folder of the files (default: the current one)' },
    overwrite: { type: 'boolean', description: 'replace files that are there already' },
    lang: langOption,
  },
  async run(values, [source = ''], rim) {
    const say = speaker(languageOf(values));
    const chosen = chosenColumns(values.columns as string | undefined);
    const sources = (await isFolder(source)) ? movielensIn(source) : undefined;
    if ((await isFolder(source)) && !sources) {
      throw new UserError(
        `${source} is no folder of MovieLens (u.data, ratings.dat or ratings.csv): of other data name the file`,
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
