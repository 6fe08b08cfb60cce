// A random world: a dataset group whose declaration changes, in a service that fails, with people who delete things, ticks that die
// or come twice. After the storm it is calm, and the group has to end as declared, or say what a person must do.
import type { Step } from '../../../lambda/controller/actions';
import type { ActualFiles } from '../../../lambda/controller/actual';
import {
  type Declaration,
  type DeclaredBatchJob,
  type DeclaredImport,
  type DeclaredSolution,
  deploymentTag,
  emptyDeclaration,
} from '../../../lambda/controller/declaration';
import { differences } from '../../../lambda/controller/differences';
import { type GroupRow, newRow, type OpenRun } from '../../../lambda/controller/group-row';
import { type RowStore, underLease } from '../../../lambda/controller/lease';
import { type Memo, observe } from '../../../lambda/controller/observe';
import { type Ended, type Ticked, tick, type Wanted } from '../../../lambda/controller/tick';
import { Died, FakePersonalize, fair, type Weather } from './fake-personalize';
import { Random } from './random';

const ARN_BASE = 'arn:aws:personalize:us-east-1:123456789012';
const DEPLOYMENT = 'gallery';
const NAME = 'shop';
export const GROUP = `${ARN_BASE}:dataset-group/${NAME}`;
const SOURCE = 'personalize/config/shop.json';
const HOUR = 3_600_000;
const ROLE = 'arn:aws:iam::123456789012:role/personalize';

/** The rows in memory, with leases as the table has them. */
export class MemoryRows implements RowStore {
  row: GroupRow | undefined;
  private lease = { owner: '', until: 0 };
  writes = 0;

  async take(arn: string, owner: string, { now, until }: { now: number; until: number }) {
    if (this.lease.until > now && this.lease.owner !== owner) return undefined;
    this.lease = { owner, until };
    this.row ??= newRow({ name: arn.slice(arn.indexOf('/') + 1), arn }, new Date(now).toISOString());
    return this.row;
  }

  async give(row: GroupRow, owner: string) {
    if (this.lease.owner !== owner) return;
    this.row = row;
    this.writes += 1;
    this.lease = { owner: '', until: 0 };
  }

  async release() {
    // Only who dies lets go of nothing: its lease ends by itself.
  }

  noteRun(run: OpenRun) {
    if (this.row) this.row = { ...this.row, run };
  }

  ask(asked: Partial<GroupRow>) {
    if (this.row) this.row = { ...this.row, ...asked };
  }
}

const schemaDocument = (type: string, columns: readonly string[]): string =>
  JSON.stringify({
    ...{ type: 'record', name: type, namespace: 'com.amazonaws.personalize.schema' },
    fields: columns.map((name) => ({ name, type: name.startsWith('NEW') ? ['string', 'null'] : 'string' })),
    version: '1.0',
  });

const recipes = ['aws-user-personalization-v2', 'aws-popularity-count', 'aws-similar-items'];
const stormy = (random: Random): Weather => ({
  throttled: random.next() * 0.1,
  failsBefore: random.next() * 0.1,
  failsAfter: random.next() * 0.1,
  dies: random.next() * 0.03,
  fails: random.next() * 0.3,
  slow: random.pick([1000, 60_000, HOUR, 5 * HOUR]),
});

export class World {
  readonly random: Random;
  readonly service: FakePersonalize;
  readonly rows = new MemoryRows();
  readonly files = new Map<string, number>();
  declaration: Declaration;
  now = Date.parse('2026-03-01T00:00:00Z');
  openRuns = 0;
  readonly complaints: string[] = [];
  readonly ended: Ended[] = [];
  private memo: Memo = new Map();
  private serial = 1;
  private readonly isElsewhere: boolean;
  private readonly domain: 'ECOMMERCE' | undefined;

  constructor(readonly seed: number) {
    this.random = new Random(seed);
    this.service = new FakePersonalize(this.random);
    this.isElsewhere = this.random.chance(0.25);
    this.domain = !this.isElsewhere && this.random.chance(0.2) ? 'ECOMMERCE' : undefined;
    this.declaration = this.declare();
  }

