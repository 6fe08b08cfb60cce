// Schemas, temporary dataset groups and CSV files for the tests of the data part.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type CsvFile,
  type DatasetGroupData,
  type DatasetSchema,
  type Domain,
  openDatasetGroup,
  parseSchema,
} from '../../../src/data';

export const NAMESPACE = 'com.amazonaws.personalize.schema';

export interface FieldSpec {
  readonly name: string;
  readonly type: unknown;
  readonly [keyword: string]: unknown;
}

export const avro = (name: string, fields: readonly FieldSpec[], changes: object = {}): string =>
  JSON.stringify({ type: 'record', name, namespace: NAMESPACE, version: '1.0', fields, ...changes });

export const schema = (name: string, fields: readonly FieldSpec[], domain?: Domain): DatasetSchema =>
  parseSchema(avro(name, fields), domain);

export const optional = (type: string) => ['null', type];

export const INTERACTION_FIELDS: readonly FieldSpec[] = [
  { name: 'USER_ID', type: 'string' },
  { name: 'ITEM_ID', type: 'string' },
  { name: 'TIMESTAMP', type: 'long' },
];

export const interactions = schema('Interactions', [
  ...INTERACTION_FIELDS,
  { name: 'EVENT_TYPE', type: 'string' },
  { name: 'EVENT_VALUE', type: optional('float') },
  { name: 'IMPRESSION', type: optional('string') },
  { name: 'RECOMMENDATION_ID', type: optional('string') },
  { name: 'DEVICE', type: optional('string'), categorical: true },
]);

export const items = schema('Items', [
  { name: 'ITEM_ID', type: 'string' },
  { name: 'CREATION_TIMESTAMP', type: optional('long') },
  { name: 'GENRES', type: optional('string'), categorical: true },
  { name: 'PRICE', type: optional('float') },
  { name: 'NUMBER_OF_RATINGS', type: optional('int') },
  { name: 'TITLE', type: optional('string') },
  { name: 'DESCRIPTION', type: optional('string'), textual: true },
  { name: 'FREE', type: optional('boolean') },
]);

export const users = schema('Users', [
  { name: 'USER_ID', type: 'string' },
  { name: 'AGE', type: optional('int') },
  { name: 'MEMBERSHIP', type: optional('string'), categorical: true },
]);

export const actions = schema('Actions', [
  { name: 'ACTION_ID', type: 'string' },
  { name: 'VALUE', type: optional('long') },
  { name: 'TYPE', type: optional('string'), categorical: true },
]);

export const actionInteractions = schema('Action_Interactions', [
  { name: 'USER_ID', type: 'string' },
  { name: 'ACTION_ID', type: 'string' },
  { name: 'EVENT_TYPE', type: 'string' },
  { name: 'TIMESTAMP', type: 'long' },
]);

/** A dataset group with the interactions, items and users datasets, whose clock the test moves. */
export class TestGroup {
  now = 1_700_000_000_000;
  readonly repairs: string[] = [];
  sealAfter: number | undefined;
  readonly dir = mkdtempSync(join(tmpdir(), 'personalize-data-'));
  data!: DatasetGroupData;
  private readonly abandoned: DatasetGroupData[] = [];

  static async open(...schemas: readonly DatasetSchema[]): Promise<TestGroup> {
    const group = new TestGroup();
    await group.reopen();
    for (const each of schemas.length > 0 ? schemas : [interactions, items, users]) {
      await group.data.ensureDataset(each.type, each);
    }
    return group;
  }

  /** As after a crash when `closing` is false: the files are read as they are. */
  async reopen(closing = true): Promise<void> {
    if (closing) await this.data?.close();
    else this.abandoned.push(this.data);
    this.data = await openDatasetGroup(this.dir, {
      now: () => this.now,
      onRepair: (message) => this.repairs.push(message),
      sealAfter: this.sealAfter,
    });
  }

  async remove(): Promise<void> {
    for (const data of [this.data, ...this.abandoned]) await data.close();
    rmSync(this.dir, { recursive: true, force: true });
  }
}

/** A file of these bytes that arrives in chunks of `chunkSize`. */
export function csv(content: string | Buffer, name = 's3://bucket/file.csv', chunkSize = 1000): CsvFile {
  const bytes = Buffer.from(content as string);
  return {
    name,
    async open() {
      async function* chunks() {
        for (let i = 0; i < bytes.length; i += chunkSize) yield bytes.subarray(i, i + chunkSize);
      }
      return chunks();
    },
  };
}

export const HEADER = 'USER_ID,ITEM_ID,TIMESTAMP,EVENT_TYPE,EVENT_VALUE';

/** `count` rows of distinct interactions: users u0…, items i0…, one a second. */
export const interactionRows = (count: number, usersCount = 50, itemsCount = 40): string[] =>
  Array.from(
    { length: count },
    (_, i) => `u${i % usersCount},i${(i * 7) % itemsCount},${1_600_000_000 + i},like,${i % 5}`,
  );

export const interactionCsv = (count = 1000, ...args: number[]): string =>
  `${[HEADER, ...interactionRows(count, ...args)].join('\n')}\n`;

export const likeOf = (userId: string | undefined, itemId: string, more: object = {}) => ({
  userId,
  sessionId: 'session',
  eventList: [{ eventType: 'like', itemId, sentAt: new Date(1_650_000_000_000), ...more }],
});
