// npm run bench:update: a deployment of an earlier version, with likes, trained models, campaigns, a configuration file's group and a
// training under way, is updated in place by this version, on the same state.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import {
  PersonalizeClient,
  paginateListCampaigns,
  paginateListSolutionVersions,
} from '@aws-sdk/client-personalize';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { endWithOutput, orHelp } from '@emotion-gallery/local-kit/command-line';
import { Account, administrator, comparable, output } from '../test/local/app/account';
import { GalleryClient, likeOf, operatorToken } from '../test/local/app/gallery-client';
import { likeByTaste } from '../test/local/app/people';
import { type RunningApp, startApp } from '../test/local/app/running-app';
import { cinema } from '../test/local/training/configurations';
import { interactionsCsv, itemsCsv, usersCsv } from '../test/local/training/movies';

const HELP = `npm run bench:update -- CHECKOUT

Deploys the version in CHECKOUT (git worktree add CHECKOUT 1db81ab; npm ci there), lets 27 people like pictures until it is personal,
gives it a configuration file, starts another training, and updates it in place by this version.`;

/** Earlier versions knew one key, and did not write it down. */
const EARLIER_CREDENTIALS = {
  accessKeyId: 'AKIALOCALBOOTSTRAP00',
  secretAccessKey: 'local-bootstrap-secret-key-of-emotion-gallery',
};
const PEOPLE = 27;
const PATIENCE_MS = 300_000;

function verdict(what: string, holds: boolean): void {
  console.log(`${holds ? 'holds ' : 'BROKEN'}  ${what}`);
  if (!holds) process.exitCode = 1;
}

async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await sleep(500)) {
    const found = await look();
    if (found !== undefined) return found;
  }
  throw new Error(`waited ${PATIENCE_MS / 1000} seconds for ${what}`);
}

/** Campaigns and versions of the account, by ARN. */
async function inService(app: RunningApp) {
  const client = new PersonalizeClient(administrator(app));
  const campaigns: Record<string, string> = {};
  for await (const page of paginateListCampaigns({ client }, {}))
    for (const { campaignArn = '', status = '' } of page.campaigns ?? []) campaigns[campaignArn] = status;
  const versions: Record<string, string> = {};
  for await (const page of paginateListSolutionVersions({ client }, {}))
    for (const { solutionVersionArn = '', status = '' } of page.solutionVersions ?? [])
      versions[solutionVersionArn] = status;
  client.destroy();
  return { campaigns, versions };
}

async function collect(client: GalleryClient, operator: string): Promise<string> {
  const people = [
    ...(await client.createPeople(operator, { count: 25, emotion: 'calm' })),
    ...(await client.createPeople(operator, { count: PEOPLE - 25, emotion: 'happy' })),
  ];
  const token = String(people[0]?.token);
  const images = await client.allImages(token);
  for (const person of people)
    await likeByTaste(client, person.token, images, { emotion: 'calm', inside: 15, outside: 25 });
  return token;
}

async function putFiles(app: RunningApp): Promise<void> {
  const s3 = new S3Client({ ...administrator(app), forcePathStyle: true });
  const put = (Key: string, Body: string) =>
    s3.send(new PutObjectCommand({ Bucket: output(app, 'BucketName'), Key, Body }));
  await put('personalize/data/cinema/Interactions/ratings.csv', interactionsCsv);
  await put('personalize/data/cinema/Items/films.csv', itemsCsv);
  await put('personalize/data/cinema/Users/people.csv', usersCsv);
  await put(
    'personalize/batch/cinema/cinema-personal-inference-1/input/people.json',
    '{"userId":"1"}\n{"userId":"2"}\n',
  );
  await put('personalize/batch/cinema/cinema-segments-segment-1/input/films.json', '{"itemId":"1"}\n');
  await put('personalize/config/cinema.json', JSON.stringify(cinema));
  s3.destroy();
}

/** Asks for recommendations again and again; tells where the answers came from one after the other, and from which second on. */
function watchServing(client: GalleryClient, token: string) {
  let isOver = false;
  const watch = async () => {
    const begunAt = Date.now();
    const stretches: { readonly source: string; readonly from: number; count: number }[] = [];
    for (; !isOver; await sleep(200)) {
      const answer = await client.send('/api/recommendations', { token }).catch(() => undefined);
      if (!answer) continue;
      const { status, text } = answer;
      const source = status === 200 ? String(JSON.parse(text).source) : `${status} ${text.slice(0, 200)}`;
      const last = stretches.at(-1);
      if (last?.source === source) last.count += 1;
      else stretches.push({ source, from: Math.round((Date.now() - begunAt) / 1000), count: 1 });
    }
    return stretches;
  };
  return {
    answers: watch(),
    end: () => {
      isOver = true;
    },
  };
}

interface Facts {
  /** Of the first person. */
  readonly token: string;
  readonly siteUrl: string;
  readonly awsEndpoint: string;
  readonly outputs: RunningApp['outputs'];
  readonly likes: readonly string[];
  readonly dataset: readonly string[];
  readonly before: Awaited<ReturnType<typeof inService>>;
  /** ARNs of versions that were in training at the end. */
  readonly training: readonly string[];
}

