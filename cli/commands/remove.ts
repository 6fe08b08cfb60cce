// remove: takes a configuration file out of the bucket. What was made for it goes, wherever it lies; what it only adopted stays. Or a
// dataset group that was made by hand, with everything in it.
import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import type { Clients } from '../clients';
import { type Command, UserError } from '../command';
import { DEPLOYMENT_OPTIONS } from '../deployment';
import { removeGroup } from '../groups/remove';
import { langOption } from '../language';
import { planText } from '../plan-text';
import { Outlook, type PlanningClients } from '../planned';
import { readTarget } from '../target';
import { both } from '../text';
import { environmentOption, keyOf } from './plan';

export function remove(clients: PlanningClients & Pick<Clients, 's3' | 'cloudFormation'>): Command {
  return {
    name: 'remove',
    summary: both(
      'Removes a configuration file and what was made for it, or a hand-made dataset group.',
      '구성 파일과 그것으로 만든 것, 또는 손으로 만든 데이터 세트 그룹을 지웁니다.',
    ),
    options: {
      ...DEPLOYMENT_OPTIONS,
      config: {
        type: 'string',
        value: 'F',
        description: both(
          'the file, by its name or by its key in the bucket',
          '파일, 이름 또는 버킷 안의 키',
        ),
      },
      'dataset-group': {
        type: 'string',
        value: 'G',
        description: both(
          'instead of a file: a dataset group that was made by hand, or by "data load"',
          '파일 대신: 손으로 또는 "data load"로 만든 데이터 세트 그룹',
        ),
      },
      'dry-run': {
        type: 'boolean',
        description: both('print what would go, and touch nothing', '지울 것을 출력만 하고 건드리지 않음'),
      },
      environment: environmentOption,
      lang: langOption,
    },
    async run(values, _, rim) {
      if ((values.config === undefined) === (values['dataset-group'] === undefined)) {
        throw new UserError(
          both(
            'either --config or --dataset-group says what is to be removed',
            '지울 것을 --config나 --dataset-group 가운데 하나로 정하세요',
          ),
          true,
        );
      }
      if (values['dataset-group'] !== undefined) return removeGroup(clients, values, rim);
      const target = await readTarget(clients, values);
      const environment = values.environment as string | undefined;
      const named = String(values.config);
      const before = new Outlook(clients, target, environment, rim.now());
      const files = await before.files();
      const key = [named, keyOf(named)].find((candidate) => files.some((file) => file.key === candidate));
      if (key === undefined) {
        const known = files.map((file) => file.key).join(', ') || 'none';
        throw new UserError(
          `there is no configuration file ${named} in ${target.bucket}; there are: ${known}`,
        );
      }
      const groups = await groupsOf(before, key);
      const outlook = new Outlook(clients, target, environment, rim.now(), { remove: key });
      const planned = [];
      for (const group of groups) planned.push(await outlook.of(group));
      const text = planned.map((each) => planText(each.datasetGroup, each.plan)).join('\n\n');
      const json = planned.map(({ datasetGroup, plan }) => ({ datasetGroup, ...plan }));
      if (values['dry-run']) return { text: `${text}\n\nNothing was touched.`, json };
      await clients.s3.send(new DeleteObjectCommand({ Bucket: target.bucket, Key: key }));
      return { text: `${text}\n\nRemoved ${key}; the controller takes down the rest ("status").`, json };
    },
  };
}

/** The groups that the file declares something for. */
async function groupsOf(outlook: Outlook, key: string): Promise<string[]> {
  const found: string[] = [];
  for (const group of await outlook.groups()) {
    const { declaration } = await outlook.of(group);
    if (declaration.sources.some(({ name }) => name === key)) found.push(group);
  }
  return found;
}
