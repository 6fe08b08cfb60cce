// The deployed app under bad treatment: malformed requests, processes that die, an Amazon Personalize that refuses.
import { lstatSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { seededRandom } from '@emotion-gallery/local-kit/random';
import { Account } from './account';
import { runChaos } from './chaos';
import { GalleryClient, operatorToken } from './gallery-client';
import { sendMalformed } from './malformed';
import { type RunningApp, startApp } from './running-app';

jest.setTimeout(500_000);

let app: RunningApp;

beforeAll(async () => {
  app = await startApp();
});

afterAll(async () => {
  await app?.stop();
  if (app) rmSync(app.stateDir, { recursive: true, force: true });
});

test('what is kept, keys and tokens among it, is its owner’s alone to read', () => {
  const all = readdirSync(app.stateDir, { recursive: true }).map(String);
  // The CDK's assets and the packages that functions find are copied with the modes that their sources have, into a folder that nobody
  // else can enter.
  const files = all.filter((name) => !/^(cdk\.out|lambda\/code\/node_modules)\//.test(name));
  const open = files.filter((name) => {
    const found = lstatSync(join(app.stateDir, name));
    return !found.isSymbolicLink() && (found.mode & 0o077) !== 0;
  });
  expect(open).toEqual([]);
  expect(lstatSync(app.stateDir).mode & 0o777).toBe(0o700);
  expect(readFileSync(join(app.stateDir, 'ready.json'), 'utf8')).toContain(app.credentials.secretAccessKey);
});

test('malformed requests get a client error, and write nothing', async () => {
  const client = new GalleryClient(app.siteUrl);
  const account = new Account(app);
  try {
    const { written, failures } = await sendMalformed({
      client,
      account,
      operatorToken: operatorToken(app.operatorLink),
      requests: 300,
      random: seededRandom(1),
    });
    expect(failures).toEqual([]);
    expect(written).toEqual([]);
  } finally {
    client.close();
    account.close();
  }
});

test('the files of Amazon Personalize are out of reach through CloudFront and without credentials', async () => {
  const client = new GalleryClient(app.siteUrl);
  const bucket = app.outputs[`emotion-gallery-dev-storage`]?.BucketName;
  for (const path of [
    '/personalize/',
    '/personalize/config/x.json',
    '/emotions/../personalize/config/x.json',
  ]) {
    expect((await client.send(path)).status).toBe(404);
  }
  client.close();
  const outside = await fetch(`${app.awsEndpoint}/${bucket}/personalize/config/x.json`);
  expect(outside.status).toBe(403);
});

test('every accepted like is stored, counted and delivered once, whatever dies in between', async () => {
  await app.stop();
  const report = await runChaos(app, { people: 10, likesEach: 50, kills: 1, random: seededRandom(2) });
  expect(report.accepted).toHaveLength(500);
  expect(report.stored).toEqual(report.accepted);
  expect(report.counted).toBe(500);
  expect(report.delivered).toEqual(report.likes);
});
