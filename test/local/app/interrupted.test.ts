// npm start is interrupted in the middle of its deployments and of a training; the next one ends what was begun, and nobody has to delete
// anything.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  ListSolutionsCommand,
  ListSolutionVersionsCommand,
  PersonalizeClient,
} from '@aws-sdk/client-personalize';
import { ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { seededRandom } from '@emotion-gallery/local-kit/random';
import { administrator, output } from './account';
import { GalleryClient, operatorToken } from './gallery-client';
import { type Interruption, interruptStarts } from './interruptions';
import { likeByTaste } from './people';
import { type RunningApp, startApp } from './running-app';

jest.setTimeout(900_000);

const PICTURES = 240;
/** 25 people with 41 likes: the minimum, and a little more. */
const CROWD = { people: 25, inside: 20, outside: 21 };

const stateDir = mkdtempSync(join(tmpdir(), 'interrupted-'));
afterAll(() => rmSync(stateDir, { recursive: true, force: true }));

const failed = (interruptions: readonly Interruption[]) =>
  interruptions.filter(({ said }) => /deployment failed|Error/.test(said));

/** Likes that start the training. */
async function fill(app: RunningApp): Promise<void> {
  const client = new GalleryClient(app.siteUrl);
  const people = await client.createPeople(operatorToken(app.operatorLink), { count: CROWD.people });
  const [first] = people;
  let images = await client.allImages(String(first?.token));
  while (images.length < PICTURES) {
    await sleep(200);
    images = await client.allImages(String(first?.token));
  }
  for (const { token } of people) await likeByTaste(client, token, images, { emotion: 'calm', ...CROWD });
  client.close();
}

/** The runs of the pipeline when none goes on and the models are trained, and the versions of each solution. */
async function outcome(app: RunningApp) {
  const states = new SFNClient(administrator(app));
  const personalize = new PersonalizeClient(administrator(app));
  try {
    for (;;) {
      const stateMachineArn = output(app, 'PipelineArn');
      const { executions = [] } = await states.send(new ListExecutionsCommand({ stateMachineArn }));
      const runs = executions.map(({ status }) => status);
      if (runs.length > 0 && !runs.includes('RUNNING')) {
        const { solutions = [] } = await personalize.send(new ListSolutionsCommand({}));
        const versions = await Promise.all(
          solutions.map(async ({ solutionArn }) => {
            const { solutionVersions } = await personalize.send(
              new ListSolutionVersionsCommand({ solutionArn }),
            );
            return solutionVersions?.map(({ status }) => status);
          }),
        );
        // Runs before the minimum only look.
        if (versions.length > 1 && versions.every((each) => each?.length)) return { runs, versions };
      }
      await sleep(500);
    }
  } finally {
    states.destroy();
    personalize.destroy();
  }
}

test('starts that are killed, interrupted and terminated at different steps leave nothing that hinders the next', async () => {
  const interruptions = await interruptStarts({ stateDir, rounds: 3, random: seededRandom(11) });
  expect(failed(interruptions)).toEqual([]);
  const app = await startApp({ stateDir });
  expect(Object.keys(app.outputs).length).toBeGreaterThan(4);
  await fill(app);
  await app.kill();
});

test('a training that is killed, interrupted and terminated goes on, and trains each model once', async () => {
  const interruptions = await interruptStarts({
    stateDir,
    rounds: 3,
    random: seededRandom(12),
    withinMs: 6000,
  });
  expect(failed(interruptions)).toEqual([]);
  const app = await startApp({ stateDir });
  try {
    const { runs, versions } = await outcome(app);
    expect(new Set(runs)).toEqual(new Set(['SUCCEEDED']));
    const client = new GalleryClient(app.siteUrl);
    const { runs: records } = await client.status(operatorToken(app.operatorLink));
    client.close();
    // Whichever execution took it up, it was one training.
    expect(records?.map(({ outcome }) => outcome)).toEqual(['succeeded']);
    for (const each of versions) expect(each).toEqual(['ACTIVE']);
  } finally {
    await app.stop();
  }
});
