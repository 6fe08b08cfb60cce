// The order in which a dataset group is taken down: what blocks another deletion goes first, and a pass never runs ahead.
import type { PersonalizeClient } from '@aws-sdk/client-personalize';
import { pass } from '../../../../lambda/teardown/teardown';

const GROUP = 'arn:aws:personalize:eu-west-1:111122223333:dataset-group/gallery';

const SCHEMA = 'arn:aws:personalize:eu-west-1:111122223333:schema/of-the-file';

type Rows = Record<string, string[]>;

/** A client over lists of ARNs, each gone as soon as its deletion is asked for; the deletions in their order. */
function clientOver(rows: Rows) {
  const deleted: string[] = [];
  const tags: { tagKey: string; tagValue: string }[] = [];
  const send = async (command: {
    readonly constructor: { readonly name: string };
    readonly input: object;
  }) => {
    const operation = command.constructor.name.replace(/Command$/, '');
    if (operation === 'ListTagsForResource') return { tags };
    if (operation === 'TagResource') {
      tags.push(...(command.input as { tags: typeof tags }).tags);
      return {};
    }
    const listed = /^List(\w+)$/.exec(operation)?.[1];
    if (listed) {
      const member = listed.charAt(0).toLowerCase() + listed.slice(1);
      const arnMember = `${member.slice(0, -1)}Arn`;
      // The API spells this one list with a capital letter.
      const spelt = member === 'filters' ? 'Filters' : member;
      return { [spelt]: (rows[member] ?? []).map((arn) => ({ [arnMember]: arn, status: 'ACTIVE' })) };
    }
    if (operation === 'DescribeDatasetGroup')
      return { datasetGroup: { datasetGroupArn: GROUP, status: 'ACTIVE' } };
    if (operation === 'DescribeDataset')
      return { dataset: { schemaArn: SCHEMA, datasetType: 'INTERACTIONS' } };
    const [arn] = Object.values(command.input) as string[];
    deleted.push(`${operation.replace('Delete', '')} ${arn}`);
    for (const list of Object.values(rows)) {
      const at = list.indexOf(arn ?? '');
      if (at >= 0) list.splice(at, 1);
    }
    return {};
  };
  // The paginators ask for the class; what they call is `send`.
  const { PersonalizeClient: Client } = jest.requireActual('@aws-sdk/client-personalize');
  const client: PersonalizeClient = new Client({ region: 'eu-west-1' });
  client.send = send as never;
  return { client, deleted };
}

const world = (): Rows => ({
  solutions: ['solution/personal'],
  campaigns: ['campaign/personal'],
  solutionVersions: [],
  recommenders: [],
  eventTrackers: ['event-tracker/t'],
  filters: ['filter/not-liked'],
  metricAttributions: [],
  datasetImportJobs: [],
  datasets: ['dataset/interactions'],
});

test('campaigns go before solutions, trackers and filters before datasets, their schemas after them, and the group last', async () => {
  const { client, deleted } = clientOver(world());
  for (let passes = 0; passes < 6; passes += 1) await pass(client, GROUP, 'everything');
  expect(deleted.slice(0, 7)).toEqual([
    'Campaign campaign/personal',
    'Solution solution/personal',
    'EventTracker event-tracker/t',
    'Filter filter/not-liked',
    'Dataset dataset/interactions',
    `Schema ${SCHEMA}`,
    `DatasetGroup ${GROUP}`,
  ]);
});

test('what is trained goes without the group and its data, when only that was asked for', async () => {
  const { client, deleted } = clientOver(world());
  for (let passes = 0; passes < 6; passes += 1) await pass(client, GROUP, 'trained');
  expect(deleted).toEqual(['Campaign campaign/personal', 'Solution solution/personal']);
});

test('a solution waits for its campaign: nothing of a later step is asked for in the same pass', async () => {
  const { client, deleted } = clientOver(world());
  await pass(client, GROUP, 'everything');
  expect(deleted).toEqual(['Campaign campaign/personal']);
});
