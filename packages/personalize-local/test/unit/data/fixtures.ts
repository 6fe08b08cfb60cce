// Temporary dataset groups and CSV files for the tests of the data part.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CsvFile } from '@emotion-gallery/personalize-rules/csv';
import type { DatasetSchema } from '@emotion-gallery/personalize-rules/schemas';
import { interactions, items, users } from '../../../../personalize-rules/test/unit/schemas';
import { type DatasetGroupData, openDatasetGroup } from '../../../src/data';

export * from '../../../../personalize-rules/test/unit/schemas';

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
