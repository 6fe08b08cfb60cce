// The training pipeline, run for real: the deployed state machine with its roles, against Amazon Personalize on localhost.
import { DescribeCampaignCommand, ListSolutionsCommand } from '@aws-sdk/client-personalize';
import { GROUP_ARN, PREFIX, personalizeArn, TrainingHarness } from './harness';
import { addPictures, likePictures } from './people';

jest.setTimeout(120_000);

let gallery: TrainingHarness;

beforeAll(async () => {
  gallery = await TrainingHarness.start();
  await addPictures(gallery);
  await likePictures(gallery);
});
afterAll(() => gallery?.stop());

interface Result {
  readonly solution: string;
  readonly version: string;
  readonly metrics: Readonly<Record<string, number>>;
  readonly verdict: { readonly passed: boolean; readonly why: string };
}

const resultsOf = (output: unknown) => (output as { results: Result[] }).results;

const campaign = async (name: string) =>
  (
    await gallery.control.send(
      new DescribeCampaignCommand({ campaignArn: personalizeArn('campaign', `${PREFIX}-${name}`) }),
    )
  ).campaign;

test('the minimum starts a run that trains, judges, serves, records and tells', async () => {
  const { status, output, executionArn } = await gallery.run({ reason: 'minimum-reached' });
  expect(status).toBe('SUCCEEDED');
  const results = resultsOf(output);
  expect(results.map(({ solution }) => solution)).toEqual(
    ['popularity', 'personal', 'similar', 'ranking'].map((name) => `${PREFIX}-${name}`),
  );
  const personal = results[1] as Result;
  expect(personal.verdict).toMatchObject({ passed: true, why: 'good enough' });
  expect(await campaign('personal')).toMatchObject({
    status: 'ACTIVE',
    solutionVersionArn: personal.version,
  });
  expect(await campaign('similar')).toMatchObject({ status: 'ACTIVE' });
  // A model without a campaign costs nothing while nobody asks it.
  await expect(campaign('ranking')).rejects.toThrow('does not exist');

  const [record, ...more] = await gallery.records();
  expect(more).toEqual([]);
  expect(record).toMatchObject({ outcome: 'succeeded', reason: 'minimum-reached', execution: executionArn });
  expect(await gallery.mailbox.mail()).toEqual({
    subject: `Emotion Gallery: training of ${PREFIX} succeeded`,
    text: expect.stringMatching(/personal: serves\n {2}because: good enough\n/),
  });
  expect(await gallery.mailbox.event()).toEqual({
    type: 'PipelineSucceeded',
    detail: expect.objectContaining({ datasetGroupArn: GROUP_ARN, reason: 'minimum-reached', results }),
  });
  const { solutions = [] } = await gallery.control.send(
    new ListSolutionsCommand({ datasetGroupArn: GROUP_ARN }),
  );
  expect(solutions).toHaveLength(4);
});
