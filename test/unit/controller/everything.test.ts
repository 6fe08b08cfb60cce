// A configuration file that has every field there is: each thing of it is made by a call with all that the file says of it.
import type { ActualFiles } from '../../../lambda/controller/actual';
import { emptyDeclaration } from '../../../lambda/controller/declaration';
import { newRow } from '../../../lambda/controller/group-row';
import { observe } from '../../../lambda/controller/observe';
import { tick } from '../../../lambda/controller/tick';
import { declarationOf } from '../../../lambda/shared/configuration/declare';
import { readConfiguration } from '../../../lambda/shared/configuration/read';
import { everything } from '../lambda/configuration/everything';
import { FakePersonalize } from './fake-personalize';
import { Random } from './random';
import { VirtualTime } from './virtual-time';

const SOURCE = 'personalize/config/shop.json';
const ROLE = 'arn:aws:iam::123456789012:role/personalize';
const KEY = 'arn:aws:kms:us-east-1:123456789012:key/k';
const HOUR = 3_600_000;
const recipe = (name: string) => `arn:aws:personalize:::recipe/aws-${name}`;

/** Actions are a custom group's, recommenders one of a domain: so the file is read twice. */
const { domain: _, ...customGroup } = everything.datasetGroup.serviceConfig;
const nextBestAction = {
  serviceConfig: { name: 'next-action', recipeArn: recipe('next-best-action') },
  campaigns: [{ serviceConfig: { name: 'next-action' } }],
};
const custom = {
  ...everything,
  datasetGroup: { ...everything.datasetGroup, serviceConfig: customGroup },
  recommenders: [],
  solutions: [...everything.solutions, nextBestAction],
};
const { actions: _actions, actionInteractions: _taken, ...shopDatasets } = everything.datasets;
const shop = { ...everything, datasets: shopDatasets };

type Call = readonly [string, Record<string, unknown>];

class Group {
  readonly calls: Call[] = [];
  private readonly time = new VirtualTime(Date.parse('2026-03-02T00:00:00Z'));
  private readonly service = new FakePersonalize(new Random(1), this.time);
  private readonly startedAt = this.time.now;
  private row = newRow(
    { name: 'shop', arn: 'arn:aws:personalize:us-east-1:123456789012:dataset-group/shop' },
    new Date(this.startedAt).toISOString(),
  );
  private file: object | undefined;

  declare(file: object | undefined): void {
    this.file = file;
  }

  /** Brings it to what is declared, and lets a day pass so that schedules come. */
  async settle(): Promise<typeof this.row> {
    for (const end = this.time.now + 25 * HOUR; this.time.now < end; ) {
      const { row, waitSeconds } = await this.tick();
      this.row = row;
      this.time.now =
        waitSeconds === undefined
          ? Math.max(Date.parse(row.lookAt), this.time.now + 1000)
          : this.time.now + waitSeconds * 1000;
    }
    return this.row;
  }

  /** What was asked for, in the order of the calls. */
  inputs(operation: string): Record<string, unknown>[] {
    return this.calls.flatMap(([name, input]) => (name === operation ? [input] : []));
  }

  left(): string[] {
    return [...this.service.things.values()].map(({ kind, name }) => `${kind} ${name}`);
  }

  private tick() {
    const { time } = this;
    const api = {
      call: (operation: string, input: object) => {
        if (!/^(List|Describe|Get)/.test(operation)) this.calls.push([operation, input as Call[1]]);
        return this.service.call(operation, input);
      },
    };
    const at = new Date(this.startedAt).toISOString();
    return tick(
      {
        ...{ api, now: () => time.now, timeLeft: () => true },
        wanted: async () => this.wanted(at),
        observe: (declaration, { schemas }) =>
          observe(
            {
              ...{ api, memo: new Map(), arnBase: 'arn:aws:personalize:us-east-1:123456789012', schemas },
              progress: async () => undefined,
              filesOf: async ({ type }): Promise<ActualFiles> => ({
                type,
                newestAt: this.startedAt,
                fingerprint: '00000001',
                found: [],
              }),
            },
            declaration,
          ),
        beginRun: async () => undefined,
        noteStep: async () => undefined,
        noteSchema: async () => undefined,
        endRun: async () => undefined,
        run: { key: 'run', reason: 'test', startedAt: at },
      },
      this.row,
    );
  }

