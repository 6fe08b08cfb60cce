// GetRecommendations: the service's own share of the time, and a personalization model through HTTP after new events.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ms, quantile } from '../../../bench/latencies';
import { createPersonalize, RealClock } from '../src';
import { FolderStore } from '../src/standalone/folder-store';
import { REGION, requestOf } from '../test/local/calls';
import { ACCOUNT, importFile, makeCampaign, type Served } from './personalize-group';
import type { StandaloneServer } from './standalone-server';
import { synthetic } from './synthetic';

/** GetRecommendations through HTTP, 4,000 items. Milliseconds. */
const GOALS = { p50: 3, p99: 15 };

/** Asked in all. */
const REQUESTS = 1000;

const reached = (value: number, goal: number) =>
  ` (goal ≤ ${goal} ms: ${value <= goal ? 'reached' : 'NOT reached'})`;

/** In this process, without HTTP, with the cheapest model: what is left is the service's own work. */
export async function benchRecommendations(dir: string, campaignArn: string): Promise<void> {
  const clock = new RealClock(1);
  const service = await createPersonalize({
    stateDir: join(dir, 'state'),
    accountId: ACCOUNT,
    region: REGION,
    clock,
    objectStore: new FolderStore(join(dir, 's3')),
    quotas: false,
  });
  const latencies: number[] = [];
  for (let i = 0; i < 20_000; i++) {
    const request = requestOf('GetRecommendations', { campaignArn, userId: `user-${i % 5000}` });
    const startedAt = performance.now();
    await service.handle(request);
    latencies.push(performance.now() - startedAt);
  }
  latencies.sort((a, b) => a - b);
  console.log(
    `GetRecommendations, 25 items of popularity-count: p50 ${ms(quantile(latencies, 0.5))}, p99 ${ms(quantile(latencies, 0.99))}`,
  );
  await service.close();
  clock.stop();
}

/** Through HTTP, a personalization model of 4,000 items; every request comes after an event of its user. */
export async function benchPersonalization(
  server: StandaloneServer,
  dir: string,
  trackingId: string,
): Promise<Served> {
  const made = synthetic({ users: 1000, items: 4000, interactions: 100_000, seed: 1 });
  const rows = Array.from(
    made.user,
    (user, row) => `user-${user},item-${made.item[row]},${made.timestamp[row]},view`,
  );
  const csv = ['USER_ID,ITEM_ID,TIMESTAMP,EVENT_TYPE', ...rows].join('\n');
  writeFileSync(join(dir, 's3', 'bucket', 'items.csv'), csv);
  await importFile(server, 'items');
  const served = await makeCampaign(server, 'aws-user-personalization-v2');
  const { campaignArn } = served;
  const latencies: number[] = [];
  let unchanged = 0;
  const cpuBefore = server.cpuSeconds();
  const ask = async (userId: string) => {
    const startedAt = performance.now();
    const { itemList } = await server.call('GetRecommendations', { campaignArn, userId });
    latencies.push(performance.now() - startedAt);
    return JSON.stringify((itemList as { itemId: string }[]).map(({ itemId }) => itemId));
  };
  for (let i = 0; i < REQUESTS / 2; i++) {
    const userId = `visitor-${i % 50}`;
    const before = await ask(userId);
    await server.call('PutEvents', {
      trackingId,
      userId,
      sessionId: userId,
      eventList: [{ eventType: 'view', itemId: `item-${(i * 37) % 1000}`, sentAt: 1_800_000_000 + i }],
    });
    if ((await ask(userId)) === before) unchanged++;
  }
  const cpuAfter = server.cpuSeconds();
  const cpu =
    cpuBefore === undefined || cpuAfter === undefined
      ? 'not known here'
      : ms(((cpuAfter - cpuBefore) * 1000) / REQUESTS);
  latencies.sort((a, b) => a - b);
  const [p50, p99] = [quantile(latencies, 0.5), quantile(latencies, 0.99)];
  console.log(
    `GetRecommendations over HTTP, user-personalization-v2 of 4,000 items: p50 ${ms(p50)}${reached(p50, GOALS.p50)}, ` +
      `p99 ${ms(p99)}${reached(p99, GOALS.p99)}, processor time ${cpu} each with half a PutEvents; ${REQUESTS / 2 - unchanged} of ${REQUESTS / 2} events changed the next list`,
  );
  return served;
}
