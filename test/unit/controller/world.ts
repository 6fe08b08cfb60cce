// A random world: a dataset group whose declaration changes, in a service that fails, with people who delete things, executions of the
// state machine that are aborted, ticks that die, events that are lost or come twice. After the storm it is calm, and the group has to
// end as declared, or say what a person must do.
import type { ActualFiles } from '../../../lambda/controller/actual';
import { paced } from '../../../lambda/controller/api';
import type { Declaration, DeclaredImport } from '../../../lambda/controller/declaration';
import { type ExecutionPorts, tickOf } from '../../../lambda/controller/execution';
import { galleryDeclaration } from '../../../lambda/controller/gallery';
import { newRow } from '../../../lambda/controller/group-row';
import { type Memo, observe } from '../../../lambda/controller/observe';
import { sweepGroups } from '../../../lambda/controller/sweep';
import type { Wanted } from '../../../lambda/controller/tick';
import { Died, FakePersonalize, fair, ServiceError, type Weather } from './fake-personalize';
import { MemoryRows } from './memory-rows';
import { Random } from './random';
import { type Kind, NAME, randomDeclaration, SOURCE } from './random-declaration';
import { StateMachine } from './state-machine';
import { verify } from './verify';
import { VirtualTime } from './virtual-time';

const ARN_BASE = 'arn:aws:personalize:us-east-1:123456789012';
const GALLERY = 'gallery';
const SECOND = 1000;
const HOUR = 3600 * SECOND;

const stormy = (random: Random): Weather => ({
  throttled: random.next() * 0.1,
  failsBefore: random.next() * 0.1,
  failsAfter: random.next() * 0.1,
  dies: random.next() * 0.03,
  fails: random.next() * 0.3,
  slow: random.pick([1000, 60_000, HOUR, 5 * HOUR]),
});

const gate = { metric: 'm', minimumRatioToBaseline: 0, minimumRatioToServed: 0, standardErrors: 0 };
const gallery = galleryDeclaration({
  ...{ datasetGroup: GALLERY, served: [], schedule: 'rate(7 days)', bucket: 'b', serviceRoleArn: 'r' },
  gate,
  minimum: { users: 25, interactions: 1000 },
});

export class World {
  readonly random: Random;
  readonly time = new VirtualTime(Date.parse('2026-03-01T00:00:00Z'));
  readonly service: FakePersonalize;
  readonly rows = new MemoryRows();
  readonly complaints: string[] = [];
  private readonly files = new Map<string, number>();
  private readonly machine: StateMachine;
  private readonly kind: Kind;
  /** Nothing: what was uploaded cannot be read. */
  private declaration: Declaration | undefined;
  private etag = 1;
  private serial = 1;
  private ports: ExecutionPorts;
  private ticking = 0;
  /** The execution that ticked last. */
  private worker: string | undefined;

  constructor(readonly seed: number) {
    this.random = new Random(seed);
    this.service = new FakePersonalize(this.random, this.time);
    const isElsewhere = this.random.chance(0.25);
    const isDomain = !isElsewhere && this.random.chance(0.2);
    this.kind = { isElsewhere, ...(isDomain && { domain: 'ECOMMERCE' }) };
    this.declaration = randomDeclaration(this.random, this.kind, this.time.now);
    this.ports = this.process();
    this.machine = new StateMachine(this.time, (input) => this.invoke(input));
  }

  /** Everything that may happen, for a while. */
  async storm(steps: number): Promise<void> {
    const { random } = this;
    this.service.weather = stormy(random);
    if (this.kind.isElsewhere) this.service.byHand('CreateDatasetGroup', { name: NAME, tags: [] });
    if (random.chance(0.1)) {
      for (let n = 1; n <= 5; n += 1) this.service.byHand('CreateDatasetGroup', { name: `by-hand-${n}` });
    }
    this.upload(0.8);
    for (let step = 0; step < steps; step += 1) {
      this.mishaps();
      // The sweep of the minute, an event that comes twice, one that is lost.
      for (let sweeps = random.pick([1, 1, 1, 2, 0]); sweeps > 0; sweeps -= 1) await this.sweep();
      await this.machine.work();
      this.check();
      this.time.now += Math.floor(random.next() * random.pick([10_000, 120_000, HOUR]));
    }
  }

