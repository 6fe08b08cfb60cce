// npm run bench:recommendations: recommendations through CloudFront, HTTP API, Lambda and Amazon Personalize, and likes; alone, and
// while the gallery trains again.
import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { endWithOutput, noOptions } from '@emotion-gallery/local-kit/command-line';
import { EMOTIONS } from '../lambda/shared/contract/emotions';
import type { Image } from '../lambda/shared/contract/schemas';
import { GalleryClient, likeOf, operatorToken } from '../test/local/app/gallery-client';
import { likeByTaste } from '../test/local/app/people';
import { startApp } from '../test/local/app/running-app';
import { percentile, report, timesOf } from './latency';

/** Of the sample gallery. */
const PICTURES = 240;
/** Amazon Personalize's minimum. */
const PEOPLE = 25;
const TASTE = { inside: 28, outside: 12 };
const AT_ONCE = 10;
const REQUESTS_EACH = 150;
/** Each function instance compiles what it runs often. */
const WARM_UP = 200;
const LIST = '?limit=24';
/** Trainings that requests are measured beside, for enough of them. */
const TRAININGS = 3;
const PATIENCE_MS = 60_000;

const goals = { p50: 25, p99: 100, slowerBy: 1.5 };

interface Person {
  readonly token: string;
  readonly itemIds: readonly string[];
}

type Request = (person: Person, index: number) => Promise<unknown>;

class Bench {
  constructor(
    private readonly client: GalleryClient,
    private readonly operator: string,
  ) {}

  /** The sample gallery; its last pictures are taken in some moments after the start. */
  private async wholeGallery(token: string): Promise<readonly Image[]> {
    for (const end = Date.now() + PATIENCE_MS; ; await sleep(250)) {
      const images = await this.client.allImages(token);
      if (images.length === PICTURES) return images;
      if (Date.now() > end) throw new Error(`the gallery has ${images.length} pictures, not ${PICTURES}`);
    }
  }

  /** People with a taste and enough likes for the first training, which starts by itself. */
  async gather(): Promise<Person[]> {
    const made = await this.client.createPeople(this.operator, { count: PEOPLE });
    const people: Person[] = [];
    for (const [index, { token }] of made.entries()) {
      const images = await this.wholeGallery(token);
      const emotion = EMOTIONS[index % EMOTIONS.length] ?? 'calm';
      await likeByTaste(this.client, token, images, { emotion, ...TASTE });
      people.push({ token, itemIds: images.map(({ itemId }) => itemId) });
    }
    return people;
  }

  /** Resolves when `runs` trainings have ended. Rejects when one failed. */
  private async trained(runs: number): Promise<void> {
    for (const end = Date.now() + PATIENCE_MS; ; await sleep(250)) {
      // Reading the progress announces the minimum, at the latest.
      const progress = await this.client.progress();
      const { runs: all = [] } = await this.client.status(this.operator);
      const [last] = all;
      if (last?.outcome === 'failed') throw new Error(`the training failed: ${JSON.stringify(last)}`);
      if (all.length === runs && last?.outcome === 'succeeded') return;
      if (Date.now() > end) {
        const state = JSON.stringify({ progress, runs: all.length, last });
        throw new Error(`not trained after ${PATIENCE_MS / 1000} s: ${state}`);
      }
    }
  }

  untilFirstTraining(): Promise<void> {
    return this.trained(1);
  }

  alone(people: readonly Person[], request: Request, each = REQUESTS_EACH): Promise<number[]> {
    return timesOf(people, (done) => done >= each, request);
  }

  /** Times of the requests that were made between the start and the end of some trainings. */
  async beside(people: readonly Person[], request: Request, runsBefore: number): Promise<number[]> {
    const times: number[] = [];
    for (let training = 1; training <= TRAININGS; training += 1) {
      const started = await this.client.send('/api/operator/training', {
        method: 'POST',
        token: this.operator,
        body: { action: 'start' },
      });
      if (started.status !== 202) throw new Error(`no training: ${started.status} ${started.text}`);
      let over = false;
      const end = this.trained(runsBefore + training).finally(() => {
        over = true;
      });
      times.push(...(await timesOf(people, () => over, request)));
      await end;
    }
    return times.sort((a, b) => a - b);
  }
}

function tell(what: string, times: readonly number[], goal: { p50: string; p99: string }): void {
  console.log(`${what}: ${times.length} requests`);
  report('  median', percentile(times, 0.5), 'ms', goal.p50);
  report('  99 of 100', percentile(times, 0.99), 'ms', goal.p99);
}

async function main(): Promise<void> {
  const app = await startApp();
  const client = new GalleryClient(app.siteUrl);
  try {
    const bench = new Bench(client, operatorToken(app.operatorLink));
    const people = await bench.gather();
    await bench.untilFirstTraining();
    // Who likes has soon liked every picture, and then there is nothing to recommend: these are other people.
    const visitors = people.slice(0, AT_ONCE);
    const likers = people.slice(AT_ONCE, 2 * AT_ONCE);
    let withoutModel = 0;
    const recommend: Request = async ({ token }) => {
      const { source } = await client.recommendations(token, LIST);
      if (source !== 'personalize') withoutModel += 1;
    };
    const like: Request = ({ token, itemIds }, index) =>
      client.like(token, [likeOf(itemIds[index % itemIds.length] ?? '')]);

    await bench.alone(visitors, recommend, WARM_UP);
    await bench.alone(likers, like, WARM_UP);
    withoutModel = 0;
    console.log(
      `load average before: ${loadavg()[0]?.toFixed(1)} (other work on the machine makes all this slower)`,
    );
    const within = { p50: `<= ${goals.p50}`, p99: `<= ${goals.p99}` };
    tell(`recommendations, ${AT_ONCE} people at once`, await bench.alone(visitors, recommend), within);
    const alone = await bench.alone(likers, like);
    const usual = { p50: 'see bench:likes', p99: 'see bench:likes' };
    tell(`likes, ${AT_ONCE} people at once`, alone, usual);

    tell('recommendations while it trains again', await bench.beside(visitors, recommend, 1), within);
    report('  of all these, answered without the model', withoutModel, '', '0');
    const beside = await bench.beside(likers, like, 1 + TRAININGS);
    const limit = (share: number) => `<= ${(percentile(alone, share) * goals.slowerBy).toFixed(1)}`;
    tell('likes while it trains again', beside, { p50: limit(0.5), p99: limit(0.99) });
  } finally {
    client.close();
    await app.dispose();
  }
}

endWithOutput();
noOptions(
  'npm run bench:recommendations\n\nRecommendations through the site, and likes: alone, and while the gallery trains again.',
);
main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
