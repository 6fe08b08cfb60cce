// npm run bench:personalize: speed and memory of the service, measured on the standalone server over HTTP, and rounds of
// kill -9.
import { createWriteStream, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { endWithOutput, orHelp, wholeNumber } from '@emotion-gallery/local-kit/command-line';
import { seededRandom } from '@emotion-gallery/local-kit/random';
import { ms, quantile } from '../../../bench/latencies';
import { bundleServer, crashRounds } from '../test/local/crash-rounds';
import { benchBatch } from './personalize-batch';
import { importFile, makeCampaign, makeGroup, ROLE } from './personalize-group';
import { benchPersonalization, benchRecommendations } from './personalize-requests';
import { CONNECTIONS, StandaloneServer } from './standalone-server';

const PUT_EVENTS_SECONDS = 5;

const HELP = `npm run bench:personalize -- [options]

Measures the standalone server: PutEvents, an import, batch inference, GetRecommendations with a new event before each second
one, and that nothing acknowledged is lost to kill -9.

  --rounds N   rounds of kill -9; 0 leaves them out (200)
  --rows N     interactions to import (1000000)
  --lines N    input lines of a batch inference job of popularity-count (1000000); one of personalization has a fiftieth
  --help
`;

async function benchPutEvents(server: StandaloneServer, trackingId: string): Promise<void> {
  const latencies: number[] = [];
  const cpuBefore = server.cpuSeconds();
  const end = performance.now() + PUT_EVENTS_SECONDS * 1000;
  const startedAt = performance.now();
  const client = async (c: number) => {
    for (let i = 0; performance.now() < end; i++) {
      const sentAt = performance.now();
      await server.call('PutEvents', {
        trackingId,
        userId: `user-${(c * 7919 + i) % 5000}`,
        sessionId: `session-${c}`,
        eventList: [
          {
            eventType: 'like',
            eventId: `e-${c}-${i}`,
            itemId: `item-${i % 1000}`,
            sentAt: 1_700_000_000 + i,
          },
        ],
      });
      latencies.push(performance.now() - sentAt);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, (_, c) => client(c)));
  const seconds = (performance.now() - startedAt) / 1000;
  latencies.sort((a, b) => a - b);
  const cpuAfter = server.cpuSeconds();
  const perCore =
    cpuBefore === undefined || cpuAfter === undefined
      ? 'not known here'
      : `${Math.round(latencies.length / (cpuAfter - cpuBefore))} requests`;
  console.log(
    `PutEvents, one event, ${CONNECTIONS} connections: ${Math.round(latencies.length / seconds)} requests/s, ` +
      `p50 ${ms(quantile(latencies, 0.5))}, p99 ${ms(quantile(latencies, 0.99))}; a second of one core serves ${perCore}`,
  );
}

async function writeCsv(file: string, rows: number): Promise<void> {
  const random = seededRandom(1);
  const stream = createWriteStream(file);
  stream.write('USER_ID,ITEM_ID,TIMESTAMP,EVENT_TYPE\n');
  for (let row = 0; row < rows; ) {
    let text = '';
    for (const end = Math.min(rows, row + 10_000); row < end; row++) {
      const item = Math.floor(random() ** 2 * 5000);
      text += `user-${Math.floor(random() * 50_000)},item-${item},${1_600_000_000 + row},view\n`;
    }
    if (!stream.write(text)) await new Promise<void>((resolve) => stream.once('drain', () => resolve()));
  }
  stream.end();
  await finished(stream);
}

async function benchImport(server: StandaloneServer, dir: string, rows: number): Promise<void> {
  mkdirSync(join(dir, 's3', 'bucket'), { recursive: true });
  await writeCsv(join(dir, 's3', 'bucket', 'bench.csv'), rows);
  const startedAt = performance.now();
  await importFile(server, 'bench');
  const seconds = (performance.now() - startedAt) / 1000;
  console.log(
    `import of ${rows.toLocaleString('en')} interactions: ${seconds.toFixed(1)} s, ` +
      `largest memory of the server ${server.peakMemory()}`,
  );
}

/** What the caller gave cannot be used. */
function optionsOf(): { rounds: number; rows: number; lines: number } {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '200' },
      rows: { type: 'string', default: '1000000' },
      lines: { type: 'string', default: '1000000' },
    },
  });
  return {
    rounds: wholeNumber('--rounds', values.rounds),
    // Fewer than an import job takes.
    rows: wholeNumber('--rows', values.rows, 1000),
    lines: wholeNumber('--lines', values.lines, 1),
  };
}

async function main(): Promise<void> {
  const options = orHelp(HELP, optionsOf);
  console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}`);
  const dir = mkdtempSync(join(tmpdir(), 'bench-personalize-'));
  try {
    const bundle = bundleServer(dir);
    const first = await StandaloneServer.start(bundle, dir);
    const trackingId = await makeGroup(first);
    await benchPutEvents(first, trackingId);
    await benchImport(first, dir, options.rows);
    const popular = await makeCampaign(first, 'aws-popularity-count');
    await first.stop();
    const second = await StandaloneServer.start(bundle, dir);
    console.log(`start with that data: ${(second.startMs / 1000).toFixed(2)} s, ${second.peakMemory()}`);
    const served = await benchPersonalization(second, dir, trackingId);
    const job = { server: second, dir, roleArn: ROLE, meanwhile: served.campaignArn };
    await benchBatch(job, 'popularity-count', popular.solutionVersionArn, options.lines);
    const personal = Math.ceil(options.lines / 50);
    await benchBatch(job, 'user-personalization-v2 of 4,000 items', served.solutionVersionArn, personal);
    await second.stop();
    await benchRecommendations(dir, popular.campaignArn);
    if (options.rounds > 0) {
      const report = await crashRounds(mkdtempSync(join(dir, 'crash-')), options.rounds, 1);
      console.log(
        `kill -9: ${report.rounds} rounds, ${report.acknowledged} acknowledged calls, ${report.problems.length} lost or invented`,
      );
      for (const problem of report.problems) console.error(problem);
      if (report.problems.length > 0) process.exitCode = 1;
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

endWithOutput();
main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
