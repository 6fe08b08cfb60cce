// npm start is interrupted in the middle of its deployments; the one after ends what they began, and nobody has to delete anything.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '@emotion-gallery/local-kit/random';
import { interruptStarts } from './interruptions';
import { startApp } from './running-app';

jest.setTimeout(600_000);

test('starts that are killed, interrupted and terminated at different steps leave nothing that hinders the next', async () => {
  const stateDir = mkdtempSync(join(tmpdir(), 'interrupted-'));
  try {
    const interruptions = await interruptStarts({ stateDir, rounds: 4, random: seededRandom(11) });
    const failed = interruptions.filter(({ said }) => /deployment failed|Error/.test(said));
    expect(failed).toEqual([]);
    const app = await startApp({ stateDir });
    expect(Object.keys(app.outputs).length).toBeGreaterThan(4);
    await app.stop();
  } finally {
    rmSync(stateDir, { recursive: true, force: true });
  }
});
