// Amazon Personalize in memory, in a time of its own: life cycles, preconditions, quotas and deletion rules as documented, with
// faults. It trains nothing.
import type { PersonalizeApi } from '../../../lambda/controller/api';
import type { Random } from './random';

export class ServiceError extends Error {
  constructor(
    override readonly name: string,
    message: string,
    readonly $fault: 'client' | 'server' = 'client',
  ) {
    super(message);
  }
}

const BASE = 'arn:aws:personalize:us-east-1:123456789012';

interface Thing {
  readonly kind: string;
  readonly arn: string;
  readonly name: string;
  readonly createdAt: number;
  /** What was asked for, updated by updates. */
  settings: Record<string, unknown>;
  readonly tags: readonly { tagKey: string; tagValue: string }[];
  /** When the life cycle's step under way ends, and how. */
  busyUntil: number;
  busyStatus: string;
  status: string;
  failureReason?: string;
  update?: {
    status: string;
    until: number;
    createdAt: number;
    failureReason?: string;
    settings: Record<string, unknown>;
  };
}

export interface Weather {
  /** Chance that a call is throttled, fails before or after its effect, or is the last one that its caller makes. */
  readonly throttled: number;
  readonly failsBefore: number;
  readonly failsAfter: number;
  readonly dies: number;
  /** Chance that what is made ends as failed. */
  readonly fails: number;
  /** Milliseconds at most until something is made. */
  readonly slow: number;
}

export const fair: Weather = { throttled: 0, failsBefore: 0, failsAfter: 0, dies: 0, fails: 0, slow: 60_000 };

/** The caller's process ended. */
export class Died extends Error {}

const NEVER = new Promise<never>(() => undefined);

/** Of one that died no call comes back, and none is made any more. */
class CallingProcess {
  isDead = false;
  private end!: (error: Died) => void;
  readonly died = new Promise<never>((_, reject) => {
    this.end = reject;
  });

  constructor() {
    // Nobody may be waiting for it.
    this.died.catch(() => undefined);
  }

  die(): Promise<never> {
    this.isDead = true;
    this.end(new Died());
    return NEVER;
  }
}

const IN_PROGRESS = /PENDING|IN_PROGRESS|STOPPING/;

export class FakePersonalize implements PersonalizeApi {
  readonly things = new Map<string, Thing>();
  weather: Weather = fair;
  /** Of every call: the operation and when. */
  readonly calls: { readonly operation: string; readonly at: number }[] = [];
  metricOf: (versionArn: string) => number = () => 0.5;
  private nextId = 1;

  private process = new CallingProcess();

  constructor(
    private readonly random: Random,
    private readonly time: { readonly now: number },
  ) {}

  private get now(): number {
    return this.time.now;
  }

  /** The calls of one process, from now on. */
  connection(): PersonalizeApi {
    const process = new CallingProcess();
    this.process = process;
    return { call: (operation, input) => (process.isDead ? NEVER : this.call(operation, input)) };
  }

