// The plan as a pure function: what is done, what is waited for, what a person is told. The random worlds are in simulation.test.ts.
import { type Actual, nothing } from '../../../lambda/controller/actual';
import {
  type Declaration,
  type DeclaredDataset,
  type DeclaredImport,
  emptyDeclaration,
  merge,
} from '../../../lambda/controller/declaration';
import { galleryDeclaration, type ServableModel } from '../../../lambda/controller/gallery';
import { plan } from '../../../lambda/controller/plan';
import { nothingAsked } from '../../../lambda/controller/planning';
import { isDue, nextTime } from '../../../lambda/controller/schedule-times';

const NOW = Date.parse('2026-06-01T12:00:00Z');
const DAY = 86_400_000;
const gate = {
  metric: 'normalized_discounted_cumulative_gain_at_25',
  ...{ minimumRatioToBaseline: 1, minimumRatioToServed: 0.95, standardErrors: 1.645 },
};

const gallery = (...served: ServableModel[]): Declaration =>
  galleryDeclaration({
    ...{ datasetGroup: 'g', served, schedule: 'rate(7 days)', gate, bucket: 'b' },
    minimum: { users: 25, interactions: 1000 },
    serviceRoleArn: 'arn:aws:iam::123456789012:role/r',
  });

const arn = (kind: string, name: string) => `arn:aws:personalize:us-east-1:123456789012:${kind}/${name}`;
const there = (kind: string, name: string, status = 'ACTIVE', createdAt = NOW - DAY) => ({
  ...{ name, arn: arn(kind, name), status, createdAt },
});
const group = there('dataset-group', 'g');
const progress = { users: 30, qualifiedUsers: 25, interactions: 1000 };
const version = (model: string, status = 'ACTIVE', createdAt = NOW - DAY, failureReason?: string) => ({
  ...there('solution', `g-${model}/${createdAt}`, status, createdAt),
  ...{ solution: `g-${model}`, trainingMode: 'FULL', metrics: { [gate.metric]: 0.5 }, failureReason },
});
const solution = (model: string) => ({ ...there('solution', `g-${model}`), recipeArn: 'r' });
const campaign = (model: string, tps = 1) => ({
  ...there('campaign', `g-${model}`),
  ...{ solution: `g-${model}`, solutionVersionArn: version(model).arn, minProvisionedTPS: tps },
});

const actual = (changes: Partial<Actual> = {}): Actual => ({
  ...nothing,
  datasetGroup: group,
  progress,
  ...changes,
});
const trained = (...models: string[]): Partial<Actual> => ({
  solutions: models.map(solution),
  versions: models.map((model) => version(model)),
});
const ready = ({ actions }: ReturnType<typeof plan>) =>
  actions.filter(({ call }) => call).map(({ id }) => id);