  private mishaps(): void {
    const { random } = this;
    const at = new Date(this.time.now).toISOString();
    if (random.chance(0.08)) this.declare();
    if (random.chance(0.05)) this.upload(0.5);
    if (random.chance(0.06)) this.deleteSomething();
    if (random.chance(0.03)) this.ports = this.process();
    if (random.chance(0.03)) this.machine.start({ datasetGroup: NAME, reason: 'operator' });
    if (random.chance(0.02)) this.rows.ask({ stoppedAt: at, run: undefined });
    if (random.chance(0.02)) this.service.weather = stormy(random);
    if (random.chance(0.03)) this.makeByHand();
    if (random.chance(0.04)) this.machine.abort(random);
  }

  /** From now on all goes well, and time goes on until the group rests. */
  async calm(looks: number): Promise<void> {
    this.service.weather = fair;
    let rests = 0;
    for (let look = 0; look < looks; look += 1) {
      await this.sweep();
      await this.machine.work();
      this.check();
      const next = this.machine.next();
      if (next !== undefined) {
        this.time.now = Math.max(this.time.now, next);
        rests = 0;
        continue;
      }
      const row = this.rows.row;
      // Nothing was ever declared.
      if (!row) return;
      this.followAdvice();
      const { state, problems, waiting } = row;
      const retries = waiting.some((each) => each.for === 'retry');
      const isAtRest =
        state === 'settled' ||
        (!retries && (state === 'failed' || (state === 'waiting' && problems.length === 0)));
      rests = isAtRest ? rests + 1 : 0;
      // Data that came without an event are found by the look of the hour.
      if (rests > 1) {
        this.complaints.push(
          ...verify({ row, declared: this.declaration, service: this.service, files: this.files }),
          ...this.service.tooFast(),
        );
        return;
      }
      const lookAt = Math.max(Date.parse(row.lookAt), this.time.now + SECOND);
      // What is gone altogether is not looked at any more.
      this.time.now = Math.min(lookAt, this.time.now + 12 * HOUR);
    }
    const { problems, waiting, state } = this.rows.row ?? {};
    this.complaints.push(`it does not come to rest: ${JSON.stringify({ state, problems, waiting })}`);
  }

  private async sweep(): Promise<void> {
    const file = { key: SOURCE, etag: `e${this.etag}`, uploadedAt: new Date(this.time.now).toISOString() };
    const isThere = this.declaration === undefined || this.declaration.sources.length > 0;
    const settled = newRow({ name: GALLERY, arn: GALLERY }, '');
    await sweepGroups({
      ...{ galleryGroup: GALLERY, arnBase: ARN_BASE, now: this.time.now, runs: this.machine },
      rows: [
        ...(this.rows.row ? [this.rows.row] : []),
        { ...settled, sources: [{ name: 'settings' }], lookAt: '2100-01-01T00:00:00.000Z' },
      ],
      declared: {
        ...{ gallery, bucket: 'b', serviceRoleArn: 'r', gate },
        listFiles: async () => (isThere ? [file] : []),
        readFile: async () => ({ file, configuration: { datasetGroup: { serviceConfig: { name: NAME } } } }),
      },
      isEnough: async () => false,
      tellMisplaced: async () => undefined,
    });
  }

  /** One call of the function: by the process that there is, or by a new one where it died. */
  private async invoke(input: Parameters<typeof tickOf>[1]) {
    try {
      return await this.service.whileAlive(tickOf(this.ports, input));
    } catch (error) {
      // What the process was about to do without a call it has done, or has not: here it has.
      await new Promise(setImmediate);
      this.ticking = 0;
      if (error instanceof Died) this.ports = this.process();
      return undefined;
    }
  }

