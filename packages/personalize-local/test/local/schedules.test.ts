// Schedules go on after a restart where they were: automatic training, and the two-hourly update of new items.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListSolutionVersionsCommand } from '@aws-sdk/client-personalize';
import { PutItemsCommand } from '@aws-sdk/client-personalize-events';
import { GetRecommendationsCommand } from '@aws-sdk/client-personalize-runtime';
import { type Harness, startHarness } from './harness';
import { makeSolution, makeWorld, type World } from './world';

const MINUTE = 60_000;

describe('after a restart', () => {
  let dir: string;
  let h: Harness;
  let world: World;
  let solutionArn: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'personalize-schedules-'));
    h = await startHarness({ dir });
    world = await makeWorld(h, 'schedules', 'aws-user-personalization');
    solutionArn = await makeSolution(h, {
      name: 'automatic',
      datasetGroupArn: world.datasetGroupArn,
      performAutoTraining: true,
    });
  });
  afterAll(async () => {
    await h.stop({ keep: true });
    await rm(dir, { recursive: true, force: true });
  });

  const restart = async (pause = 0) => {
    const startedAt = h.clock.now() + pause;
    await h.stop({ keep: true });
    h = await startHarness({ dir, startedAt });
  };
  const versions = async () =>
    (await h.control.send(new ListSolutionVersionsCommand({ solutionArn }))).solutionVersions ?? [];
  const recommended = async () => {
    const { campaignArn } = world;
    const command = new GetRecommendationsCommand({ campaignArn, userId: 'user-1', numResults: 50 });
    return (await h.runtime.send(command)).itemList?.map(({ itemId }) => itemId) ?? [];
  };
  const putItem = (itemId: string) =>
    h.events.send(
      new PutItemsCommand({
        datasetArn: world.datasetArns.ITEMS,
        items: [{ itemId, properties: '{"emotion":"happy"}' }],
      }),
    );

  it('the first automatic training and the update of new items come when they would have come', async () => {
    await putItem('soon');
    h.clock.advance(55 * MINUTE);
    await restart();
    expect(await versions()).toEqual([]);
    h.clock.advance(6 * MINUTE);
    await h.until(async () => (await versions()).length === 1, 'the automatic training');
    h.clock.advance(50 * MINUTE);
    await restart();
    expect(await recommended()).not.toContain('soon');
    h.clock.advance(10 * MINUTE);
    await h.until(async () => (await recommended()).includes('soon'), 'the new item');
  });

  it('what fell due while the service was down happens at once', async () => {
    await putItem('later');
    await restart(3 * 60 * MINUTE);
    await h.until(async () => (await recommended()).includes('later'), 'the newer item');
  });
});