/** The earlier version, from nothing to personal, stopped in the middle of another training. */
async function liveEarlier(checkout: string, stateDir: string): Promise<Facts> {
  const started = await startApp({ stateDir, root: checkout });
  const app = { ...started, credentials: started.credentials ?? EARLIER_CREDENTIALS };
  try {
    console.log(`the earlier version is up after ${app.startSeconds.toFixed(0)} s`);
    const { siteUrl, awsEndpoint, outputs } = app;
    const client = new GalleryClient(siteUrl);
    const operator = operatorToken(app.operatorLink);
    const token = await collect(client, operator);
    await putFiles(app);
    await until('the gallery to be personal', async () => {
      const { state } = await client.status(operator);
      if (state === 'failed') throw new Error(`it failed: ${JSON.stringify(await client.status(operator))}`);
      return state === 'ready' || undefined;
    });
    await until('the file to be served', async () => {
      const { campaigns } = await inService(app);
      return Object.entries(campaigns).find(
        ([arn, is]) => arn.endsWith('cinema-personal') && is === 'ACTIVE',
      );
    });
    const account = new Account(app);
    const likes = comparable(await account.storedLikes());
    const dataset = comparable(await account.datasetLikes());
    account.close();
    const before = await inService(app);
    const start = { method: 'POST', token: operator, body: { action: 'start' } };
    await client.send('/api/operator/training', start);
    const training = await until('a training to be under way', async () => {
      const { versions } = await inService(app);
      const running = Object.keys(versions).filter((arn) => !(arn in before.versions));
      return running.length > 0 ? running : undefined;
    });
    client.close();
    return { token, siteUrl, awsEndpoint, outputs, likes, dataset, before, training };
  } finally {
    await app.stop();
  }
}

const SAME = [
  ...['LikesTableName', 'ItemsTableName', 'VisitorsTableName', 'TotalsTableName'],
  ...['BucketName', 'DatasetGroupArn', 'TrackingId'],
];

/** This version on the same state, at the same addresses. */
async function update(stateDir: string, facts: Facts): Promise<void> {
  const { token, siteUrl, awsEndpoint, before, training } = facts;
  const port = (url: string) => new URL(url).port;
  const client = new GalleryClient(siteUrl);
  const serving = watchServing(client, token);
  const args = [`--site-port=${port(siteUrl)}`, `--aws-port=${port(awsEndpoint)}`];
  const app = await startApp({ stateDir, args }).finally(serving.end);
  try {
    const stretches = await serving.answers;
    const told = stretches.map(({ source, from, count }) => `${count} ${source} from ${from} s`).join(', ');
    console.log(`updated in ${app.startSeconds.toFixed(0)} s; answers meanwhile: ${told}`);
    // AWS has no process that is started anew.
    const served = stretches.filter(({ source }) => !source.startsWith('503 The site is starting'));
    const isServed = served.length > 0 && served.every(({ source }) => source === 'personalize');
    verdict('what served went on serving, as soon as the process was there', isServed);
    const isSame = SAME.every((name) => output(facts, name) === output(app, name));
    verdict('tables, bucket, dataset group and tracker are the same', isSame);
    const account = new Account(app);
    verdict('every like is stored', isDeepStrictEqual(comparable(await account.storedLikes()), facts.likes));
    const dataset = comparable(await account.datasetLikes());
    verdict('and in the dataset once', isDeepStrictEqual(dataset, facts.dataset));
    account.close();
    const operator = operatorToken(app.operatorLink);
    const groups = await until('all groups to rest', async () => {
      const { groups = [] } = await client.status(operator);
      const isAtRest = groups.length === 2 && groups.every(({ state }) => state !== 'working');
      return isAtRest ? groups : undefined;
    });
    for (const { name, state, waiting, problems } of groups)
      verdict(`${name} is ${state} ${JSON.stringify([...waiting, ...problems])}`, state === 'settled');
    const after = await inService(app);
    const campaigns = [after, before].map((each) => Object.keys(each.campaigns).sort());
    verdict(`the same campaigns are up: ${campaigns[0]}`, isDeepStrictEqual(campaigns[0], campaigns[1]));
    const added = Object.keys(after.versions).filter((arn) => !(arn in before.versions));
    const solutions = added.map((arn) => arn.slice(0, arn.lastIndexOf('/')));
    verdict(
      `what was in training was awaited (${training.length}), and nothing was trained twice: ${added}`,
      training.every((arn) => after.versions[arn] === 'ACTIVE') &&
        new Set(solutions).size === solutions.length,
    );
    const [image] = await client.allImages(token);
    const { accepted } = await client.like(token, [likeOf(String(image?.itemId))]);
    verdict('somebody who was there before is known, and likes', accepted.length === 1);
    const { runs = [] } = await client.status(operator);
    console.log(runs.map(({ reason, outcome, step }) => `${reason}: ${outcome} at ${step}`).join('\n'));
  } finally {
    client.close();
    await app.stop();
  }
}

async function main(): Promise<void> {
  const checkout = orHelp(HELP, () => {
    const [folder] = parseArgs({ allowPositionals: true }).positionals;
    if (folder === undefined) throw new Error('CHECKOUT is missing');
    return resolve(folder);
  });
  const stateDir = mkdtempSync(join(tmpdir(), 'bench-update-'));
  try {
    await update(stateDir, await liveEarlier(checkout, stateDir));
  } finally {
    rmSync(stateDir, { recursive: true, force: true });
  }
}

endWithOutput();
main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
