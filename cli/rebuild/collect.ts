// Reads the tables into one CSV file a dataset, in a temporary folder: nothing is uploaded before all of it is right.
import { join } from 'node:path';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { toEntry } from '../../lambda/redeliver/deliver';
import type { Rim } from '../command';
import type { Deployment } from '../deployment';
import { CsvFile } from './csv-file';
import type { Dataset } from './dataset';
import { missingLikes } from './missing-likes';
import {
  type ItemRecord,
  interactionRow,
  itemRow,
  type LikeRecord,
  userRow,
  type VisitorRecord,
} from './rows';
import { scan, scanRaw } from './scan';
import { telling } from './sparing';

export const DATASETS = ['Items', 'Users', 'Interactions'] as const;
export type DatasetName = (typeof DATASETS)[number];

export interface Collected {
  readonly files: Readonly<Record<DatasetName, CsvFile>>;
  /** Items that are not pictures of the gallery. */
  readonly refused: number;
  /** Likes that were accepted since the dataset was made: they are streamed. */
  readonly streamed: number;
  /** Likes of an earlier deployment that the sweep streams, or has streamed. */
  readonly leftOver: number;
  /** The likes themselves when they are too few for an import job. */
  readonly fewLikes?: readonly LikeRecord[];
}

export interface CollectOptions {
  readonly dynamodb: DynamoDBClient;
  readonly deployment: Deployment;
  readonly datasets: Readonly<Record<DatasetName, Dataset>>;
  /** Where the files are written. */
  readonly folder: string;
}

/** Amazon Personalize imports no fewer interactions in one job. */
export const MINIMUM_INTERACTIONS = 1000;

/** @throws UserError when a row lacks what the schema requires */
export async function collect(options: CollectOptions, rim: Rim): Promise<Collected> {
  const { dynamodb, deployment, datasets, folder } = options;
  const create = (name: DatasetName) =>
    CsvFile.create(join(folder, `${name}.csv`), name, datasets[name].columns);
  const files = {
    Items: await create('Items'),
    Users: await create('Users'),
    Interactions: await create('Interactions'),
  };
  try {
    const read = <T>(output: string, what: string) =>
      telling(scan<T>(dynamodb, deployment.output(output)), what, rim);
    const missing = await missingLikes(
      datasets.Interactions.madeAt,
      telling(entries(options), 'undelivered entries', rim),
    );
    const count = { refused: 0, streamed: 0, leftOver: 0 };
    for await (const item of read<ItemRecord>('ItemsTableName', 'items')) {
      if (item.refused === undefined && item.emotion !== undefined) await files.Items.add(itemRow(item));
      else count.refused += 1;
    }
    for await (const visitor of read<VisitorRecord>('VisitorsTableName', 'visitors')) {
      await files.Users.add(userRow(visitor));
    }
    const first: LikeRecord[] = [];
    for await (const like of read<LikeRecord>('LikesTableName', 'likes')) {
      const verdict = missing.verdict(like);
      if (verdict === 'streamed') count.streamed += 1;
      else if (verdict === 'left over') count.leftOver += 1;
      else {
        await files.Interactions.add(interactionRow(like));
        if (first.length < MINIMUM_INTERACTIONS) first.push(like);
      }
    }
    const { rows } = files.Interactions;
    return { files, ...count, ...(rows > 0 && rows < MINIMUM_INTERACTIONS && { fewLikes: first }) };
  } finally {
    await Promise.all(Object.values(files).map((each) => each.close()));
  }
}

async function* entries({ dynamodb, deployment }: CollectOptions) {
  for await (const row of scanRaw(dynamodb, deployment.output('UndeliveredTableName'))) yield toEntry(row);
}
