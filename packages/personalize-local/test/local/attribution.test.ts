// Metric attribution: whom an event is put down to, as CloudWatch data points and as reports in S3; filters of batch jobs.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CreateBatchInferenceJobCommand,
  CreateDatasetImportJobCommand,
  CreateMetricAttributionCommand,
  DescribeBatchInferenceJobCommand,
  DescribeDatasetImportJobCommand,
  DescribeMetricAttributionCommand,
} from '@aws-sdk/client-personalize';
import { PutEventsCommand } from '@aws-sdk/client-personalize-events';
import { GetRecommendationsCommand } from '@aws-sdk/client-personalize-runtime';
import { type Harness, ROLE, startHarness } from './harness';
import { makeFilter, makeWorld, settled, type World } from './world';

interface Point {
  readonly name: string;
  readonly value: number;
  readonly source?: string;
}

let h: Harness;
let world: World;
let points: Point[] = [];
beforeAll(async () => {
  h = await startHarness({
    putMetric: (name, value, _unit, dimensions) => {
      points.push({ name, value, source: dimensions.EVENT_ATTRIBUTION_SOURCE });
    },
  });
  world = await makeWorld(h, 'attribution');
  const { metricAttributionArn } = await h.control.send(
    new CreateMetricAttributionCommand({
      name: 'kpi',
      datasetGroupArn: world.datasetGroupArn,
      metrics: [
        { eventType: 'like', metricName: 'likes', expression: 'SAMPLECOUNT()' },
        { eventType: 'like', metricName: 'turnover', expression: 'SUM(Items.PRICE)' },
      ],
      metricsOutputConfig: { roleArn: ROLE, s3DataDestination: { path: 's3://bucket/kpi' } },
    }),
  );
  await settled(h, async () => {
    const command = new DescribeMetricAttributionCommand({ metricAttributionArn });
    return (await h.control.send(command)).metricAttribution?.status;
  });
  await mkdir(join(h.s3Dir, 'bucket'), { recursive: true });
});
afterAll(() => h.stop());

const attributed = async (event: object) => {
  points = [];
  await h.events.send(
    new PutEventsCommand({
      trackingId: world.trackingId,
      userId: 'user-1',
      sessionId: 's',
      eventList: [{ eventType: 'like', itemId: 'item-7', sentAt: new Date(h.clock.now()), ...event }],
    }),
  );
  return points.filter(({ source }) => source !== undefined);
};

describe('an event', () => {
  it('is put down to the source that it names, to the campaign behind its recommendation, or to nobody', async () => {
    const { recommendationId } = await h.runtime.send(
      new GetRecommendationsCommand({ campaignArn: world.campaignArn, userId: 'user-1' }),
    );
    const named = { metricAttribution: { eventAttributionSource: 'newsletter' }, recommendationId };
    expect(await attributed(named)).toEqual([
      { name: 'likes', value: 1, source: 'newsletter' },
      { name: 'turnover', value: 7, source: 'newsletter' },
    ]);
    expect((await attributed({ recommendationId }))[0]?.source).toBe(world.campaignArn);
    expect((await attributed({}))[0]?.source).toBe('SOURCE_NAME_UNDEFINED');
    expect(await attributed({ eventType: 'share' })).toEqual([]);
  });
});

