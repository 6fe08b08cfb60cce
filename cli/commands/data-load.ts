// data load: a dataset group of one's own, of files, with a bucket and a role of its own.
import type { Clients } from '../clients';
import { type Command, UserError } from '../command';
import { describeFiles, isRight } from '../data/describe';
import { describeText } from '../data/describe-text';
import { givenSchemas } from '../data/given-schemas';
import { kindName } from '../data/kinds';
import { groupName, groupOption } from '../groups/group';
import { ensureGroup, type Loaded, loadFile } from '../groups/load';
import { makePlace } from '../groups/place';
import { langOption, languageOf, speaker } from '../language';
import { textTable } from '../table';

export function dataLoad(clients: Pick<Clients, 'personalize' | 's3' | 'cloudFormation'>): Command {
  return {
    name: 'data load',
    summary: 'Makes a dataset group of CSV files: bucket, role, schemas, datasets, imports.',
    positionals: ['FILE …'],
    options: {
      'dataset-group': groupOption,
      schema: {
        type: 'string',
        value: 'FILES',
        description: 'Avro schemas, separated by commas (default: suggested ones, as "data describe" shows)',
      },
      lang: langOption,
    },
    async run(values, files, rim) {
      const name = groupName(values);
      const language = languageOf(values);
      const say = speaker(language);
      const described = await describeFiles(
        files,
        await givenSchemas(values.schema as string | undefined),
        rim,
      );
      if (!described.every(isRight)) {
        throw new UserError(
          `${describeText(
            described.filter((each) => !isRight(each)),
            language,
          )}\n\nNothing was made.`,
        );
      }
      const twice = described.find(
        ({ kind }, index) => described.findIndex((one) => one.kind === kind) < index,
      );
      if (twice)
        throw new UserError(
          `${twice.file} is a second file of ${kindName(twice.kind)}: one of each is loaded`,
        );
      const place = await makePlace(clients, name, rim);
      const group = await ensureGroup(clients, name, rim);
      const loaded: Loaded[] = [];
      for (const description of described) {
        loaded.push(await loadFile(clients, group, place, description, rim));
      }
      const rows = loaded.map(({ dataset, file, rows: count }) => [
        dataset,
        file,
        count.toLocaleString('en'),
      ]);
      const table = textTable([say('dataset', '데이터 세트'), say('file', '파일'), say('rows', '행')], rows);
      return {
        text: `${table}\n\n${group.arn}`,
        json: { datasetGroupArn: group.arn, ...place, datasets: loaded },
      };
    },
  };
}