  /** @throws Died when the process dies meanwhile */
  whileAlive<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.process.died]);
  }

  /** As a person does it in the console, whom the service may refuse. */
  byHand(operation: string, input: object): void {
    const { weather } = this;
    this.weather = { ...fair, slow: 0 };
    try {
      this.does(operation, input);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
    }
    this.weather = weather;
  }

  deleteByHand(kind: string, arn: string): void {
    this.byHand(`Delete${kind}`, { [`${kind.charAt(0).toLowerCase()}${kind.slice(1)}Arn`]: arn });
  }

  /** Calls of one operation that came within a second. */
  tooFast(): string[] {
    const last = new Map<string, number>();
    return this.calls.flatMap(({ operation, at }) => {
      const wait = at - (last.get(operation) ?? -Infinity);
      last.set(operation, at);
      return wait < 1000 ? [`${operation} was called twice in ${wait} milliseconds`] : [];
    });
  }

  // biome-ignore lint/suspicious/noExplicitAny: as the port is.
  async call(operation: string, input: any): Promise<any> {
    this.calls.push({ operation, at: this.now });
    const { weather, random } = this;
    if (random.chance(weather.throttled)) throw new ServiceError('ThrottlingException', 'Rate exceeded');
    if (random.chance(weather.failsBefore)) throw new ServiceError('InternalFailure', 'before', 'server');
    if (random.chance(weather.dies)) return this.process.die();
    const answer = this.does(operation, input);
    if (random.chance(weather.dies)) return this.process.die();
    if (random.chance(weather.failsAfter)) throw new ServiceError('InternalFailure', 'after', 'server');
    return answer;
  }

  /** All of a kind that are there, as they are now. */
  all(kind: string): Thing[] {
    return [...this.things.values()].filter((thing) => thing.kind === kind && this.settle(thing));
  }

  find(kind: string, name: string): Thing | undefined {
    return this.all(kind).find((thing) => thing.name === name);
  }

  /** Moves its life cycle on; false when it is gone. */
  private settle(thing: Thing): boolean {
    if (thing.busyUntil <= this.now && thing.busyStatus !== '') {
      if (thing.busyStatus === 'GONE') {
        this.things.delete(thing.arn);
        return false;
      }
      thing.status = thing.busyStatus;
      thing.busyStatus = '';
    }
    const { update } = thing;
    if (update && IN_PROGRESS.test(update.status) && update.until <= this.now) {
      update.status = this.random.chance(this.weather.fails) ? 'CREATE FAILED' : 'ACTIVE';
      if (update.status === 'ACTIVE') Object.assign(thing.settings, update.settings);
      else update.failureReason = 'the update failed';
      if (thing.status === 'CREATE FAILED' && update.status === 'ACTIVE') thing.status = 'ACTIVE';
    }
    return true;
  }

  private get duration(): number {
    return Math.floor(this.random.next() * this.weather.slow);
  }

  // biome-ignore lint/suspicious/noExplicitAny: as the port is.
  private does(operation: string, input: any): any {
    if (operation.startsWith('List')) return this.list(operation.slice(4), input);
    if (operation.startsWith('Describe')) return this.describe(operation.slice(8), input);
    if (operation.startsWith('Create')) return this.create(operation.slice(6), input);
    if (operation.startsWith('Delete')) return this.remove(operation.slice(6), input);
    if (operation.startsWith('Update')) return this.update(operation.slice(6), input);
    if (operation === 'GetSolutionMetrics') {
      const version = this.existing('SolutionVersion', input.solutionVersionArn);
      const value = this.metricOf(version.arn);
      return { metrics: { normalized_discounted_cumulative_gain_at_25: value } };
    }
    if (operation === 'StartRecommender') {
      const recommender = this.existing('Recommender', input.recommenderArn);
      if (recommender.status !== 'INACTIVE') throw new ServiceError('ResourceInUseException', 'not inactive');
      this.begin(recommender, 'START PENDING', 'ACTIVE');
      return {};
    }
    if (operation === 'StopSolutionVersionCreation') {
      const version = this.existing('SolutionVersion', input.solutionVersionArn);
      if (!/CREATE (PENDING|IN_PROGRESS)/.test(version.status))
        throw new ServiceError('InvalidInputException', 'not in training');
      this.begin(version, 'CREATE STOPPING', 'CREATE STOPPED');
      return {};
    }
    throw new Error(`the fake has no ${operation}`);
  }

  private begin(thing: Thing, status: string, end: string): void {
    thing.status = status;
    thing.busyStatus = end;
    thing.busyUntil = this.now + this.duration;
  }

  private existing(kind: string, arn: string): Thing {
    const thing = this.things.get(arn);
    if (!thing || thing.kind !== kind || !this.settle(thing))
      throw new ServiceError('ResourceNotFoundException', `${kind} ${arn} does not exist`);
    return thing;
  }

  private view(thing: Thing): Record<string, unknown> {
    const { update } = thing;
    const arnMember = `${thing.kind.charAt(0).toLowerCase()}${thing.kind.slice(1)}Arn`;
    return {
      ...thing.settings,
      [arnMember]: thing.arn,
      ...{ name: thing.name, status: thing.status, failureReason: thing.failureReason },
      creationDateTime: new Date(thing.createdAt),
      lastUpdatedDateTime: new Date(update?.createdAt ?? thing.createdAt),
      ...(update && {
        [`latest${thing.kind}Update`]: {
          ...update.settings,
          ...{
            status: update.status,
            failureReason: update.failureReason,
            creationDateTime: new Date(update.createdAt),
          },
        },
      }),
    };
  }

  // biome-ignore lint/suspicious/noExplicitAny: as the port is.
  private list(member: string, input: any): any {
    if (member === 'TagsForResource') {
      const thing = this.things.get(input.resourceArn);
      if (!thing) throw new ServiceError('ResourceNotFoundException', 'gone');
      return { tags: thing.tags };
    }
    const kind = member.replace(/s$/, '');
    const key = member === 'Filters' ? 'Filters' : `${member.charAt(0).toLowerCase()}${member.slice(1)}`;
    const all = this.all(kind).filter(
      ({ settings }) =>
        (input.datasetGroupArn === undefined || settings.datasetGroupArn === input.datasetGroupArn) &&
        (input.datasetArn === undefined || settings.datasetArn === input.datasetArn),
    );
    const from = Number(input.nextToken ?? 0);
    // Small pages: whoever reads one only is found out.
    const page = all.slice(from, from + 3);
    return {
      [key]: page.map((thing) => this.view(thing)),
      ...(from + 3 < all.length && { nextToken: String(from + 3) }),
    };
  }

  // biome-ignore lint/suspicious/noExplicitAny: as the port is.
  private describe(kind: string, input: any): any {
    const member = `${kind.charAt(0).toLowerCase()}${kind.slice(1)}`;
    return { [member]: this.view(this.existing(kind, input[`${member}Arn`])) };
  }

  // biome-ignore lint/suspicious/noExplicitAny: as the port is.
  private create(kind: string, input: any): any {
    const { tags = [], name, jobName, ...settings } = input;
    const called = String(name ?? jobName ?? `v${this.nextId++}`);
    const arn = this.arnOf(kind, called, input);
    this.checkParents(kind, input);
    if (this.things.has(arn) && this.settle(this.things.get(arn) as Thing))
      throw new ServiceError('ResourceAlreadyExistsException', `${arn} exists`);
    this.checkQuota(kind, input);
    if (kind === 'SolutionVersion' && input.trainingMode === 'UPDATE') this.checkUpdate(input.solutionArn);
    const isInstant = kind === 'Schema' || kind === 'Solution';
    const fails = !isInstant && this.random.chance(this.weather.fails);
    const thing: Thing = {
      ...{
        kind,
        arn,
        name: called,
        createdAt: this.now,
        tags,
        status: 'CREATE PENDING',
        busyUntil: 0,
        busyStatus: '',
      },
      settings: { ...settings, ...(jobName && { jobName }) },
    };
    if (kind === 'SolutionVersion') thing.settings.trainingMode = input.trainingMode ?? 'FULL';
    this.begin(thing, 'CREATE IN_PROGRESS', fails ? 'CREATE FAILED' : 'ACTIVE');
    if (isInstant) thing.busyUntil = this.now;
    if (fails) thing.failureReason = 'a fault of the service';
    this.things.set(arn, thing);
    this.settle(thing);
    return { [`${kind.charAt(0).toLowerCase()}${kind.slice(1)}Arn`]: arn };
  }

  // biome-ignore lint/suspicious/noExplicitAny: as the port is.
  private arnOf(kind: string, name: string, input: any): string {
    const group = String(input.datasetGroupArn ?? '').split('/')[1];
    const dashed = kind.replaceAll(/(?<!^)([A-Z])/g, '-$1').toLowerCase();
    if (kind === 'Dataset') return `${BASE}:dataset/${group}/${String(input.datasetType).toUpperCase()}`;
    if (kind === 'EventTracker') return `${BASE}:event-tracker/${name}`;
    if (kind === 'SolutionVersion')
      return `${BASE}:solution/${String(input.solutionArn).split('/')[1]}/${name}`;
    return `${BASE}:${dashed}/${name}`;
  }

  // biome-ignore lint/suspicious/noExplicitAny: as the port is.
  private checkParents(kind: string, input: any): void {
    const active = (parent: string, arn: string | undefined) => {
      if (arn === undefined) throw new ServiceError('InvalidInputException', `${kind} needs a ${parent}`);
      if (this.existing(parent, arn).status !== 'ACTIVE')
        throw new ServiceError('ResourceInUseException', `${arn} is not active`);
    };
    if (['Dataset', 'EventTracker', 'Filter', 'Recommender', 'Solution'].includes(kind))
      active('DatasetGroup', input.datasetGroupArn);
    if (kind === 'Dataset') this.existing('Schema', input.schemaArn);
    if (kind === 'DatasetImportJob') active('Dataset', input.datasetArn);
    if (kind === 'SolutionVersion') active('Solution', input.solutionArn);
    if (
      kind === 'EventTracker' &&
      this.all('EventTracker').some(({ settings }) => settings.datasetGroupArn === input.datasetGroupArn)
    )
      throw new ServiceError('ResourceAlreadyExistsException', 'the group has a tracker');
    if (['Campaign', 'BatchInferenceJob', 'BatchSegmentJob'].includes(kind)) {
      const arn = String(input.solutionVersionArn);
      if (!arn.endsWith('/$LATEST')) active('SolutionVersion', arn);
    }
  }

  /** Whether data have come is a matter of chance. */
  private checkUpdate(solutionArn: string): void {
    const isFull = ({ settings, status }: Thing) =>
      settings.solutionArn === solutionArn && settings.trainingMode === 'FULL' && status === 'ACTIVE';
    if (!this.all('SolutionVersion').some(isFull))
      throw new ServiceError('InvalidInputException', 'UPDATE needs a version that was trained with FULL');
    if (this.random.chance(0.5))
      throw new ServiceError(
        'InvalidInputException',
        'There should be updates to at least one dataset after last active solution version with training mode set to FULL',
      );
  }

  // biome-ignore lint/suspicious/noExplicitAny: as the port is.
  private checkQuota(kind: string, input: any): void {
    const limit = { DatasetGroup: 5, DatasetImportJob: 5, Campaign: 5 }[kind];
    if (limit === undefined) return;
    const groupOf = (arn: unknown) =>
      this.things.get(String(arn).replace(/\/[^/]+$/, ''))?.settings.datasetGroupArn;
    const counted = this.all(kind).filter((thing) => {
      if (kind === 'DatasetImportJob') return IN_PROGRESS.test(thing.status);
      if (kind === 'Campaign')
        return groupOf(thing.settings.solutionVersionArn) === groupOf(input.solutionVersionArn);
      return true;
    });
    if (counted.length >= limit)
      throw new ServiceError('LimitExceededException', `More than ${limit} of ${kind}.`);
  }

  // biome-ignore lint/suspicious/noExplicitAny: as the port is.
  private remove(kind: string, input: any): any {
    const member = `${kind.charAt(0).toLowerCase()}${kind.slice(1)}Arn`;
    const thing = this.existing(kind, input[member]);
    if (IN_PROGRESS.test(thing.status) || (thing.update && IN_PROGRESS.test(thing.update.status)))
      throw new ServiceError('ResourceInUseException', `${thing.arn} is being changed`);
    const blockers = this.blockers(thing);
    if (blockers.length > 0)
      throw new ServiceError('ResourceInUseException', `${thing.arn} is used by ${blockers[0]?.arn}`);
    if (kind === 'Solution') {
      for (const version of this.all('SolutionVersion')) {
        if (version.settings.solutionArn === thing.arn) this.things.delete(version.arn);
      }
    }
    this.begin(thing, 'DELETE IN_PROGRESS', 'GONE');
    if (kind === 'Schema') this.things.delete(thing.arn);
    return {};
  }

  private blockers({ kind, arn }: Thing): Thing[] {
    const using = (others: string, test: (thing: Thing) => boolean) => this.all(others).filter(test);
    if (kind === 'Solution') {
      return [
        ...using('Campaign', ({ settings }) => String(settings.solutionVersionArn).startsWith(`${arn}/`)),
        ...using(
          'SolutionVersion',
          ({ settings, status }) => settings.solutionArn === arn && IN_PROGRESS.test(status),
        ),
      ];
    }
    if (kind === 'Dataset') {
      const group = this.things.get(arn)?.settings.datasetGroupArn;
      return [
        ...using(
          'DatasetImportJob',
          ({ settings, status }) => settings.datasetArn === arn && IN_PROGRESS.test(status),
        ),
        ...using(
          'SolutionVersion',
          ({ settings, status }) =>
            this.things.get(String(settings.solutionArn))?.settings.datasetGroupArn === group &&
            IN_PROGRESS.test(status),
        ),
      ];
    }
    if (kind === 'Schema') return using('Dataset', ({ settings }) => settings.schemaArn === arn);
    if (kind === 'DatasetGroup') {
      return ['Solution', 'EventTracker', 'Dataset', 'Filter', 'Recommender'].flatMap((others) =>
        using(others, ({ settings }) => settings.datasetGroupArn === arn),
      );
    }
    return [];
  }

  // biome-ignore lint/suspicious/noExplicitAny: as the port is.
  private update(kind: string, input: any): any {
    const member = `${kind.charAt(0).toLowerCase()}${kind.slice(1)}Arn`;
    const { [member]: arn, ...settings } = input;
    const thing = this.existing(kind, arn);
    if (kind === 'Solution') {
      const { solutionUpdateConfig, ...flags } = settings;
      Object.assign(thing.settings, flags);
      thing.settings.solutionConfig = {
        ...(thing.settings.solutionConfig as object),
        ...solutionUpdateConfig,
      };
      thing.update = { status: 'ACTIVE', until: 0, createdAt: this.now, settings: {} };
      return {};
    }
    const isUpdating = thing.update && IN_PROGRESS.test(thing.update.status);
    if (isUpdating || !/^(ACTIVE|CREATE FAILED)$/.test(thing.status))
      throw new ServiceError('ResourceInUseException', `${arn} is ${thing.status}`);
    if (kind === 'Dataset') {
      this.existing('Schema', settings.schemaArn);
      Object.assign(thing.settings, settings);
      return {};
    }
    if (kind === 'Campaign' && !String(settings.solutionVersionArn).endsWith('/$LATEST'))
      this.existing('SolutionVersion', settings.solutionVersionArn);
    thing.update = {
      status: 'CREATE IN_PROGRESS',
      until: this.now + this.duration,
      createdAt: this.now,
      settings,
    };
    return {};
  }
}
