// npm run bench:uploads: thousands of pictures are put into the gallery while people like. How long until all are in it, and what the
// likes feel of it; and how many photos as large as a camera's a minute takes.
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { DynamoDBClient, paginateQuery } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { endWithOutput, orHelp } from '@emotion-gallery/local-kit/command-line';
import { seededRandom } from '@emotion-gallery/local-kit/random';
import { administrator, output } from '../test/local/app/account';
import { GalleryClient, likeOf, operatorToken } from '../test/local/app/gallery-client';
import { processorSecondsOf, processTree } from '../test/local/app/process-tree';
import { type RunningApp, startApp } from '../test/local/app/running-app';
import { percentile, report, timesAtPace, timesOf } from './latency';
import { photoMaker } from './photos';

const PEOPLE = 10;
const WARM_UP_EACH = 100;
/** As fast as people press. */
const PER_SECOND = 3;
const ALONE_SECONDS = 20;
const AT_A_TIME = 16;
const LOOK_EVERY_MS = 1_000;
const PATIENCE_SECONDS = 240;

const goals = { uploads: 5_000, seconds: 60, slower: 2 };

const help = `npm run bench:uploads -- [--uploads N] [--photos N]

Drawings are put into the gallery's bucket while ${PEOPLE} people like: how long until all are in the gallery, and what the likes feel of
it. Then photos of 12 megapixels: how many a minute takes.

  --uploads N   how many drawings [default: ${goals.uploads}]
  --photos N    how many photos [default: 20]`;

type Emotion = 'calm' | 'sad';

/** As large as those of the sample gallery, no two alike. */
function drawing(index: number): Buffer {
  const random = seededRandom(index);
  const circles = Array.from({ length: 40 }, () => {
    const [x, y, r, hue] = [640, 480, 80, 360].map((most) => Math.round(random() * most));
    return `<circle cx="${x}" cy="${y}" r="${r}" fill="hsl(${hue} 60% 60%)"/>`;
  });
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 480">${circles.join('')}</svg>`,
  );
}

class Uploads {
  private readonly dynamodb: DynamoDBClient;
  private readonly s3: S3Client;

  constructor(private readonly app: RunningApp) {
    const client = administrator(app);
    this.dynamodb = new DynamoDBClient(client);
    this.s3 = new S3Client({ ...client, forcePathStyle: true });
  }

  close(): void {
    for (const client of [this.dynamodb, this.s3]) client.destroy();
  }

  /** How many pictures of an emotion the gallery has. */
  private async count(emotion: Emotion): Promise<number> {
    let count = 0;
    const pages = paginateQuery(
      { client: this.dynamodb },
      {
        TableName: output(this.app, 'ItemsTableName'),
        IndexName: 'pictures',
        KeyConditionExpression: 'listed = :emotion',
        ExpressionAttributeValues: { ':emotion': { S: emotion } },
        Select: 'COUNT',
      },
    );
    for await (const { Count = 0 } of pages) count += Count;
    return count;
  }

  /** Seconds until all files are pictures of the gallery. @throws Error when that takes too long */
  async send(emotion: Emotion, type: string, files: readonly (() => Buffer | Uint8Array)[]): Promise<number> {
    const wanted = (await this.count(emotion)) + files.length;
    const startedAt = performance.now();
    const seconds = () => (performance.now() - startedAt) / 1000;
    const next = files.entries();
    const sender = async (): Promise<void> => {
      for (const [index, make] of next) {
        const Key = `emotions/${emotion}/bench-${index}.${type}`;
        await this.s3.send(
          new PutObjectCommand({ Bucket: output(this.app, 'BucketName'), Key, Body: make() }),
        );
      }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, sender));
    console.log(`  ${files.length} sent after ${seconds().toFixed(1)} s`);
    for (let count = 0; count < wanted; count = await this.count(emotion)) {
      if (seconds() > PATIENCE_SECONDS)
        throw new Error(`${wanted - count} are missing after ${PATIENCE_SECONDS} s`);
      await sleep(LOOK_EVERY_MS);
    }
    return seconds();
  }
}

async function main(drawings: number, photoCount: number): Promise<void> {
  // The minimum is out of reach, so that no training runs beside it.
  const app = await startApp({
    args: ['--aws-port=0', '--site-port=0', '-c', 'minimumInteractions=1000000'],
  });
  const client = new GalleryClient(app.siteUrl);
  const uploads = new Uploads(app);
  try {
    const { token } = await client.createVisitor();
    const itemIds = (await client.allImages(token)).map(({ itemId }) => itemId);
    const people = await client.createPeople(operatorToken(app.operatorLink), { count: PEOPLE });
    const like = (person: { token: string }, index: number) =>
      client.like(person.token, [likeOf(itemIds[index % itemIds.length] ?? '')]);
    await timesOf(people, (done) => done >= WARM_UP_EACH, like);
    const alone = await timesAtPace(people, { perSecond: PER_SECOND, seconds: ALONE_SECONDS }, like);
    report('a like, before, 99 of 100', percentile(alone, 0.99), 'ms', 'none');

    let isOver = false;
    const meanwhile: number[] = [];
    const liking = (async () => {
      while (!isOver)
        meanwhile.push(...(await timesAtPace(people, { perSecond: PER_SECOND, seconds: 2 }, like)));
    })();
    const before = processorSecondsOf(processTree(app.pid)) ?? 0;
    const seconds = await uploads.send(
      'calm',
      'svg',
      Array.from({ length: drawings }, (_, index) => () => drawing(index)),
    );
    const processor = (processorSecondsOf(processTree(app.pid)) ?? 0) - before;
    isOver = true;
    await liking;
    report(`${drawings} drawings in the gallery after`, seconds, 's', `<= ${goals.seconds}`);
    report('  processor time of each', (processor / drawings) * 1000, 'ms', 'none');
    meanwhile.sort((left, right) => left - right);
    report('a like meanwhile, 99 of 100', percentile(meanwhile, 0.99), 'ms', 'none');
    const slower = percentile(meanwhile, 0.99) / percentile(alone, 0.99);
    report('  times as long', slower, '', `<= ${goals.slower}`);
    if (seconds > goals.seconds || slower > goals.slower) process.exitCode = 1;

    const { cameraPhoto } = photoMaker();
    const files: Uint8Array[] = [];
    for (let seed = 0; seed < photoCount; seed += 1) files.push(await cameraPhoto(seed));
    const photoSeconds = await uploads.send(
      'sad',
      'jpg',
      files.map((file) => () => file),
    );
    report('photos of 12 megapixels in a minute', (60 * files.length) / photoSeconds, '', 'none');
  } finally {
    uploads.close();
    client.close();
    await app.dispose();
  }
}

const { values } = orHelp(help, () =>
  parseArgs({
    options: { uploads: { type: 'string' }, photos: { type: 'string' }, help: { type: 'boolean' } },
  }),
);
endWithOutput();
main(Number(values.uploads ?? goals.uploads), Number(values.photos ?? 20)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