  /** A process of the function, which has begun after what it remembers was lost. */
  private process(): ExecutionPorts {
    const { time, rows, service } = this;
    time.forget();
    time.now += 1100;
    const memo: Memo = new Map();
    const api = paced(service.connection(), { now: () => time.now, sleep: time.sleep });
    return {
      ...{ galleryGroup: GALLERY, arnBase: ARN_BASE, store: rows, api, now: () => time.now },
      isRunning: (arn) => this.machine.isRunning(arn),
      uniqueId: () => `${this.serial++}`,
      askForTraining: async (_arn, at) => rows.ask({ trainingAskedAt: at }),
      begins: async ({ execution }) => {
        this.ticking += 1;
        if (this.ticking > 1) this.complaints.push('two ticks work at once');
        if (this.worker !== execution && this.machine.isAtWork(this.worker))
          this.complaints.push('two executions tick the group');
        this.worker = execution;
        rows.ask({ execution });
      },
      campaignsUp: async () => {
        this.ticking -= 1;
      },
      wanted: async () => this.wanted(),
      observe: (declaration, { schemas }) =>
        observe(
          {
            ...{ api, memo, arnBase: ARN_BASE, schemas, progress: async () => undefined },
            filesOf: async ({ type }: DeclaredImport): Promise<ActualFiles> => ({
              type,
              newestAt: this.files.get(type),
              fingerprint: (this.files.get(type) ?? 0).toString(16).slice(-8),
              found: [],
            }),
          },
          declaration,
        ),
      beginRun: async (_, run) => {
        if (rows.row?.run) this.complaints.push('a run begins while another one is open');
        rows.noteRun(run);
      },
      noteStep: async () => undefined,
      noteSchema: async (_, name) => rows.noteSchema(name),
      endRun: async () => {
        if (this.random.chance(service.weather.failsBefore))
          throw new ServiceError('InternalError', 'the topic is not there', 'server');
      },
    };
  }

  private wanted(): Wanted {
    const { declaration } = this;
    const sources = [{ name: SOURCE, etag: `e${this.etag}` }];
    if (declaration) return { declaration, sources: declaration.sources.length > 0 ? sources : [] };
    const problem = { step: 'plan', source: SOURCE, code: 'ConfigurationRefused', differences: [] } as const;
    return { sources, refused: [{ ...problem, reason: 'a comma is missing', advice: 'put it there' }] };
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

  private declare(): void {
    const isWrong = this.random.chance(0.1);
    const next = randomDeclaration(this.random, this.kind, this.time.now);
    this.declaration = isWrong ? undefined : next;
    this.etag += 1;
  }

  private upload(chance: number): void {
    for (const type of ['Interactions', 'Items']) {
      if (this.random.chance(chance)) this.files.set(type, Math.floor(this.time.now / SECOND) * SECOND);
    }
  }

  /** By hand, as a person does in the console: nothing of it is ours, and it stays. */
  private makeByHand(): void {
    const group = this.service.find('DatasetGroup', NAME);
    if (group?.status !== 'ACTIVE') return;
    const name = `by-hand-${this.serial++}`;
    const recipeArn = 'arn:aws:personalize:::recipe/aws-sims';
    this.service.byHand('CreateSolution', { name, datasetGroupArn: group.arn, recipeArn });
  }

  private deleteSomething(): void {
    const kinds = ['Campaign', 'Filter', 'Solution', 'EventTracker', 'Recommender', 'Dataset'];
    const kind = this.random.pick(kinds);
    const list = this.service.all(kind).filter(({ name }) => !name.startsWith('by-hand'));
    if (list.length > 0) this.service.deleteByHand(kind, this.random.pick(list).arn);
  }

  /** A person who is told what fills a quota makes room. */
  private followAdvice(): void {
    if (!this.rows.row?.problems.some(({ code }) => code === 'LimitExceededException')) return;
    for (const { name, arn } of this.service.all('DatasetGroup'))
      if (name.startsWith('by-hand')) this.service.deleteByHand('DatasetGroup', arn);
  }
}

/** @returns what is wrong with the world of this seed; nothing if all is well */
export async function live(seed: number): Promise<readonly string[]> {
  const world = new World(seed);
  await world.storm(world.random.whole(3, 40));
  await world.calm(600);
  return world.complaints;
}