describe('before the first training', () => {
  test.each([
    [{ users: 30, qualifiedUsers: 25, interactions: 994 }, '6 more likes'],
    [{ users: 30, qualifiedUsers: 24, interactions: 1000 }, '1 more person with two likes'],
    [{ users: 2600, qualifiedUsers: 25, interactions: 4000 }, '1 more person with two likes'],
    [{ users: 0, qualifiedUsers: 0, interactions: 0 }, '1000 more likes and 25 more people with two likes'],
    [
      { users: 30, qualifiedUsers: 25, interactions: 900, undelivered: 60 },
      '100 more likes; 60 that were given are still on their way to Amazon Personalize',
    ],
  ])('with %j it is a state that says what is missing, not a failure', (counted, message) => {
    const planned = plan(gallery('personal'), actual({ progress: counted }), NOW);
    expect(planned.actions).toEqual([]);
    expect(planned.problems).toEqual([]);
    expect(planned.waiting.map((each) => each.message)).toEqual([message]);
  });

  test('a training that found too little data is repeated after a while, however it was counted', () => {
    const failed = (createdAt: number) =>
      actual({
        solutions: [solution('similar')],
        versions: [
          version('similar', 'CREATE FAILED', createdAt, 'Dataset has fewer than 1000 interactions'),
        ],
      });
    const soon = plan(gallery('similar'), failed(NOW - 60_000), NOW);
    expect(ready(soon)).toEqual([]);
    expect(soon.problems).toEqual([expect.objectContaining({ code: 'NotEnoughData' })]);
    expect(soon.waiting[0]?.message).toMatch(/tried again: Dataset has fewer than 1000 interactions$/);
    expect(ready(plan(gallery('similar'), failed(NOW - 6 * 60_000), NOW))).toEqual([
      'train solution version g-similar',
    ]);
  });

  test('a training that found too little data is repeated at once when more were imported since', () => {
    const failed = version(
      'similar',
      'CREATE FAILED',
      NOW - 60_000,
      'Dataset has fewer than 1000 interactions',
    );
    const planned = (importedAt: number, status = 'ACTIVE') =>
      plan(
        gallery('similar'),
        actual({
          ...{ solutions: [solution('similar')], versions: [failed] },
          imports: [{ ...there('dataset-import-job', 'j', status, importedAt), type: 'Interactions' }],
        }),
        NOW,
      );
    expect(ready(planned(NOW - 61_000))).toEqual([]);
    expect(ready(planned(NOW - 30_000, 'CREATE FAILED'))).toEqual([]);
    expect(planned(NOW - 30_000).problems).toEqual([]);
    expect(ready(planned(NOW - 30_000))).toEqual(['train solution version g-similar']);
  });

  test('a training that an operator asks for waits as well, and begins once there is enough', () => {
    const asked = { ...nothingAsked, trainingAt: NOW };
    const planned = (interactions: number) =>
      plan(gallery('similar'), actual({ progress: { ...progress, interactions } }), NOW, asked);
    expect(planned(994)).toMatchObject({
      ...{ actions: [], problems: [] },
      waiting: [{ for: 'likes', message: '6 more likes' }],
    });
    expect(ready(planned(1000))).toEqual(['create solution g-similar']);
  });
});

describe('the gallery’s own declaration', () => {
  test('only what is served is trained, and the baseline beside it', () => {
    expect(ready(plan(gallery('personal', 'similar'), actual(), NOW))).toEqual([
      'create solution g-popularity',
      'create solution g-personal',
      'create solution g-similar',
    ]);
    expect(ready(plan(gallery('similar'), actual(), NOW))).toEqual(['create solution g-similar']);
    expect(ready(plan(gallery(), actual(), NOW))).toEqual([]);
  });

  test('campaigns that the settings name no more are taken down, with what that saves; what was learned stays', () => {
    const up = actual({
      ...trained('popularity', 'personal', 'similar'),
      campaigns: [campaign('personal'), campaign('similar')],
    });
    const planned = plan(gallery(), up, NOW);
    expect(ready(planned)).toEqual(['delete campaign g-personal', 'delete campaign g-similar']);
    expect(planned.pricePerHour.now).toBeGreaterThan(0);
    expect(planned.pricePerHour.after).toBeCloseTo(0);
  });

  test('a campaign is made once its version and the baseline are trained, at a price', () => {
    const planned = plan(gallery('personal'), actual(trained('popularity', 'personal')), NOW);
    expect(planned.actions).toEqual([
      expect.objectContaining({ id: 'create campaign g-personal', pricePerHour: 0.54 }),
    ]);
    const baseline = {
      ...trained('popularity', 'personal'),
      versions: [version('popularity', 'CREATE PENDING'), version('personal')],
    };
    expect(ready(plan(gallery('personal'), actual(baseline), NOW))).toEqual([]);
  });

  test('the schedule asks for a version when the newest is too old, and the plan says when that will be', () => {
    const up = { ...trained('similar'), campaigns: [campaign('similar')] };
    expect(plan(gallery('similar'), actual(up), NOW).next?.at).toBe(new Date(NOW + 6 * DAY).toISOString());
    const later = plan(gallery('similar'), actual(up), NOW + 6 * DAY);
    expect(ready(later)).toEqual(['train solution version g-similar']);
    const paused = { ...nothingAsked, pausedSchedules: ['rate(7 days)'] };
    expect(plan(gallery('similar'), actual(up), NOW + 6 * DAY, paused).actions).toEqual([]);
  });

  test('what an operator stopped is not begun again, until it is asked for anew or its schedule is due', () => {
    const stopped = actual({
      solutions: [solution('similar')],
      versions: [version('similar', 'CREATE STOPPED', NOW - 1000)],
    });
    const asked = { ...nothingAsked, stoppedAt: NOW };
    expect(plan(gallery('similar'), stopped, NOW, asked)).toMatchObject({
      actions: [],
      waiting: [{ for: 'operator' }],
    });
    expect(ready(plan(gallery('similar'), stopped, NOW + 2, { ...asked, trainingAt: NOW + 1 }))).toHaveLength(
      1,
    );
    expect(ready(plan(gallery('similar'), stopped, NOW + 7 * DAY, asked))).toHaveLength(1);
  });

  test('a version that is worse than the one in service is kept, and what serves goes on serving', () => {
    const worse = { ...version('similar', 'ACTIVE', NOW), metrics: { [gate.metric]: 0.1 } };
    const up = actual({ ...trained('similar'), campaigns: [campaign('similar')], progress: undefined });
    const planned = plan(gallery('similar'), { ...up, versions: [...up.versions, worse] }, NOW);
    expect(planned.actions).toEqual([]);
    expect(planned.judged[0]?.verdict).toMatchObject({
      passed: false,
      why: 'below 0.95 times the version in service',
    });
  });
});