  private wanted(declaredAt: string) {
    if (!this.file) return { sources: [], declaration: emptyDeclaration({ name: 'shop' }, 'gallery') };
    const read = readConfiguration(JSON.stringify(this.file), {
      roles: [ROLE],
      keys: [KEY],
      galleryGroup: 'g',
    });
    if (!read.ok) throw new Error(JSON.stringify(read.problems));
    const declaration = declarationOf(read.configuration, {
      ...{ source: { name: SOURCE, declaredAt }, bucket: 'b', serviceRoleArn: ROLE, galleryGroup: 'gallery' },
      gate: { metric: 'm', minimumRatioToBaseline: 0, minimumRatioToServed: 0, standardErrors: 0 },
    });
    return { sources: [{ name: SOURCE }], declaration };
  }
}

const tagged = expect.arrayContaining([
  { tagKey: 'team', tagValue: 'shop' },
  { tagKey: 'emotion-gallery:deployment', tagValue: 'gallery' },
]);

test('a custom group: role and key, actions, solutions, versions, campaigns and batch jobs with all their settings', async () => {
  const group = new Group();
  group.declare(custom);
  const row = await group.settle();
  expect(row.problems).toEqual([]);
  expect(group.inputs('CreateDatasetGroup')).toEqual([
    expect.objectContaining({ roleArn: ROLE, kmsKeyArn: KEY, tags: tagged }),
  ]);
  expect(group.inputs('CreateDataset').map(({ datasetType }) => datasetType)).toEqual([
    ...['Interactions', 'Items', 'Users', 'Actions', 'Action_Interactions'],
  ]);
  const imports = group.inputs('CreateDatasetImportJob');
  expect(imports.slice(0, 5).map(({ importMode }) => importMode)).toEqual(Array(5).fill('FULL'));
  for (const { tags } of imports) expect(tags).toEqual([{ tagKey: 'team', tagValue: 'shop' }]);
  const [solution] = group.inputs('CreateSolution');
  expect(solution).toEqual({
    ...everything.solutions[0]?.serviceConfig,
    datasetGroupArn: expect.any(String),
    tags: tagged,
  });
  const versions = group.inputs('CreateSolutionVersion');
  for (const { tags } of versions.slice(0, 1)) expect(tags).toEqual(tagged);
  expect(
    group
      .inputs('CreateCampaign')
      .map(({ name }) => name)
      .sort(),
  ).toEqual(['next-action', 'personal', 'texts']);
  expect(group.inputs('CreateBatchInferenceJob')[0]).toMatchObject({
    ...{ batchInferenceJobMode: 'THEME_GENERATION', numResults: 20, roleArn: ROLE },
    filterArn: expect.stringMatching(/filter\/cheap$/),
    jobInput: { s3DataSource: { path: 's3://b/personalize/batch/shop/personal-inference-1/input/' } },
  });
  expect(group.inputs('CreateBatchSegmentJob')[0]).toMatchObject({ numResults: 20 });
});

test('a solution and its versions have each the tags that are said of it', async () => {
  const [first] = everything.solutions;
  const group = new Group();
  const version = [{ tagKey: 'of', tagValue: 'version' }];
  const one = { ...first, workflowConfig: { maxAge: '3 days', tags: version } };
  group.declare({ ...custom, tags: undefined, solutions: [one] });
  await group.settle();
  const keys = (operation: string) =>
    ((group.inputs(operation)[0]?.tags ?? []) as { tagKey: string }[]).map(({ tagKey }) => tagKey).sort();
  expect(keys('CreateSolution')).toEqual(['emotion-gallery:deployment', 'team']);
  expect(keys('CreateSolutionVersion')).toEqual(['emotion-gallery:deployment', 'of']);
});

test('a group with a domain: its recommender, and nothing of it is left when the file goes', async () => {
  const group = new Group();
  group.declare(shop);
  expect((await group.settle()).problems).toEqual([]);
  expect(group.inputs('CreateRecommender')).toEqual([
    expect.objectContaining({ ...everything.recommenders[0]?.serviceConfig, tags: tagged }),
  ]);
  group.declare(undefined);
  await group.settle();
  // Jobs of the past cannot be deleted.
  expect(group.left().filter((thing) => !/Job /.test(thing))).toEqual([]);
});
