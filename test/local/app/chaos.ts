// Likes of many people at once while everything fails around them: what the gallery accepted must be stored, counted and
// delivered exactly once.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { LikesResponse } from '../../../lambda/shared/contract/schemas';
import type { Ready } from '../../../local/start/ready';
import { Account, comparable } from './account';
import { EndpointProcess } from './endpoint';
import { GalleryClient, likeOf, operatorToken } from './gallery-client';
import { processTree } from './process-tree';

const FAULTS = ['PutEvents:throttle:0.2', 'PutEvents:500:0.05'];
const LIKES_A_REQUEST = 10;
const PEOPLE_A_CALL = 25;
const RETRY_PAUSE_MS = 100;
const FUNCTION_DIES_EVERY_MS = 700;
/** Longer than two visibility timeouts and a sweep. */
const DELIVERY_PATIENCE_MS = 420_000;

export interface ChaosPlan {
  readonly people: number;
  readonly likesEach: number;
  /** How often the whole process is ended with SIGKILL. */
  readonly kills: number;
  /** How much faster than on AWS schedules and queues go. @default 1 */
  readonly speed?: number;
  readonly random: () => number;
}

export interface ChaosReport {
  /** Event ids that the gallery said it has, sorted. */
  readonly accepted: readonly string[];
  /** Event ids in the table, sorted. */
  readonly stored: readonly string[];
  /** What the progress says. */
  readonly counted: number;
  /** Likes in the table and in Amazon Personalize's dataset, comparable. */
  readonly likes: readonly string[];
  readonly delivered: readonly string[];
  /** Requests that were sent again. */
  readonly repeated: number;
  readonly functionsKilled: number;
  /** From the last acknowledgement until Amazon Personalize had everything. */
  readonly deliverySeconds: number;
}

/** Runs the plan on an app that was deployed and stopped. Ends with the endpoint stopped again. */
export async function runChaos(
  app: Ready & { readonly stateDir: string },
  plan: ChaosPlan,
): Promise<ChaosReport> {
  const client = new GalleryClient(app.siteUrl);
  const account = new Account(app);
  const start = () => EndpointProcess.start({ app, faults: FAULTS, speed: plan.speed });
  let endpoint = await start();
  try {
    const crowd = new Crowd(client, plan);
    await crowd.arrive(operatorToken(app.operatorLink));
    let functionsKilled = 0;
    let isOver = false;
    const killFunctions = async () => {
      while (!isOver) {
        await sleep(FUNCTION_DIES_EVERY_MS);
        if (killOneFunction(endpoint.pid, plan.random)) functionsKilled += 1;
      }
    };
    const killEndpoint = async () => {
      for (let kill = 1; kill <= plan.kills; kill += 1) {
        await crowd.hasSent(kill / (plan.kills + 1));
        await endpoint.end('SIGKILL');
        endpoint = await start();
      }
    };
    const killing = [killFunctions(), killEndpoint()];
    await crowd.sendAll();
    isOver = true;
    await Promise.all(killing);

    const sentAt = performance.now();
    const rows = await account.rows('LikesTableName');
    const likes = comparable(await account.storedLikes());
    const delivered = await untilDelivered(account, likes);
    return {
      accepted: [...crowd.accepted].sort(),
      stored: rows.map(({ eventId }) => String(eventId)).sort(),
      counted: (await client.progress()).interactions,
      likes,
      delivered,
      repeated: crowd.repeated,
      functionsKilled,
      deliverySeconds: (performance.now() - sentAt) / 1000,
    };
  } finally {
    client.close();
    account.close();
    await endpoint.end('SIGINT');
  }
}

async function untilDelivered(account: Account, likes: readonly string[]): Promise<string[]> {
  const end = Date.now() + DELIVERY_PATIENCE_MS;
  for (;;) {
    const delivered = comparable(await account.datasetLikes());
    if (isDeepStrictEqual(delivered, likes) || Date.now() > end) return delivered;
    await sleep(2_000);
  }
}

/** People who send their likes, each request again and again with the same event ids until the gallery took it. */
class Crowd {
  readonly accepted = new Set<string>();
  repeated = 0;
  private tokens: string[] = [];
  private itemIds: string[] = [];

  constructor(
    private readonly client: GalleryClient,
    private readonly plan: ChaosPlan,
  ) {}

  async arrive(operator: string): Promise<void> {
    while (this.tokens.length < this.plan.people) {
      const count = Math.min(PEOPLE_A_CALL, this.plan.people - this.tokens.length);
      const people = await this.client.createPeople(operator, { count });
      this.tokens.push(...people.map(({ token }) => token));
    }
    this.itemIds = (await this.client.allImages(this.tokens[0] ?? '')).map(({ itemId }) => itemId);
  }

  async sendAll(): Promise<void> {
    await Promise.all(this.tokens.map((token, person) => this.visit(token, person)));
  }

  /** Resolves when this share of all likes was accepted. */
  async hasSent(share: number): Promise<void> {
    while (this.accepted.size < share * this.plan.people * this.plan.likesEach) await sleep(20);
  }

  private async visit(token: string, person: number): Promise<void> {
    const sessionId = randomUUID();
    const { itemIds } = this;
    for (let from = 0; from < this.plan.likesEach; from += LIKES_A_REQUEST) {
      const count = Math.min(LIKES_A_REQUEST, this.plan.likesEach - from);
      const likes = Array.from({ length: count }, (_, index) =>
        likeOf(itemIds[(person * 7 + from + index) % itemIds.length] ?? ''),
      );
      const { accepted, duplicates } = await this.untilTaken({ token, body: { sessionId, likes } });
      for (const eventId of [...accepted, ...duplicates]) this.accepted.add(eventId);
    }
  }

  private async untilTaken(call: { token: string; body: unknown }): Promise<LikesResponse> {
    for (;;) {
      const answer = await this.client.send('/api/likes', { method: 'POST', ...call }).catch(() => undefined);
      if (answer?.status === 202) return JSON.parse(answer.text) as LikesResponse;
      if (answer && answer.status < 500 && answer.status !== 429) {
        throw new Error(`a good like was refused: ${answer.status} ${answer.text}`);
      }
      this.repeated += 1;
      await sleep(RETRY_PAUSE_MS);
    }
  }
}

/** Ends one of the functions' processes with SIGKILL; says whether there was one. */
function killOneFunction(endpointPid: number, random: () => number): boolean {
  const workers = processTree(endpointPid).filter(({ command }) => command.includes('lambda/bootstrap'));
  const victim = workers[Math.floor(random() * workers.length)];
  if (!victim) return false;
  try {
    return process.kill(victim.pid, 'SIGKILL');
  } catch (error) {
    // ESRCH: it ended by itself in between.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}