test('a version that was refused is not served later, because a newer one was refused as well', () => {
  const refused = { ...version('similar', 'ACTIVE', NOW - 1000), metrics: undefined };
  const newest = { ...version('similar', 'ACTIVE', NOW), metrics: { [gate.metric]: 0.1 } };
  const up = actual({ ...trained('similar'), campaigns: [campaign('similar')], progress: undefined });
  const planned = plan(gallery('similar'), { ...up, versions: [...up.versions, refused, newest] }, NOW);
  expect(planned.actions).toEqual([]);
});

describe('the declaration of a file', () => {
  const source = { name: 'personalize/config/shop.json', declaredAt: new Date(NOW - DAY).toISOString() };
  const shop = (changes: Partial<Declaration> = {}): Declaration => ({
    ...emptyDeclaration({ name: 'g' }, 'gallery'),
    ...{ sources: [source], ...changes },
  });
  const dataset: DeclaredDataset = {
    ...{ name: 'd', type: 'Interactions', source: source.name },
    schema: { name: 's', document: '{"fields":[{"name":"A","type":"string"}]}' },
  };
  const imported: DeclaredImport = {
    ...{ name: 'd', type: 'Interactions', source: source.name, bucket: 'b', prefix: 'data/Interactions/' },
    ...{ mode: 'FULL', schedules: {}, roleArn: 'r' },
  };

  test('without data nothing is made, and it is said what lies near by', () => {
    const files = [{ type: 'Interactions', found: ['data/interactions/x.csv'] }] as const;
    const planned = plan(shop({ datasets: [dataset], imports: [imported] }), { ...nothing, files }, NOW);
    expect(ready(planned)).toEqual([]);
    expect(planned.actions.map(({ id }) => id)).toContain('create dataset group g');
    expect(planned.waiting[0]?.message).toBe(
      'no file under s3://b/data/Interactions/, found data/interactions/x.csv',
    );
  });

  test('files are imported when their listing is another one, whatever their times say', () => {
    const [newestAt, importedAt] = [NOW - 3_600_000, NOW - 1_800_000];
    const datasets = [
      { ...there('dataset', 'd'), type: 'Interactions', schemaArn: 'a', schema: dataset.schema.document },
    ] as const;
    const planned = (fingerprint: string, ...jobs: string[]) => {
      const imports = jobs.map((name, n) => ({
        ...there('dataset-import-job', name, 'ACTIVE', importedAt + n),
        type: 'Interactions' as const,
      }));
      const files = [{ type: 'Interactions', newestAt, fingerprint, found: [] }] as const;
      return plan(
        shop({ datasets: [dataset], imports: [imported] }),
        actual({ datasets, imports, files }),
        NOW,
      ).actions.flatMap(({ verb, call }) => (verb === 'import' && call ? [String(call.input.jobName)] : []));
    };
    const [one = ''] = planned('00000001');
    expect(planned('00000001', one)).toEqual([]);
    // A second upload in the same second, or one in parts that began before the import and ended after it.
    const [other = ''] = planned('00000002', one);
    expect(other).not.toBe(one);
    expect(planned('00000002', one, other)).toEqual([]);
    // As it was before, and yet to be imported again, under a name that no job has.
    const [back = ''] = planned('00000001', one, other);
    expect([one, other]).not.toContain(back);
    expect(back).toMatch(/^.{1,63}$/);
    // Of a job that somebody else made only the time is known.
    expect(planned('00000001', 'by-hand')).toEqual([]);
  });

  test('a dataset that was made again is imported again: jobs of the one before do not count', () => {
    const files = [{ type: 'Interactions', newestAt: NOW - 3 * DAY, found: [] }] as const;
    const datasets = [
      {
        ...there('dataset', 'd', 'ACTIVE', NOW - DAY),
        type: 'Interactions',
        schemaArn: 'a',
        schema: dataset.schema.document,
      },
    ] as const;
    const job = (createdAt: number) => ({
      ...there('dataset-import-job', 'j', 'ACTIVE', createdAt),
      type: 'Interactions' as const,
    });
    const planned = (createdAt: number) =>
      ready(
        plan(
          shop({ datasets: [dataset], imports: [imported] }),
          actual({ datasets, files, imports: [job(createdAt)] }),
          NOW,
        ),
      );
    expect(planned(NOW - 2 * DAY)).toEqual(['import import job d']);
    expect(planned(NOW - DAY + 1)).toEqual([]);
  });

  test('what can only be replaced is refused with old and new, or replaced where the file allows it', () => {
    const filters = [{ name: 'f', source: source.name, filterExpression: 'INCLUDE b' }];
    const is = actual({ filters: [{ ...there('filter', 'f'), filterExpression: 'INCLUDE a' }] });
    const refused = plan(shop({ filters }), is, NOW);
    expect(refused.actions).toEqual([]);
    expect(refused.problems).toEqual([
      expect.objectContaining({
        code: 'ReplacementRefused',
        differences: [{ what: 'filterExpression', from: 'INCLUDE a', to: 'INCLUDE b' }],
      }),
    ]);
    expect(ready(plan(shop({ filters, allowReplace: true }), is, NOW))).toEqual(['delete filter f']);
  });

  test('what it made goes with it, in order, with its price; what it adopted stays', () => {
    const up = actual({
      datasetGroup: { ...group, isOurs: false },
      ...{ solutions: [{ ...solution('x'), isOurs: true }, solution('y')], versions: [version('x')] },
      campaigns: [{ ...campaign('x'), isOurs: true }, campaign('y')],
    });
    const planned = plan(shop({ sources: [] }), up, NOW);
    expect(
      planned.actions.map(({ id, after, pricePerHour }) => ({ id, after, cheaper: pricePerHour < 0 })),
    ).toEqual([
      { id: 'delete campaign g-x', after: [], cheaper: true },
      { id: 'delete solution g-x', after: ['campaign g-x'], cheaper: false },
    ]);
    // While a file cannot be read, it may still declare them.
    expect(plan(shop({ isIncomplete: true }), up, NOW).actions).toEqual([]);
  });

  test('several sources of one group are one declaration', () => {
    const both = merge(
      gallery('similar'),
      shop({ filters: [{ name: 'f', source: source.name, filterExpression: 'x' }] }),
    );
    expect(ready(plan(both, actual(), NOW))).toEqual(['create filter f', 'create solution g-similar']);
  });
});

test.each([
  ['rate(2 hours)', '2026-06-01T00:00:00Z', '2026-06-01T02:00:00Z'],
  ['cron(0 3 ? * MON *)', '2026-06-01T03:00:00Z', '2026-06-08T03:00:00Z'],
  ['cron(0 3 ? * 2 *)', '2026-06-01T02:00:00Z', '2026-06-01T03:00:00Z'],
  ['cron(0/15 * * * ? *)', '2026-06-01T02:01:00Z', '2026-06-01T02:15:00Z'],
  ['cron(15 10 L * ? *)', '2026-06-01T00:00:00Z', '2026-06-30T10:15:00Z'],
])('%s after %s is due at %s', (expression, last, next) => {
  expect(new Date(nextTime(expression, Date.parse(last)) ?? 0).toISOString()).toBe(
    new Date(next).toISOString(),
  );
  expect(isDue(expression, Date.parse(last), Date.parse(next) - 1)).toBe(false);
  expect(isDue(expression, Date.parse(last), Date.parse(next))).toBe(true);
});
