// npm start is interrupted in the middle of its deployments and of a training; the next one ends what was begun, and nobody has to delete
// anything.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '@emotion-gallery/local-kit/random';
import { hasFailed, interruptStarts } from './interruptions';
import { startApp } from './running-app';
import { fill, outcomeOfTrainings } from './trainings';

jest.setTimeout(900_000);

const stateDir = mkdtempSync(join(tmpdir(), 'interrupted-'));
afterAll(() => rmSync(stateDir, { recursive: true, force: true }));

test('starts that are killed, interrupted and terminated at different steps leave nothing that hinders the next', async () => {
  const interruptions = await interruptStarts({ stateDir, rounds: 3, random: seededRandom(11) });
  expect(interruptions.filter(hasFailed)).toEqual([]);
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
  expect(interruptions.filter(hasFailed)).toEqual([]);
  const app = await startApp({ stateDir });
  try {
    const { executions, records, versions } = await outcomeOfTrainings(app);
    expect(new Set(executions)).toEqual(new Set(['SUCCEEDED']));
    // Whichever execution took it up, it was one training.
    expect(records).toEqual(['succeeded']);
    for (const each of versions) expect(each).toEqual(['ACTIVE']);
  } finally {
    await app.stop();
  }
});