  /** A declaration like those that people write, and change. */
  declare(): Declaration {
    const { random } = this;
    const source = { name: SOURCE, declaredAt: new Date(this.now).toISOString() };
    const base = emptyDeclaration(
      { name: NAME, isMadeElsewhere: this.isElsewhere, domain: this.domain },
      DEPLOYMENT,
    );
    if (random.chance(0.1)) return base;
    const types = this.isElsewhere
      ? []
      : (['Interactions', ...(random.chance(0.5) ? (['Items'] as const) : [])] as const);
    const schema = (type: string) =>
      schemaDocument(type, ['ITEM_ID', 'A', ...(random.chance(0.2) ? [random.pick(['NEW', 'B'])] : [])]);
    const solutions = [0, 1, 2].filter(() => random.chance(0.6)).map((index) => this.solution(index));
    return {
      ...base,
      sources: [source],
      allowReplace: random.chance(0.4),
      datasets: types.map((type) => ({
        ...{ type, name: `shop-${type.toLowerCase()}`, source: SOURCE },
        schema: { name: `shop-${type.toLowerCase()}-schema`, document: schema(type) },
      })),
      imports: types.map(
        (type): DeclaredImport => ({
          ...{ type, name: `shop-${type.toLowerCase()}`, source: SOURCE, bucket: 'b', prefix: `${type}/` },
          ...{ mode: random.pick(['FULL', 'INCREMENTAL'] as const), roleArn: ROLE },
          schedules: random.chance(0.2) ? { full: 'rate(12 hours)' } : {},
        }),
      ),
      ...(!this.isElsewhere &&
        random.chance(0.4) && { eventTracker: { name: 'shop-tracker', source: SOURCE } }),
      filters: [0, 1]
        .filter(() => random.chance(0.4))
        .map((index) => ({
          ...{ name: `shop-filter-${index}`, source: SOURCE },
          filterExpression: `INCLUDE ItemID WHERE Items.A IN ("${random.pick(['x', 'x', 'y'])}")`,
        })),
      recommenders: this.domain
        ? [
            {
              ...{
                name: 'shop-recommender',
                source: SOURCE,
                recipeArn: 'arn:aws:personalize:::recipe/aws-ecomm-popular-items-by-views',
              },
              recommenderConfig: { minRecommendationRequestsPerSecond: random.whole(1, 2) },
            },
          ]
        : [],
      solutions,
    };
  }

  private solution(index: number): DeclaredSolution {
    const { random } = this;
    const name = `shop-solution-${index}`;
    const job = (): DeclaredBatchJob => ({
      ...{
        kind: 'inference',
        name: `${name}-inference-1`,
        source: SOURCE,
        input: 's3://b/in/',
        output: 's3://b/out/',
        roleArn: ROLE,
      },
      ...(random.chance(0.4) && { schedule: 'rate(1 day)' }),
    });
    const isServed = random.chance(0.7);
    return {
      ...{ name, source: SOURCE },
      settings: {
        recipeArn: `arn:aws:personalize:::recipe/${random.chance(0.9) ? recipes[index] : random.pick(recipes)}`,
        ...(random.chance(0.2) && { performAutoTraining: true }),
      },
      training: {
        mode: 'FULL',
        withEachUpload: random.chance(0.5),
        ...(random.chance(0.3) && { maxAge: 6 * HOUR }),
        schedules: random.chance(0.3) ? { full: 'rate(1 day)' } : {},
      },
      ...(isServed && {
        gate: {
          ...{
            metric: 'normalized_discounted_cumulative_gain_at_25',
            baseline: 'shop-solution-1',
            standardErrors: 1,
          },
          ...{ minimumRatioToBaseline: 1, minimumRatioToServed: 0.95 },
        },
      }),
      campaigns: isServed
        ? [{ name: `shop-campaign-${index}`, source: SOURCE, minProvisionedTPS: random.whole(1, 2) }]
        : [],
      batchJobs: random.chance(0.2) ? [job()] : [],
    };
  }

  /** Everything that may happen, for a while. */
  async storm(steps: number): Promise<void> {
    this.service.weather = stormy(this.random);
    if (this.isElsewhere) await this.makeGroup();
    this.uploadFiles(0.8);
    for (let step = 0; step < steps; step += 1) {
      const { random } = this;
      if (random.chance(0.08)) this.declaration = this.declare();
      if (random.chance(0.05)) this.uploadFiles(0.5);
      if (random.chance(0.06)) this.deleteSomething();
      if (random.chance(0.03)) this.memo = new Map();
      if (random.chance(0.03)) this.rows.ask({ trainingAskedAt: new Date(this.now).toISOString() });
      if (random.chance(0.02)) this.rows.ask({ stoppedAt: new Date(this.now).toISOString() });
      if (random.chance(0.02)) this.service.weather = stormy(random);
      if (random.chance(0.03)) this.makeByHand();
      await (random.chance(0.15) ? Promise.all([this.tick(), this.tick()]) : this.tick());
      this.check();
      this.pass(Math.floor(random.next() * random.pick([10_000, 120_000, HOUR])));
    }
  }

