// Walks every resource type through create, use and delete, and proves each deletion rule, over HTTP with the real SDK.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CreateBatchInferenceJobCommand,
  CreateDataDeletionJobCommand,
  CreateDatasetExportJobCommand,
  CreateDatasetImportJobCommand,
  CreateMetricAttributionCommand,
  CreateRecommenderCommand,
  CreateSolutionVersionCommand,
  DeleteCampaignCommand,
  DeleteDatasetCommand,
  DeleteDatasetGroupCommand,
  DeleteEventTrackerCommand,
  DeleteFilterCommand,
  DeleteMetricAttributionCommand,
  DeleteSchemaCommand,
  DeleteSolutionCommand,
  DescribeBatchInferenceJobCommand,
  DescribeCampaignCommand,
  DescribeDataDeletionJobCommand,
  DescribeDatasetCommand,
  DescribeDatasetExportJobCommand,
  DescribeDatasetGroupCommand,
  DescribeDatasetImportJobCommand,
  DescribeEventTrackerCommand,
  DescribeFilterCommand,
  DescribeMetricAttributionCommand,
  DescribeSolutionCommand,
  DescribeSolutionVersionCommand,
  GetSolutionMetricsCommand,
  ListMetricAttributionMetricsCommand,
  StopSolutionVersionCreationCommand,
  UpdateCampaignCommand,
  UpdateDatasetCommand,
  UpdateMetricAttributionCommand,
  UpdateSolutionCommand,
} from '@aws-sdk/client-personalize';
import { GetRecommendationsCommand } from '@aws-sdk/client-personalize-runtime';
import { errorOf, type Harness, ROLE, startHarness } from './harness';
import {
  avro,
  campaignStatus,
  describeVersion,
  gone,
  like,
  makeFilter,
  makeGroup,
  makeSchema,
  makeSolution,
  makeWorld,
  SCHEMAS,
  settled,
  type World,
} from './world';

