// The passes of the datasets' custom resource, against the service that runs on localhost.
import { createHash } from 'node:crypto';
import {
  CreateDatasetCommand,
  CreateDatasetGroupCommand,
  CreateSchemaCommand,
  DescribeDatasetCommand,
  DescribeDatasetGroupCommand,
  ListDatasetsCommand,
  ListSchemasCommand,
  type PersonalizeClient,
} from '@aws-sdk/client-personalize';
import { PutItemsCommand } from '@aws-sdk/client-personalize-events';
import {
  datasetArnOf,
  lastUpdate,
  remove,
  settle,
  type WantedDataset,
} from '../../../lambda/dataset/dataset';
import { type Harness, startHarness } from '../../../packages/personalize-local/test/local/harness';

type Type = WantedDataset['datasetType'];

const COLUMNS: Record<Type, readonly unknown[]> = {
  Items: [
    { name: 'ITEM_ID', type: 'string' },
    { name: 'EMOTION', type: 'string', categorical: true },
  ],
  Users: [
    { name: 'USER_ID', type: 'string' },
    { name: 'EMOTION', type: ['string', 'null'], categorical: true },
  ],
  Interactions: [
    { name: 'USER_ID', type: 'string' },
    { name: 'ITEM_ID', type: 'string' },
    { name: 'TIMESTAMP', type: 'long' },
    { name: 'EVENT_TYPE', type: 'string' },
  ],
};
const ARTIST = { name: 'ARTIST', type: ['string', 'null'] };

let h: Harness;
let datasetGroupArn = '';

beforeEach(async () => {
  h = await startHarness();
  const made = await h.control.send(new CreateDatasetGroupCommand({ name: 'gallery' }));
  datasetGroupArn = made.datasetGroupArn ?? '';
  await h.until(async () => {
    const { datasetGroup } = await h.control.send(new DescribeDatasetGroupCommand({ datasetGroupArn }));
    return datasetGroup?.status === 'ACTIVE';
  });
});
afterEach(() => h.stop());

function wanted(datasetType: Type, ...more: unknown[]): WantedDataset {
  const datasetName = `gallery-${datasetType.toLowerCase()}`;
  const schema = JSON.stringify({
    type: 'record',
    name: datasetType,
    namespace: 'com.amazonaws.personalize.schema',
    fields: [...COLUMNS[datasetType], ...more],
    version: '1.0',
  });
  const schemaName = `${datasetName}-${createHash('sha256').update(schema).digest('hex').slice(0, 8)}`;
  return { datasetGroupArn, datasetName, datasetType, schemaName, schema };
}

/** As the provider framework does. */
async function settled(dataset: WantedDataset): Promise<void> {
  const before = await lastUpdate(h.control, dataset);
  await h.until(() => settle(h.control, dataset, before), 'the end of the change');
}

const removed = (dataset: WantedDataset) =>
  h.until(() => remove(h.control, dataset), 'the end of the deletion');

async function schemaNames(): Promise<(string | undefined)[]> {
  const { schemas = [] } = await h.control.send(new ListSchemasCommand({}));
  return schemas.map(({ name }) => name);
}

async function schemaNameOf(dataset: WantedDataset): Promise<string | undefined> {
  const answer = await h.control.send(new DescribeDatasetCommand({ datasetArn: datasetArnOf(dataset) }));
  return answer.dataset?.schemaArn?.split('/')[1];
}

const put = (dataset: WantedDataset, itemId: string, properties: object) =>
  h.events.send(
    new PutItemsCommand({
      datasetArn: datasetArnOf(dataset),
      items: [{ itemId, properties: JSON.stringify(properties) }],
    }),
  );

test.each<Type>(['Interactions', 'Items', 'Users'])(
  'a dataset of %s is made with its schema, and deleted with it',
  async (type) => {
    const dataset = wanted(type);
    await settled(dataset);
    expect(await schemaNameOf(dataset)).toBe(dataset.schemaName);
    expect(await schemaNames()).toEqual([dataset.schemaName]);
    await removed(dataset);
    const { datasets } = await h.control.send(new ListDatasetsCommand({ datasetGroupArn }));
    expect(datasets).toEqual([]);
    expect(await schemaNames()).toEqual([]);
  },
);

test.each<Type>(['Items', 'Users'])(
  'a dataset of %s gets a further column, and the old schema goes',
  async (type) => {
    await settled(wanted(type));
    const wider = wanted(type, ARTIST);
    await settled(wider);
    expect(await schemaNameOf(wider)).toBe(wider.schemaName);
    expect(await schemaNames()).toEqual([wider.schemaName]);
  },
);