  /** From now on all goes well, and time goes on until the group rests. */
  async calm(ticks: number): Promise<Ticked | undefined> {
    this.service.weather = fair;
    for (let count = 0; count < ticks; count += 1) {
      const ticked = await this.tick();
      this.check();
      if (!ticked) {
        // A lease of somebody who died.
        this.pass(100_000);
        continue;
      }
      if (ticked.waitSeconds !== undefined) {
        this.pass(ticked.waitSeconds * 1000);
        continue;
      }
      const { state, problems, waiting } = ticked.row;
      const retries = waiting.some((each) => each.for === 'retry');
      const isStuck = state === 'failed' && !retries;
      if (state === 'settled' || isStuck || (state === 'waiting' && problems.length === 0 && !retries))
        return ticked;
      this.pass(Math.max(1000, Date.parse(ticked.row.lookAt) - this.now));
    }
    this.complaints.push(
      `it does not come to rest: ${JSON.stringify(this.rows.row?.problems)} ${JSON.stringify(this.rows.row?.waiting)}`,
    );
    return undefined;
  }

  private pass(ms: number): void {
    this.now += ms;
    this.service.now = this.now;
  }

  private uploadFiles(chance: number): void {
    for (const type of ['Interactions', 'Items']) {
      if (this.random.chance(chance)) this.files.set(type, Math.floor(this.now / 1000) * 1000);
    }
  }

  private async makeGroup(): Promise<void> {
    const { weather } = this.service;
    this.service.weather = { ...fair, slow: 0 };
    await this.service.call('CreateDatasetGroup', { name: NAME, tags: [] });
    this.service.weather = weather;
  }

  /** By hand, as a person does in the console: nothing of it is ours, and it stays. */
  private makeByHand(): void {
    const group = this.service.find('DatasetGroup', NAME);
    if (group?.status !== 'ACTIVE') return;
    const name = `by-hand-${this.serial++}`;
    this.quietly('CreateSolution', {
      name,
      datasetGroupArn: group.arn,
      recipeArn: 'arn:aws:personalize:::recipe/aws-sims',
    });
  }

  private deleteSomething(): void {
    const kind = this.random.pick([
      'Campaign',
      'Filter',
      'Solution',
      'EventTracker',
      'Recommender',
      'Dataset',
    ]);
    const list = this.service.all(kind).filter(({ name }) => !name.startsWith('by-hand'));
    if (list.length === 0) return;
    const arn = this.random.pick(list).arn;
    this.quietly(`Delete${kind}`, { [`${kind.charAt(0).toLowerCase()}${kind.slice(1)}Arn`]: arn });
  }

  /** A person whom the service refuses tries something else. */
  private quietly(operation: string, input: object): void {
    const { weather } = this.service;
    this.service.weather = fair;
    this.service.call(operation, input).catch(() => undefined);
    this.service.weather = weather;
  }

  private async tick(): Promise<Ticked | undefined> {
    const owner = `tick-${this.serial++}`;
    try {
      return await underLease(
        this.rows,
        GROUP,
        owner,
        () => this.now,
        (row, timeLeft) =>
          tick(
            {
              ...{ api: this.service, now: () => this.now, timeLeft },
              wanted: async (): Promise<Wanted> => ({
                declaration: this.declaration,
                sources: this.declaration.sources.map(({ name }) => ({ name })),
              }),
              observe: (declaration, { schemas }) =>
                observe(
                  {
                    ...{
                      api: this.service,
                      memo: this.memo,
                      arnBase: ARN_BASE,
                      schemas,
                      progress: async () => undefined,
                    },
                    filesOf: async ({ type }: DeclaredImport): Promise<ActualFiles> => ({
                      type,
                      newestAt: this.files.get(type),
                      found: [],
                    }),
                  },
                  declaration,
                ),
              beginRun: async (_, run) => {
                if (this.rows.row?.run) this.complaints.push('a run begins while another one is open');
                this.rows.noteRun(run);
              },
              noteStep: async (_row: GroupRow, _run: OpenRun, _step: Step) => undefined,
              endRun: async (_row, _run, ended) => {
                this.ended.push(ended);
              },
              run: { key: owner, reason: 'test', startedAt: new Date(this.now).toISOString() },
            },
            row,
          ),
      );
    } catch (error) {
      if (error instanceof Died) return undefined;
      throw error;
    }
  }

