// The app under bad treatment, in one deployment: starts that are interrupted, malformed requests, processes that die, an Amazon
// Personalize that refuses, a training that is interrupted. Nobody has to delete anything in between.
import { createHash } from 'node:crypto';
import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '@emotion-gallery/local-kit/random';
import { phoneJpeg } from '../../support/pictures';
import { eventually } from '../training/eventually';
import { Account } from './account';
import { runChaos } from './chaos';
import { EndpointProcess } from './endpoint';
import { GalleryClient, operatorToken } from './gallery-client';
import { hasFailed, interruptStarts } from './interruptions';
import { sendMalformed } from './malformed';
import { type RunningApp, startApp } from './running-app';
import { fill, outcomeOfTrainings } from './trainings';

jest.setTimeout(900_000);

/** Together they have half of the minimum, and are too few people. */
const CHAOS = { people: 10, likesEach: 50, kills: 1, speed: 30 };
/** With those of the chaos 25 people: the likes of the last one are the minimum, and a little more. */
const COMING = 15;

const stateDir = mkdtempSync(join(tmpdir(), 'app-'));
let app: RunningApp;

afterAll(async () => {
  await app?.stop();
  rmSync(stateDir, { recursive: true, force: true });
});

test('starts that are killed, interrupted and terminated at different steps leave nothing that hinders the next', async () => {
  const interruptions = await interruptStarts({ stateDir, rounds: 3, random: seededRandom(11) });
  expect(interruptions.filter(hasFailed)).toEqual([]);
  app = await startApp({ stateDir });
  expect(Object.keys(app.outputs).length).toBeGreaterThan(4);
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

test('an operator sends a picture, everybody sees it; taken out it is gone everywhere, and it can be put back', async () => {
  const client = new GalleryClient(app.siteUrl);
  const token = operatorToken(app.operatorLink);
  const body = Buffer.from(await phoneJpeg(80, 60, 1));
  const sha256 = createHash('sha256').update(body).digest('base64');
  const file = { emotion: 'calm', name: '호수.jpg', type: 'image/jpeg', bytes: body.length, sha256 };
  const operator = async (path: string, more: object = {}) => {
    const answer = await client.send(`/api/operator/${path}`, { token, ...more });
    return { status: answer.status, body: JSON.parse(answer.text) };
  };
  const plan = async () =>
    (await operator('uploads', { method: 'POST', body: { files: [file] } })).body.uploads[0];
  const { itemId, request } = await plan();
  const put = (headers: object, rawBody: Buffer = body) =>
    client.send(request.url, { method: 'PUT', headers: { ...request.headers, ...headers }, rawBody });
  // Another type, size or content is refused, and so is another address.
  expect((await put({ 'content-type': 'text/html' })).status).toBe(404);
  expect((await put({}, Buffer.concat([body, body]))).status).toBe(404);
  expect((await put({}, Buffer.alloc(body.length, 1))).status).toBe(400);
  const [, query] = request.url.split('?');
  const elsewhere = await client.send(`/emotions/sad/other.jpg?${query}`, {
    ...{ method: 'PUT', headers: request.headers, rawBody: body },
  });
  expect(elsewhere.status).toBe(404);
  expect((await client.send('/emotions/sad/other.jpg', { method: 'DELETE' })).status).toBe(404);
  expect((await put({})).status).toBe(200);

  const until = (what: string, holds: () => Promise<boolean>) =>
    eventually(async () => (await holds()) || undefined, what);
  await until('its listing', async () => (await plan()).state === 'listed');
  const visitor = await client.createVisitor();
  const listed = async () => (await client.allImages(visitor.token)).some((image) => image.itemId === itemId);
  await until('the picture', listed);
  const { image } = await plan();
  expect((await client.send(image.url)).status).toBe(200);
  expect((await client.send(encodeURI(`/${itemId}`))).status).toBe(404);

  const move = (action: string) =>
    operator('pictures', { method: 'POST', body: { action, itemId } }).then(({ status }) => status);
  expect(await move('remove')).toBe(202);
  await until('its removal from the API', async () => !(await listed()));
  await until('its removal from the distribution', async () => (await client.send(image.url)).status === 404);
  expect((await plan()).state).toBe('removed');
  expect((await client.send(encodeURI(`/removed/${itemId}`))).status).toBe(404);
  expect((await operator('removed')).body.files[0]).toMatchObject({ itemId });
  expect(await move('restore')).toBe(202);
  await until('its return', listed);
  expect((await plan()).image.url).not.toBe(image.url);
  client.close();
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
  const report = await runChaos(app, { ...CHAOS, random: seededRandom(2) });
  expect(report.accepted).toHaveLength(500);
  expect(report.stored).toEqual(report.accepted);
  expect(report.counted).toBe(500);
  expect(report.delivered).toEqual(report.likes);
});

test('a training that is killed, interrupted and terminated goes on, and trains each model once', async () => {
  const endpoint = await EndpointProcess.start({ app });
  await fill(app, COMING);
  await endpoint.end('SIGKILL');
  const interruptions = await interruptStarts({
    stateDir,
    rounds: 3,
    random: seededRandom(12),
    withinMs: 6000,
  });
  expect(interruptions.filter(hasFailed)).toEqual([]);
  app = await startApp({ stateDir });
  const { executions, records, versions } = await outcomeOfTrainings(app);
  expect(new Set(executions)).toEqual(new Set(['SUCCEEDED']));
  // Whichever execution took it up, it was one training.
  expect(records).toEqual(['succeeded']);
  for (const each of versions) expect(each).toEqual(['ACTIVE']);
});