test('what the dataset holds stays, and the new column can be filled', async () => {
  const dataset = wanted('Items');
  await settled(dataset);
  await put(dataset, 'one', { emotion: 'calm' });
  const wider = wanted('Items', ARTIST);
  await expect(put(dataset, 'two', { emotion: 'sad', artist: 'Ada' })).rejects.toThrow();
  await settled(wider);
  await put(wider, 'two', { emotion: 'sad', artist: 'Ada' });
});

test('going back leaves the column in place, and forward again is the same as before', async () => {
  const dataset = wanted('Items');
  const wider = wanted('Items', ARTIST);
  for (const next of [dataset, wider, dataset, wider]) await settled(next);
  await settled(dataset);
  expect(await schemaNames()).toEqual([wider.schemaName]);
  await put(dataset, 'one', { emotion: 'calm' });
  const widest = wanted('Items', ARTIST, { name: 'YEAR', type: ['null', 'int'] });
  await settled(widest);
  expect(await schemaNames()).toEqual([widest.schemaName]);
  await removed(dataset);
  expect(await schemaNames()).toEqual([]);
});

test('interactions keep their schema: a change is refused, and the way back is open', async () => {
  const dataset = wanted('Interactions');
  await settled(dataset);
  await expect(
    settled(wanted('Interactions', { name: 'EVENT_VALUE', type: ['float', 'null'] })),
  ).rejects.toThrow(/dataset\/gallery\/INTERACTIONS cannot change.*Change a schema/);
  await settled(dataset);
  expect(await schemaNames()).toEqual([dataset.schemaName]);
});

test.each([
  ['a column that needs a value', [{ name: 'YEAR', type: 'int' }], /YEAR must accept null/],
  ['another type of a column', [{ ...ARTIST, type: ['int', 'null'] }], /ARTIST must keep its type/],
])('%s is refused with the reason of the service, and leaves no schema', async (_name, more, reason) => {
  const dataset = wanted('Items', ARTIST);
  await settled(dataset);
  const first = more[0]?.name === 'ARTIST' ? more : [ARTIST, ...more];
  await expect(settled(wanted('Items', ...first))).rejects.toThrow(reason);
  await settled(dataset);
  expect(await schemaNames()).toEqual([dataset.schemaName]);
});

/** The service, with a dataset whose last update failed in the background. */
function withFailedUpdate(creationDateTime: Date): PersonalizeClient {
  const failed = { status: 'CREATE FAILED', failureReason: 'it broke', creationDateTime };
  const send = async (command: Parameters<PersonalizeClient['send']>[0]) => {
    const answer = await h.control.send(command);
    return 'dataset' in answer
      ? { ...answer, dataset: { ...(answer.dataset as object), latestDatasetUpdate: failed } }
      : answer;
  };
  return { send } as unknown as PersonalizeClient;
}

test('an update that fails in the background is reported, and tried again by the next deployment', async () => {
  await settled(wanted('Items'));
  const wider = wanted('Items', ARTIST);
  const failing = withFailedUpdate(new Date('2026-01-01T00:00:00Z'));
  await expect(settle(failing, wider, '')).rejects.toThrow('ITEMS did not take its new schema: it broke');
  const before = await lastUpdate(failing, wider);
  expect(await settle(failing, wider, before)).toBe(false);
  await h.until(() => settle(h.control, wider, before));
  expect(await schemaNameOf(wider)).toBe(wider.schemaName);
});

test("somebody else's dataset in the group is neither taken nor deleted", async () => {
  const dataset = wanted('Items');
  const { schemaArn } = await h.control.send(
    new CreateSchemaCommand({ name: 'by-hand', schema: dataset.schema }),
  );
  await h.control.send(
    new CreateDatasetCommand({ name: 'by-hand', datasetType: 'Items', datasetGroupArn, schemaArn }),
  );
  await expect(settled(dataset)).rejects.toThrow(/has a dataset of type Items already, by-hand/);
  await removed(dataset);
  expect(await schemaNameOf(dataset)).toBe('by-hand');
});

test('a deletion at any moment of a creation or a change leaves nothing', async () => {
  const dataset = wanted('Items');
  for (const passes of [0, 1, 2]) {
    for (let pass = 0; pass < passes; pass += 1) await settle(h.control, dataset, '');
    await removed(dataset);
    expect(await schemaNames()).toEqual([]);
  }
  await settled(dataset);
  await settle(h.control, wanted('Items', ARTIST), '');
  await removed(dataset);
  expect(await schemaNames()).toEqual([]);
});