  /** What must never be, storm or not. */
  private check(): void {
    const training = new Map<unknown, number>();
    for (const { settings, status } of this.service.all('SolutionVersion')) {
      if (!/PENDING|IN_PROGRESS/.test(status)) continue;
      training.set(settings.solutionArn, (training.get(settings.solutionArn) ?? 0) + 1);
    }
    for (const [solution, count] of training)
      if (count > 1) this.complaints.push(`${solution} is trained ${count} times at once`);
  }

  /** What is to be there at the end, and what is not. */
  verify(ticked: Ticked): void {
    const { row } = ticked;
    const of = (kind: string) => this.service.all(kind).filter(({ name }) => !name.startsWith('by-hand'));
    const isOurs = (tags: readonly { tagKey: string; tagValue: string }[]) =>
      tags.some(({ tagKey, tagValue }) => tagKey === deploymentTag && tagValue === DEPLOYMENT);
    const declared = this.declaration;
    const names = {
      Campaign: declared.solutions.flatMap(({ campaigns }) => campaigns.map(({ name }) => name)),
      Filter: declared.filters.map(({ name }) => name),
      Recommender: declared.recommenders.map(({ name }) => name),
      EventTracker: declared.eventTracker ? [declared.eventTracker.name] : [],
    };
    for (const [kind, wanted] of Object.entries(names)) {
      for (const { name, tags } of of(kind)) {
        if (!wanted.includes(name) && isOurs(tags))
          this.complaints.push(`${kind} ${name} is up and not declared`);
      }
    }
    for (const problem of row.problems) {
      if (problem.advice === '' || problem.reason === '')
        this.complaints.push(`${problem.code} says nothing`);
    }
    if (row.state !== 'settled') return;
    for (const [kind, wanted] of Object.entries(names)) {
      for (const name of wanted) {
        // A tracker of another name is adopted.
        const there = kind === 'EventTracker' ? of(kind)[0] : this.service.find(kind, name);
        if (there?.status !== 'ACTIVE')
          this.complaints.push(`${kind} ${name} is ${there?.status ?? 'missing'}`);
      }
    }
    for (const solution of declared.solutions) this.verifySolution(solution);
    for (const { type, schema } of declared.datasets) {
      const there = this.service.all('Dataset').find(({ settings }) => settings.datasetType === type);
      const document = this.service.things.get(String(there?.settings.schemaArn))?.settings.schema;
      if (document !== schema.document) this.complaints.push(`dataset ${type} has not the declared schema`);
    }
    for (const { name, filterExpression } of declared.filters) {
      if (this.service.find('Filter', name)?.settings.filterExpression !== filterExpression)
        this.complaints.push(`filter ${name} differs`);
    }
    if (
      declared.sources.length === 0 &&
      !this.isElsewhere &&
      this.service.find('DatasetGroup', NAME) &&
      this.service.all('Solution').length === 0
    )
      this.complaints.push('the group is still there');
  }

  private verifySolution({ name, settings, campaigns }: DeclaredSolution): void {
    const [there, more] = this.service.all('Solution').filter((each) => each.name.startsWith(name));
    if (!there || more) {
      this.complaints.push(`solution ${name} is ${there ? 'there twice' : 'missing'}`);
      return;
    }
    if (differences(settings, there.settings).length > 0) this.complaints.push(`solution ${name} differs`);
    const versions = this.service
      .all('SolutionVersion')
      .filter((version) => version.settings.solutionArn === there.arn && version.status === 'ACTIVE');
    if (versions.length === 0) this.complaints.push(`solution ${name} has no version`);
    const newest = versions.sort((a, b) => b.createdAt - a.createdAt)[0];
    for (const campaign of campaigns) {
      const up = this.service.find('Campaign', campaign.name);
      if (!newest) continue;
      if (up?.settings.solutionVersionArn !== newest.arn)
        this.complaints.push(
          `campaign ${campaign.name} serves ${up?.settings.solutionVersionArn}, newest is ${newest.arn}`,
        );
      if (up?.settings.minProvisionedTPS !== campaign.minProvisionedTPS)
        this.complaints.push(`campaign ${campaign.name} differs`);
    }
  }
}

/** @returns what is wrong with the world of this seed; nothing if all is well */
export async function live(seed: number): Promise<readonly string[]> {
  const world = new World(seed);
  await world.storm(world.random.whole(3, 40));
  const ticked = await world.calm(300);
  if (ticked) world.verify(ticked);
  return world.complaints;
}
