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
import { both } from '../text';

export function dataLoad(clients: Pick<Clients, 'personalize' | 's3' | 'cloudFormation'>): Command {
  return {
    name: 'data load',
    summary: both(
      'Makes a dataset group of CSV files: bucket, role, schemas, datasets, imports.',
      'CSV 파일로 데이터 세트 그룹을 만듭니다: 버킷, 역할, 스키마, 데이터 세트, 가져오기.',
    ),
    positionals: ['FILE …'],
    options: {
      'dataset-group': groupOption,
      schema: {
        type: 'string',
        value: 'FILES',
        description: both(
          'Avro schemas, separated by commas (default: suggested ones, as "data describe" shows)',
          'Avro 스키마, 쉼표로 구분 (기본값: "data describe"가 보여 주는 제안)',
        ),
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
          both(
            `${twice.file} is a second file of ${kindName(twice.kind)}: one of each is loaded`,
            `${twice.file}은(는) ${kindName(twice.kind)}의 두 번째 파일입니다. 종류마다 하나씩만 올립니다`,
          ),
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
