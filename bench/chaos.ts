// npm run bench:chaos: 5,000 malformed requests, then 5,000 likes of 50 people at once while Amazon Personalize refuses a quarter of
// the calls, functions are killed, and the whole process is killed twice.
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { endWithOutput, orHelp, wholeNumber } from '@emotion-gallery/local-kit/command-line';
import { seededRandom } from '@emotion-gallery/local-kit/random';
import { Account } from '../test/local/app/account';
import { runChaos } from '../test/local/app/chaos';
import { GalleryClient, operatorToken } from '../test/local/app/gallery-client';
import { sendMalformed } from '../test/local/app/malformed';
import { startApp } from '../test/local/app/running-app';

const REQUESTS = 5_000;
const PLAN = { people: 50, likesEach: 100, kills: 2 };
const LIKES = PLAN.people * PLAN.likesEach;

function verdict(what: string, holds: boolean): void {
  console.log(`${holds ? 'holds ' : 'BROKEN'}  ${what}`);
  if (!holds) process.exitCode = 1;
}

const HELP = `npm run bench:chaos [-- SEED]

5,000 malformed requests, then 5,000 likes of 50 people at once while Amazon Personalize refuses a quarter of the calls, functions
are killed, and the whole process is killed twice.

  SEED   of all that is left to chance (default 1)`;

function seedOf(): number {
  const { positionals } = parseArgs({ allowPositionals: true });
  return wholeNumber('SEED', positionals[0] ?? '1');
}

async function main(): Promise<void> {
  const seed = orHelp(HELP, seedOf);
  const random = seededRandom(seed);
  // The minimum is out of reach, so that no training runs beside the likes.
  const app = await startApp({
    args: ['--aws-port=0', '--site-port=0', '-c', 'minimumInteractions=1000000'],
  });
  try {
    const client = new GalleryClient(app.siteUrl);
    const account = new Account(app);
    const { failures, written } = await sendMalformed({
      client,
      account,
      operatorToken: operatorToken(app.operatorLink),
      requests: REQUESTS,
      random,
    });
    client.close();
    account.close();
    for (const failure of failures.slice(0, 10)) console.log(failure);
    verdict(`${REQUESTS} malformed requests: no 5xx, none accepted`, failures.length === 0);
    verdict('nothing written by them', written.length === 0);

    await app.stop();
    const report = await runChaos(app, { ...PLAN, random });
    console.log(
      `seed ${seed}: ${report.repeated} requests repeated, ${report.functionsKilled} functions and ${PLAN.kills} times the whole ` +
        `killed; everything delivered ${report.deliverySeconds.toFixed(0)} s after the last like`,
    );
    verdict(`${LIKES} likes accepted`, report.accepted.length === LIKES);
    verdict('each stored once', isDeepStrictEqual(report.stored, report.accepted));
    verdict('each counted once', report.counted === LIKES);
    verdict("each in Amazon Personalize's dataset once", isDeepStrictEqual(report.delivered, report.likes));
  } finally {
    await app.dispose();
  }
}

endWithOutput();
main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