describe('life cycles', () => {
  let h: Harness;
  let world: World;
  beforeAll(async () => {
    h = await startHarness();
    world = await makeWorld(h, 'gallery');
  });
  afterAll(() => h.stop());

  const refusal = async (promise: Promise<unknown>) => (await errorOf(promise)).name;

  it('recommends the items that most users liked, with a recommendation id', async () => {
    const { itemList, recommendationId } = await h.runtime.send(
      new GetRecommendationsCommand({ campaignArn: world.campaignArn, userId: 'user-1', numResults: 3 }),
    );
    expect(itemList?.map(({ itemId }) => itemId)[0]).toBe('item-9');
    expect(itemList).toHaveLength(3);
    expect(recommendationId).toMatch(
      /^RID-[0-9a-f]{2}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}-CID-[0-9a-f]{6}$/,
    );
  });

  it('gives metrics of a trained version and refuses those of one in training', async () => {
    const { metrics } = await h.control.send(
      new GetSolutionMetricsCommand({ solutionVersionArn: world.solutionVersionArn }),
    );
    expect(Object.keys(metrics ?? {})).toEqual(
      expect.arrayContaining(['coverage', 'mean_reciprocal_rank_at_25', 'precision_at_5']),
    );
    const { solutionVersionArn } = await h.control.send(
      new CreateSolutionVersionCommand({ solutionArn: world.solutionArn }),
    );
    expect(
      await errorOf(h.control.send(new GetSolutionMetricsCommand({ solutionVersionArn }))),
    ).toMatchObject({
      name: 'InvalidInputException',
      message: `The given solution must be in the ACTIVE state: ${solutionVersionArn}`,
    });
    await h.control.send(new StopSolutionVersionCreationCommand({ solutionVersionArn }));
    expect((await describeVersion(h, solutionVersionArn ?? ''))?.status).toBe('CREATE STOPPED');
    expect(
      await refusal(h.control.send(new StopSolutionVersionCreationCommand({ solutionVersionArn }))),
    ).toBe('ResourceInUseException');
  });

  it('stops a training that has begun by way of CREATE STOPPING', async () => {
    const { solutionVersionArn = '' } = await h.control.send(
      new CreateSolutionVersionCommand({ solutionArn: world.solutionArn }),
    );
    await h.until(
      async () => (await describeVersion(h, solutionVersionArn))?.status === 'CREATE IN_PROGRESS',
    );
    await h.control.send(new StopSolutionVersionCreationCommand({ solutionVersionArn }));
    expect((await describeVersion(h, solutionVersionArn))?.status).toBe('CREATE STOPPING');
    await h.until(async () => (await describeVersion(h, solutionVersionArn))?.status === 'CREATE STOPPED');
  });

  it('fails a training on too little data with the documented texts', async () => {
    const small = await makeSolution(h, {
      name: 'small',
      datasetGroupArn: world.datasetGroupArn,
      eventType: 'buy',
    });
    const { solutionVersionArn = '' } = await h.control.send(
      new CreateSolutionVersionCommand({ solutionArn: small }),
    );
    await settled(h, async () => (await describeVersion(h, solutionVersionArn))?.status);
    const version = await describeVersion(h, solutionVersionArn);
    expect(version?.status).toBe('CREATE FAILED');
    expect(version?.failureReason).toContain(
      'fewer than 1000 interactions after filtering by event type: buy',
    );
    await h.control.send(new DeleteSolutionCommand({ solutionArn: small }));
    await gone(h, () => h.control.send(new DescribeSolutionCommand({ solutionArn: small })));
    await gone(h, () => h.control.send(new DescribeSolutionVersionCommand({ solutionVersionArn })));
  });

  it('serves the old version while an update of the campaign is under way, and refuses a second one', async () => {
    const { campaignArn, solutionVersionArn } = world;
    await h.control.send(new UpdateCampaignCommand({ campaignArn, minProvisionedTPS: 2 }));
    const during = (await h.control.send(new DescribeCampaignCommand({ campaignArn }))).campaign;
    expect(during).toMatchObject({ status: 'ACTIVE', minProvisionedTPS: 1 });
    expect(during?.latestCampaignUpdate).toMatchObject({
      status: 'CREATE PENDING',
      minProvisionedTPS: 2,
      solutionVersionArn,
    });
    expect(
      (await h.runtime.send(new GetRecommendationsCommand({ campaignArn, userId: 'a' }))).itemList,
    ).toHaveLength(10);
    expect(
      await refusal(h.control.send(new UpdateCampaignCommand({ campaignArn, minProvisionedTPS: 3 }))),
    ).toBe('ResourceInUseException');
    expect(await refusal(h.control.send(new DeleteCampaignCommand({ campaignArn })))).toBe(
      'ResourceInUseException',
    );
    await h.until(async () => {
      const { campaign } = await h.control.send(new DescribeCampaignCommand({ campaignArn }));
      return campaign?.latestCampaignUpdate?.status === 'ACTIVE';
    });
    const after = (await h.control.send(new DescribeCampaignCommand({ campaignArn }))).campaign;
    expect(after?.minProvisionedTPS).toBe(2);
  });

  it('follows the latest version with $LATEST and syncWithLatestSolutionVersion, which needs $LATEST', async () => {
    const { campaignArn, solutionArn } = world;
    const solutionVersionArn = `${solutionArn}/$LATEST`;
    const campaignConfig = { syncWithLatestSolutionVersion: true };
    expect(await refusal(h.control.send(new UpdateCampaignCommand({ campaignArn, campaignConfig })))).toBe(
      'InvalidInputException',
    );
    expect(
      await refusal(
        h.control.send(new UpdateCampaignCommand({ campaignArn, solutionVersionArn: solutionArn })),
      ),
    ).toBe('ResourceNotFoundException');
    await h.control.send(new UpdateCampaignCommand({ campaignArn, solutionVersionArn, campaignConfig }));
    const describe = async () =>
      (await h.control.send(new DescribeCampaignCommand({ campaignArn }))).campaign;
    await h.until(async () => (await describe())?.latestCampaignUpdate?.status === 'ACTIVE');
    const first = (await describe())?.latestCampaignUpdate?.creationDateTime;
    await h.control.send(new CreateSolutionVersionCommand({ solutionArn }));
    await h.until(async () => {
      const update = (await describe())?.latestCampaignUpdate;
      return update?.status === 'ACTIVE' && update.creationDateTime?.getTime() !== first?.getTime();
    }, 'an update to the new version');
    expect((await describe())?.solutionVersionArn).toBe(solutionVersionArn);
  });

  it('changes what a solution may change, once the update is ACTIVE', async () => {
    const { solutionArn } = world;
    await h.control.send(
      new UpdateSolutionCommand({
        solutionArn,
        performAutoTraining: true,
        solutionUpdateConfig: { autoTrainingConfig: { schedulingExpression: 'rate(2 days)' } },
      }),
    );
    expect(
      await refusal(h.control.send(new UpdateSolutionCommand({ solutionArn, performAutoTraining: true }))),
    ).toBe('ResourceInUseException');
    const describe = async () =>
      (await h.control.send(new DescribeSolutionCommand({ solutionArn }))).solution;
    await h.until(async () => (await describe())?.latestSolutionUpdate?.status === 'ACTIVE');
    expect(await describe()).toMatchObject({
      performAutoTraining: true,
      solutionConfig: { autoTrainingConfig: { schedulingExpression: 'rate(2 days)' } },
    });
    expect((await describe())?.latestSolutionVersion?.solutionVersionArn).toMatch(/\/[0-9a-f]{8}$/);
    await h.control.send(new UpdateSolutionCommand({ solutionArn, performAutoTraining: false }));
    await h.until(async () => (await describe())?.performAutoTraining === false);
  });

  it('replaces the schema of an Items dataset by one with more columns', async () => {
    const datasetArn = world.datasetArns.ITEMS;
    const wider = avro('Items', [
      { name: 'ITEM_ID', type: 'string' },
      { name: 'EMOTION', type: 'string', categorical: true },
      { name: 'PRICE', type: ['null', 'float'] },
      { name: 'ARTIST', type: ['null', 'string'], categorical: true },
    ]);
    const schemaArn = await makeSchema(h, 'wider-items', wider);
    await h.control.send(new UpdateDatasetCommand({ datasetArn, schemaArn }));
    const describe = async () => (await h.control.send(new DescribeDatasetCommand({ datasetArn }))).dataset;
    await h.until(async () => (await describe())?.latestDatasetUpdate?.status === 'ACTIVE');
    expect((await describe())?.schemaArn).toBe(schemaArn);
    const interactions = world.datasetArns.INTERACTIONS;
    expect(
      await refusal(h.control.send(new UpdateDatasetCommand({ datasetArn: interactions, schemaArn }))),
    ).toBe('InvalidInputException');
    await h.control.send(new DeleteSchemaCommand({ schemaArn: world.schemaArns.ITEMS }));
    world = { ...world, schemaArns: { ...world.schemaArns, ITEMS: schemaArn } };
  });

  it('imports, exports and deletes data through S3', async () => {
    const bucket = join(h.s3Dir, 'bucket');
    await mkdir(join(bucket, 'delete'), { recursive: true });
    const rows = Array.from(
      { length: 1000 },
      (_, i) => `bulk-${i % 40},item-${i % 10},${1_700_000_000 + i},view,`,
    );
    await writeFile(
      join(bucket, 'i.csv'),
      ['USER_ID,ITEM_ID,TIMESTAMP,EVENT_TYPE,EVENT_VALUE', ...rows, ''].join('\n'),
    );
    const importJob = async (jobName: string, dataLocation: string, importMode: 'FULL' | 'INCREMENTAL') => {
      const { datasetImportJobArn } = await h.control.send(
        new CreateDatasetImportJobCommand({
          jobName,
          datasetArn: world.datasetArns.INTERACTIONS,
          dataSource: { dataLocation },
          roleArn: ROLE,
          importMode,
        }),
      );
      const describe = async () =>
        (await h.control.send(new DescribeDatasetImportJobCommand({ datasetImportJobArn }))).datasetImportJob;
      await settled(h, async () => (await describe())?.status);
      return describe();
    };
    expect(await refusal(importJob('too-early', 's3://bucket/i.csv', 'INCREMENTAL'))).toBe(
      'InvalidInputException',
    );
    expect(await importJob('missing', 's3://bucket/nothing.csv', 'FULL')).toMatchObject({
      status: 'CREATE FAILED',
      failureReason: 'Invalid Data location.',
    });
    expect(await importJob('import', 's3://bucket/i.csv', 'FULL')).toMatchObject({ status: 'ACTIVE' });
    expect(await refusal(importJob('import', 's3://bucket/i.csv', 'FULL'))).toBe(
      'ResourceAlreadyExistsException',
    );

    const { datasetExportJobArn } = await h.control.send(
      new CreateDatasetExportJobCommand({
        jobName: 'export',
        datasetArn: world.datasetArns.INTERACTIONS,
        ingestionMode: 'BULK',
        roleArn: ROLE,
        jobOutput: { s3DataDestination: { path: 's3://bucket/out' } },
      }),
    );
    const exported = () => h.control.send(new DescribeDatasetExportJobCommand({ datasetExportJobArn }));
    expect(await settled(h, async () => (await exported()).datasetExportJob?.status)).toBe('ACTIVE');
    const csv = await readFile(join(bucket, 'out/export/interactions.csv'), 'utf8');
    expect(csv.trim().split('\n')).toHaveLength(1001);

    await writeFile(join(bucket, 'delete', 'users.csv'), 'USER_ID\nbulk-1\nnobody\n');
    const { dataDeletionJobArn } = await h.control.send(
      new CreateDataDeletionJobCommand({
        jobName: 'forget',
        datasetGroupArn: world.datasetGroupArn,
        dataSource: { dataLocation: 's3://bucket/delete/' },
        roleArn: ROLE,
      }),
    );
    const deletion = async () =>
      (await h.control.send(new DescribeDataDeletionJobCommand({ dataDeletionJobArn }))).dataDeletionJob;
    expect((await deletion())?.status).toBe('PENDING');
    expect(await settled(h, async () => (await deletion())?.status)).toBe('COMPLETED');
    expect((await deletion())?.numDeleted).toBe(1);
  });

  it('writes batch recommendations, one line for each input line, errors included', async () => {
    const bucket = join(h.s3Dir, 'bucket');
    await mkdir(join(bucket, 'batch'), { recursive: true });
    await writeFile(join(bucket, 'batch', 'users.json'), '{"userId":"user-1"}\nnot json\n{"itemId":"x"}\n');
    const { batchInferenceJobArn } = await h.control.send(
      new CreateBatchInferenceJobCommand({
        jobName: 'batch',
        solutionVersionArn: world.solutionVersionArn,
        numResults: 2,
        roleArn: ROLE,
        jobInput: { s3DataSource: { path: 's3://bucket/batch/' } },
        jobOutput: { s3DataDestination: { path: 's3://bucket/batch-out/' } },
      }),
    );
    const describe = async () =>
      (await h.control.send(new DescribeBatchInferenceJobCommand({ batchInferenceJobArn })))
        .batchInferenceJob;
    expect((await describe())?.status).toBe('CREATE PENDING');
    expect(await settled(h, async () => (await describe())?.status)).toBe('ACTIVE');
    const text = await readFile(join(bucket, 'batch-out/users.json.out'), 'utf8');
    const [first, second, third] = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(first).toMatchObject({ input: { userId: 'user-1' }, error: null });
    expect(first.output.recommendedItems).toHaveLength(2);
    expect(second.error).toMatch(/not valid JSON/);
    expect(third.error).toMatch(/userId is missing/);
  });

  it('keeps one metric attribution with its metrics', async () => {
    const { datasetGroupArn } = world;
    const input = {
      name: 'kpi',
      datasetGroupArn,
      metrics: [{ eventType: 'like', metricName: 'likes', expression: 'SAMPLECOUNT()' }],
      metricsOutputConfig: { roleArn: ROLE, s3DataDestination: { path: 's3://bucket/kpi' } },
    };
    const { metricAttributionArn } = await h.control.send(new CreateMetricAttributionCommand(input));
    const describe = () => h.control.send(new DescribeMetricAttributionCommand({ metricAttributionArn }));
    await settled(h, async () => (await describe()).metricAttribution?.status);
    expect(
      await refusal(h.control.send(new CreateMetricAttributionCommand({ ...input, name: 'kpi-2' }))),
    ).toBe('ResourceAlreadyExistsException');
    await h.control.send(
      new UpdateMetricAttributionCommand({
        metricAttributionArn,
        addMetrics: [{ eventType: 'like', metricName: 'value', expression: 'SUM(Interactions.EVENT_VALUE)' }],
        removeMetrics: ['likes'],
      }),
    );
    const { metrics } = await h.control.send(
      new ListMetricAttributionMetricsCommand({ metricAttributionArn }),
    );
    expect(metrics).toEqual([
      { eventType: 'like', metricName: 'value', expression: 'SUM(Interactions.EVENT_VALUE)' },
    ]);
    await h.control.send(new DeleteMetricAttributionCommand({ metricAttributionArn }));
    await gone(h, describe);
  });

  it('makes recommenders in domain dataset groups only', async () => {
    const recipeArn = 'arn:aws:personalize:::recipe/aws-vod-most-popular';
    const inCustom = h.control.send(
      new CreateRecommenderCommand({ name: 'r', datasetGroupArn: world.datasetGroupArn, recipeArn }),
    );
    expect(['InvalidInputException', 'ResourceNotFoundException']).toContain(await refusal(inCustom));
  });

  it('deletes in the documented order only', async () => {
    const { campaignArn, solutionArn, eventTrackerArn, datasetArns, datasetGroupArn, schemaArns } = world;
    const { control } = h;
    const filterArn = await makeFilter(
      h,
      datasetGroupArn,
      'f',
      'INCLUDE ItemID WHERE Items.EMOTION IN ("happy")',
    );
    const deleteGroup = () => control.send(new DeleteDatasetGroupCommand({ datasetGroupArn }));

    expect(await refusal(control.send(new DeleteSolutionCommand({ solutionArn })))).toBe(
      'ResourceInUseException',
    );
    await control.send(new DeleteCampaignCommand({ campaignArn }));
    expect(await campaignStatus(h, campaignArn)).toBe('DELETE PENDING');
    expect(await refusal(control.send(new DeleteCampaignCommand({ campaignArn })))).toBe(
      'ResourceInUseException',
    );
    await gone(h, () => control.send(new DescribeCampaignCommand({ campaignArn })));

    await like(h, world.trackingId, 200, 201);
    const { solutionVersionArn } = await control.send(new CreateSolutionVersionCommand({ solutionArn }));
    expect(await refusal(control.send(new DeleteSolutionCommand({ solutionArn })))).toBe(
      'ResourceInUseException',
    );
    expect(await refusal(control.send(new DeleteDatasetCommand({ datasetArn: datasetArns.ITEMS })))).toBe(
      'ResourceInUseException',
    );
    await control.send(new StopSolutionVersionCreationCommand({ solutionVersionArn }));
    expect(await refusal(deleteGroup())).toBe('ResourceInUseException');
    await control.send(new DeleteSolutionCommand({ solutionArn }));
    await gone(h, () => control.send(new DescribeSolutionCommand({ solutionArn })));

    await control.send(new DeleteFilterCommand({ filterArn }));
    await gone(h, () => control.send(new DescribeFilterCommand({ filterArn })));
    expect(await refusal(deleteGroup())).toBe('ResourceInUseException');
    await control.send(new DeleteEventTrackerCommand({ eventTrackerArn }));
    await gone(h, () => control.send(new DescribeEventTrackerCommand({ eventTrackerArn })));
    for (const type of ['INTERACTIONS', 'ITEMS', 'USERS'] as const) {
      expect(await refusal(deleteGroup())).toBe('ResourceInUseException');
      const schemaArn = schemaArns[type];
      expect(await refusal(control.send(new DeleteSchemaCommand({ schemaArn })))).toBe(
        'ResourceInUseException',
      );
      await control.send(new DeleteDatasetCommand({ datasetArn: datasetArns[type] }));
      await gone(h, () => control.send(new DescribeDatasetCommand({ datasetArn: datasetArns[type] })));
      await control.send(new DeleteSchemaCommand({ schemaArn }));
    }
    await deleteGroup();
    expect(await refusal(deleteGroup())).toBe('ResourceInUseException');
    await gone(h, () => control.send(new DescribeDatasetGroupCommand({ datasetGroupArn })));
  });

  it('lets a name be used again once the resource is gone', async () => {
    const datasetGroupArn = await makeGroup(h, 'gallery');
    await makeSchema(h, 'gallery-ITEMS', SCHEMAS.ITEMS);
    expect(datasetGroupArn).toContain('dataset-group/gallery');
  });
});