describe('an import', () => {
  const importRows = async (
    jobName: string,
    importMode: 'FULL' | 'INCREMENTAL',
    at: number,
    publish = true,
  ) => {
    const rows = Array.from(
      { length: 1000 },
      (_, i) => `user-${i % 40},item-${i % 10},${at + (i % 2) * 900},${i < 700 ? 'like' : 'view'},1`,
    );
    const csv = ['USER_ID,ITEM_ID,TIMESTAMP,EVENT_TYPE,EVENT_VALUE', ...rows].join('\n');
    await writeFile(join(h.s3Dir, 'bucket', `${jobName}.csv`), csv);
    points = [];
    const { datasetImportJobArn } = await h.control.send(
      new CreateDatasetImportJobCommand({
        jobName,
        datasetArn: world.datasetArns.INTERACTIONS,
        roleArn: ROLE,
        dataSource: { dataLocation: `s3://bucket/${jobName}.csv` },
        importMode,
        publishAttributionMetricsToS3: publish,
      }),
    );
    const describe = async () =>
      (await h.control.send(new DescribeDatasetImportJobCommand({ datasetImportJobArn }))).datasetImportJob;
    expect(await settled(h, async () => (await describe())?.status)).toBe('ACTIVE');
  };
  const reports = () => readdir(join(h.s3Dir, 'bucket', 'kpi')).catch((): string[] => []);

  it('writes a report by metric, source and quarter of an hour where the job asks for one', async () => {
    const at = 900 * 1_900_000;
    await importRows('silent', 'FULL', at, false);
    expect(await reports()).toEqual([]);
    await importRows('full', 'FULL', at);
    const [name = ''] = await reports();
    expect(name).toMatch(/^AggregatedAttributionMetrics-FULL-\d+\.csv$/);
    const lines = (await readFile(join(h.s3Dir, 'bucket', 'kpi', name), 'utf8')).trim().split('\n');
    expect(lines[0]).toBe('METRIC_NAME,EVENT_TYPE,VALUE,MATH_FUNCTION,EVENT_ATTRIBUTION_SOURCE,TIMESTAMP');
    // Rows repeat after twenty: forty users, ten items and two times make forty distinct likes, twenty in each interval.
    expect(lines.slice(1).sort()).toEqual([
      `likes,like,20.0,samplecount,SOURCE_NAME_UNDEFINED,${at}`,
      `likes,like,20.0,samplecount,SOURCE_NAME_UNDEFINED,${at + 900}`,
      `turnover,like,100.0,sum,SOURCE_NAME_UNDEFINED,${at + 900}`,
      `turnover,like,80.0,sum,SOURCE_NAME_UNDEFINED,${at}`,
    ]);
    expect(points.filter(({ source }) => source !== undefined)).toEqual([]);
  });

  it('sends data points for what an incremental job brings, unless it is older than two weeks', async () => {
    await importRows('recent', 'INCREMENTAL', Math.floor(h.clock.now() / 900_000) * 900 - 86_400);
    const likes = points.filter(({ name }) => name === 'likes');
    expect(likes.reduce((sum, { value }) => sum + value, 0)).toBe(40);
    await importRows('old', 'INCREMENTAL', Math.floor(h.clock.now() / 900_000) * 900 - 20 * 86_400);
    expect(points.filter(({ name }) => name === 'likes')).toEqual([]);
  });
});

describe('a batch job', () => {
  it('obeys its filter, with the values that each line gives', async () => {
    const filterArn = await makeFilter(
      h,
      world.datasetGroupArn,
      'mood',
      'INCLUDE ItemID WHERE Items.EMOTION IN ($MOOD)',
    );
    await mkdir(join(h.s3Dir, 'bucket', 'moods'), { recursive: true });
    const lines = ['happy', 'sad'].map((mood) =>
      JSON.stringify({ userId: 'user-1', filterValues: { MOOD: `"${mood}"` } }),
    );
    await writeFile(
      join(h.s3Dir, 'bucket', 'moods', 'in.json'),
      [...lines, '{"userId":"user-1"}'].join('\n'),
    );
    const { batchInferenceJobArn } = await h.control.send(
      new CreateBatchInferenceJobCommand({
        jobName: 'moods',
        solutionVersionArn: world.solutionVersionArn,
        filterArn,
        numResults: 3,
        roleArn: ROLE,
        jobInput: { s3DataSource: { path: 's3://bucket/moods/' } },
        jobOutput: { s3DataDestination: { path: 's3://bucket/moods-out/' } },
      }),
    );
    const describe = async () =>
      (await h.control.send(new DescribeBatchInferenceJobCommand({ batchInferenceJobArn })))
        .batchInferenceJob;
    expect(await settled(h, async () => (await describe())?.status)).toBe('ACTIVE');
    const text = await readFile(join(h.s3Dir, 'bucket/moods-out/in.json.out'), 'utf8');
    const answers = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const parities = answers
      .slice(0, 2)
      .map(({ output }) => output.recommendedItems.map((id: string) => Number(id.slice(-1)) % 2));
    expect(parities).toEqual([
      [0, 0, 0],
      [1, 1, 1],
    ]);
    expect(answers[2]).toMatchObject({ output: null, error: expect.stringContaining('MOOD') });
  });
});
