// npm run bench:likes: a like through CloudFront, HTTP API, Lambda, DynamoDB and PutEvents; how fast, how many, how much memory.
import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { endWithOutput, noOptions } from '@emotion-gallery/local-kit/command-line';
import { GalleryClient, likeOf, operatorToken } from '../test/local/app/gallery-client';
import { memoryOf, type ProcessEntry, processorSecondsOf, processTree } from '../test/local/app/process-tree';
import { startApp } from '../test/local/app/running-app';
import { percentile, report, timesAtPace, timesOf } from './latency';

const PEOPLE = 10;
/** Each function instance compiles what it runs often; before that a like takes three times as long. */
const WARM_UP_EACH = 200;
const LIKES_EACH = 200;
/** Ten people who press Like as fast as they look: three times a second each. */
const HUMAN_PACE = { perSecond: 3, seconds: 20 };
const BATCHES_EACH = 40;
const LIKES_A_BATCH = 10;
/** When memory is measured: with all functions at hand, and when those that nobody needed have ended. Milliseconds. */
const RESTS = { 'five seconds later': 5_000, 'a minute later': 55_000 };

const goals = { p50: 20, p99: 80, perSecond: 300, megabytes: 600, processorMs: 5 };

interface Person {
  readonly token: string;
  readonly itemIds: readonly string[];
}

const likeWith =
  (client: GalleryClient) =>
  ({ token, itemIds }: Person, index: number) =>
    client.like(token, [likeOf(itemIds[index % itemIds.length] ?? '')]);

/** Milliseconds of each request, in increasing order. */
const likeOneByOne = (client: GalleryClient, people: readonly Person[], each: number) =>
  timesOf(people, (done) => done >= each, likeWith(client));

/** Likes a second. */
async function likeInBatches(client: GalleryClient, people: readonly Person[]): Promise<number> {
  const startedAt = performance.now();
  await Promise.all(
    people.map(async ({ token, itemIds }) => {
      for (let batch = 0; batch < BATCHES_EACH; batch += 1) {
        const likes = Array.from({ length: LIKES_A_BATCH }, (_, index) =>
          likeOf(itemIds[(batch * LIKES_A_BATCH + index) % itemIds.length] ?? ''),
        );
        await client.like(token, likes);
      }
    }),
  );
  return (PEOPLE * BATCHES_EACH * LIKES_A_BATCH) / ((performance.now() - startedAt) / 1000);
}

function residentSets(tree: readonly ProcessEntry[]): number {
  return tree.reduce((sum, { megabytes }) => sum + megabytes, 0);
}

async function main(): Promise<void> {
  // The minimum is out of reach, so that no training runs beside the likes.
  const args = ['--aws-port=0', '--site-port=0', '-c', 'minimumInteractions=1000000'];
  const app = await startApp({ args });
  const client = new GalleryClient(app.siteUrl);
  try {
    const people: Person[] = [];
    for (const { token } of await client.createPeople(operatorToken(app.operatorLink), { count: PEOPLE })) {
      people.push({ token, itemIds: (await client.allImages(token)).map(({ itemId }) => itemId) });
    }
    await likeOneByOne(client, people, WARM_UP_EACH);
    console.log(
      `load average before: ${loadavg()[0]?.toFixed(1)} (other work on the machine makes all this slower)`,
    );
    const processorBefore = processorSecondsOf(processTree(app.pid));
    const times = await likeOneByOne(client, people, LIKES_EACH);
    const processorAfter = processorSecondsOf(processTree(app.pid));
    if (processorBefore !== undefined && processorAfter !== undefined) {
      const each = ((processorAfter - processorBefore) * 1000) / times.length;
      report('processor time of all processes for a like', each, 'ms', `<= ${goals.processorMs}`);
    }
    report('a like, 10 people without a pause, median', percentile(times, 0.5), 'ms', `<= ${goals.p50}`);
    report('a like, 10 people without a pause, 99 of 100', percentile(times, 0.99), 'ms', `<= ${goals.p99}`);
    const paced = await timesAtPace(people, HUMAN_PACE, likeWith(client));
    report('a like, 10 people, three a second each, median', percentile(paced, 0.5), 'ms', `<= ${goals.p50}`);
    report('  99 of 100', percentile(paced, 0.99), 'ms', `<= ${goals.p99}`);
    report(
      'likes in requests of ten',
      await likeInBatches(client, people),
      'a second',
      `>= ${goals.perSecond}`,
    );
    for (const [rest, milliseconds] of Object.entries(RESTS)) {
      await sleep(milliseconds);
      const tree = processTree(app.pid);
      report(`memory of ${tree.length} processes, ${rest}`, memoryOf(tree), 'MB', `<= ${goals.megabytes}`);
      report('  with shared pages counted in each', residentSets(tree), 'MB', 'none');
    }
  } finally {
    client.close();
    await app.dispose();
  }
}

endWithOutput();
noOptions(
  'npm run bench:likes\n\nA like through CloudFront, HTTP API, Lambda, DynamoDB and PutEvents: how fast, how many, how much memory.',
);
main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
