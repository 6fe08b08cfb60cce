// npm run gallery -- pictures: what is shown, and what is not and why.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { pictures } from '../../../cli/commands/pictures';

const ROWS = [
  { itemId: 'emotions/calm/1.jpg', emotion: 'calm', listed: 'calm' },
  { itemId: 'emotions/calm/2.jpg', emotion: 'calm', listed: 'calm' },
  { itemId: 'emotions/sad/gone.jpg', emotion: 'sad', removedAt: '2026-05-01T00:00:00Z' },
  {
    itemId: 'emotions/sad/행복.heic',
    objectKey: 'emotions/sad/행복.heic',
    refused: 'HEIC cannot be read here',
  },
];

const cloudFormation = {
  send: (async () => ({
    Stacks: [{ Outputs: [{ OutputKey: 'ItemsTableName', OutputValue: 'items' }] }],
  })) as never,
};

const run = (rows: readonly object[]) => {
  const dynamodb = { send: async () => ({ Items: rows.map((row) => marshall(row)) }) };
  const clients = { cloudFormation, dynamodb: dynamodb as unknown as DynamoDBClient };
  return pictures(clients).run({}, [], { now: () => 0, progress: () => undefined });
};

// The SDK's paginator takes its own client only.
jest.mock('@aws-sdk/client-dynamodb', () => ({
  ...jest.requireActual('@aws-sdk/client-dynamodb'),
  paginateScan: async function* ({ client }: { client: { send(): Promise<unknown> } }) {
    yield await client.send();
  },
}));

test('files that are not in the gallery are listed with the reason, removed ones are not', async () => {
  const { text, json } = await run(ROWS);
  expect(json).toMatchObject({
    listed: { calm: 2, sad: 0 },
    refused: [{ key: 'emotions/sad/행복.heic', reason: 'HEIC cannot be read here' }],
  });
  expect(text).toContain('HEIC cannot be read here');
});

test('a gallery without such files says so', async () => {
  expect((await run(ROWS.slice(0, 2))).text).toContain('Every file under emotions/ is in the gallery.');
});
