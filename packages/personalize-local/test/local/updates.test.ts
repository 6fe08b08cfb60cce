// How new items reach a model without a full training: trainingMode UPDATE and the two-hourly update.
import {
  CreateSolutionVersionCommand,
  DescribeCampaignCommand,
  UpdateCampaignCommand,
} from '@aws-sdk/client-personalize';
import { PutItemsCommand } from '@aws-sdk/client-personalize-events';
import { GetRecommendationsCommand } from '@aws-sdk/client-personalize-runtime';
import { errorOf, type Harness, startHarness } from './harness';
import { describeVersion, makeSolution, makeWorld, settled, type World } from './world';

describe('user personalization', () => {
  let h: Harness;
  let world: World;
  beforeAll(async () => {
    h = await startHarness();
    world = await makeWorld(h, 'updates', 'aws-user-personalization');
  });
  afterAll(() => h.stop());

  const putItem = (itemId: string) =>
    h.events.send(
      new PutItemsCommand({
        datasetArn: world.datasetArns.ITEMS,
        items: [{ itemId, properties: '{"emotion":"happy"}' }],
      }),
    );
  const recommended = async () => {
    const command = new GetRecommendationsCommand({
      campaignArn: world.campaignArn,
      userId: 'user-1',
      numResults: 50,
    });
    return (await h.runtime.send(command)).itemList?.map(({ itemId }) => itemId) ?? [];
  };

  it('gives scores that fall along the list', async () => {
    const { itemList = [] } = await h.runtime.send(
      new GetRecommendationsCommand({ campaignArn: world.campaignArn, userId: 'user-1' }),
    );
    expect(itemList.length).toBeGreaterThan(5);
    expect(itemList.some(({ score }) => score !== undefined)).toBe(true);
  });

  it('knows a new item after two hours, not before', async () => {
    h.clock.advance(60_000);
    await putItem('new-item');
    expect(await recommended()).not.toContain('new-item');
    h.clock.advance(2 * 3_600_000);
    await h.until(async () => (await recommended()).includes('new-item'), 'the new item');
  });

  it('takes trainingMode UPDATE once there is a FULL version', async () => {
    const { datasetGroupArn, campaignArn, solutionArn } = world;
    const fresh = await makeSolution(h, {
      name: 'fresh',
      datasetGroupArn,
      recipeArn: 'arn:aws:personalize:::recipe/aws-user-personalization',
    });
    const update = (arn: string) =>
      h.control.send(new CreateSolutionVersionCommand({ solutionArn: arn, trainingMode: 'UPDATE' }));
    expect((await errorOf(update(fresh))).name).toBe('InvalidInputException');
    await putItem('newer-item');
    const { solutionVersionArn = '' } = await update(solutionArn);
    expect(await settled(h, async () => (await describeVersion(h, solutionVersionArn))?.status)).toBe(
      'ACTIVE',
    );
    expect(await describeVersion(h, solutionVersionArn)).toMatchObject({ trainingMode: 'UPDATE' });
    await h.control.send(new UpdateCampaignCommand({ campaignArn, solutionVersionArn }));
    await h.until(async () => {
      const { campaign } = await h.control.send(new DescribeCampaignCommand({ campaignArn }));
      return campaign?.solutionVersionArn === solutionVersionArn;
    });
    expect(await recommended()).toContain('newer-item');
    const row = h.service
      .statusPage()
      .split('\n')
      .find((line) => line.includes(solutionVersionArn));
    expect(row).toContain('The update ');
  });

  it('refuses trainingMode UPDATE as long as no dataset has anything new', async () => {
    const { solutionArn } = world;
    const train = (trainingMode: 'FULL' | 'UPDATE') =>
      h.control.send(new CreateSolutionVersionCommand({ solutionArn, trainingMode }));
    h.clock.advance(60_000);
    const { solutionVersionArn = '' } = await train('FULL');
    await settled(h, async () => (await describeVersion(h, solutionVersionArn))?.status);
    expect(await errorOf(train('UPDATE'))).toMatchObject({
      name: 'InvalidInputException',
      message: expect.stringMatching(/^There should be updates to at least one dataset after last active/),
    });
    h.clock.advance(60_000);
    await putItem('newest-item');
    expect(await train('UPDATE')).toMatchObject({ solutionVersionArn: expect.any(String) });
  });

  it('refuses trainingMode AUTOTRAIN from a caller', async () => {
    const { solutionArn } = world;
    const command = new CreateSolutionVersionCommand({ solutionArn, trainingMode: 'AUTOTRAIN' });
    expect((await errorOf(h.control.send(command))).name).toBe('InvalidInputException');
  });
});
