// Every list shows what was made, by its parent where it has one; tags are set, listed, replaced and removed.
import {
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-personalize';
import { parseBody, requestOf } from './calls';
import { errorOf, type Harness, ROLE, startHarness } from './harness';
import { makeFilter, makeWorld, type World } from './world';

const S3 = { s3DataSource: { path: 's3://bucket/in/' } };
const S3_OUT = { s3DataDestination: { path: 's3://bucket/out/' } };

describe('lists and tags', () => {
  let h: Harness;
  let world: World;
  const call = async (name: string, body: object) => {
    const { status, body: bytes } = await h.service.handle(requestOf(name, body));
    const answer = parseBody(bytes.toString());
    if (status !== 200) throw new Error(`${name}: ${JSON.stringify(answer)}`);
    return answer;
  };

  beforeAll(async () => {
    h = await startHarness();
    world = await makeWorld(h, 'lists');
    const { datasetGroupArn, datasetArns, solutionVersionArn } = world;
    await makeFilter(h, datasetGroupArn, 'lists', 'INCLUDE ItemID WHERE Items.EMOTION IN ("sad")');
    const roleArn = ROLE;
    await call('CreateDatasetImportJob', {
      jobName: 'i',
      datasetArn: datasetArns.ITEMS,
      roleArn,
      dataSource: { dataLocation: 's3://bucket/i.csv' },
    });
    await call('CreateDatasetExportJob', {
      jobName: 'e',
      datasetArn: datasetArns.ITEMS,
      roleArn,
      jobOutput: S3_OUT,
    });
    await call('CreateDataDeletionJob', {
      jobName: 'd',
      datasetGroupArn,
      roleArn,
      dataSource: { dataLocation: 's3://bucket/d/' },
    });
    await call('CreateBatchInferenceJob', {
      jobName: 'b',
      solutionVersionArn,
      roleArn,
      jobInput: S3,
      jobOutput: S3_OUT,
    });
    await call('CreateMetricAttribution', {
      name: 'm',
      datasetGroupArn,
      metrics: [{ eventType: 'like', metricName: 'likes', expression: 'SAMPLECOUNT()' }],
      metricsOutputConfig: { roleArn },
    });
  });
  afterAll(() => h.stop());

  const group = () => ({ datasetGroupArn: world.datasetGroupArn });
  const cases: readonly (readonly [string, string, number, () => object])[] = [
    ['ListDatasetGroups', 'datasetGroups', 1, () => ({})],
    ['ListSchemas', 'schemas', 3, () => ({})],
    ['ListDatasets', 'datasets', 3, group],
    ['ListDatasetImportJobs', 'datasetImportJobs', 1, () => ({ datasetArn: world.datasetArns.ITEMS })],
    ['ListDatasetExportJobs', 'datasetExportJobs', 1, () => ({ datasetArn: world.datasetArns.ITEMS })],
    ['ListDataDeletionJobs', 'dataDeletionJobs', 1, group],
    ['ListEventTrackers', 'eventTrackers', 1, group],
    ['ListFilters', 'Filters', 1, group],
    ['ListSolutions', 'solutions', 1, group],
    ['ListSolutionVersions', 'solutionVersions', 1, () => ({ solutionArn: world.solutionArn })],
    ['ListCampaigns', 'campaigns', 1, () => ({ solutionArn: world.solutionArn })],
    [
      'ListBatchInferenceJobs',
      'batchInferenceJobs',
      1,
      () => ({ solutionVersionArn: world.solutionVersionArn }),
    ],
    ['ListBatchSegmentJobs', 'batchSegmentJobs', 0, () => ({ solutionVersionArn: world.solutionVersionArn })],
    ['ListRecommenders', 'recommenders', 0, group],
    ['ListMetricAttributions', 'metricAttributions', 1, group],
    ['ListMetricAttributionMetrics', 'metrics', 1, () => ({})],
  ];

  it.each(cases)('%s gives %s', async (name, member, count, input) => {
    const answer = await call(name, input());
    expect(answer[member]).toHaveLength(count);
    const elsewhere = Object.fromEntries(
      Object.keys(input()).map((key) => [key, `${world.datasetGroupArn}/none`]),
    );
    if (Object.keys(elsewhere).length > 0 && name !== 'ListSolutionVersions') {
      expect((await call(name, elsewhere))[member]).toEqual([]);
    }
  });

  it('keep the last value of a tag, up to 50 of them', async () => {
    const resourceArn = world.campaignArn;
    const tag = (tags: { tagKey: string; tagValue: string }[]) =>
      h.control.send(new TagResourceCommand({ resourceArn, tags }));
    const list = async () => (await h.control.send(new ListTagsForResourceCommand({ resourceArn }))).tags;
    await tag([
      { tagKey: 'owner', tagValue: 'a' },
      { tagKey: 'stage', tagValue: 'test' },
    ]);
    await tag([{ tagKey: 'owner', tagValue: 'b' }]);
    expect(await list()).toEqual([
      { tagKey: 'owner', tagValue: 'b' },
      { tagKey: 'stage', tagValue: 'test' },
    ]);
    await h.control.send(new UntagResourceCommand({ resourceArn, tagKeys: ['owner', 'unknown'] }));
    expect(await list()).toEqual([{ tagKey: 'stage', tagValue: 'test' }]);
    const many = (count: number) =>
      Array.from({ length: count }, (_, i) => ({ tagKey: `k${i}`, tagValue: '' }));
    await tag(many(49));
    expect((await errorOf(tag([{ tagKey: 'one-more', tagValue: '' }]))).name).toBe('TooManyTagsException');
    expect(await list()).toHaveLength(50);
  });
});
