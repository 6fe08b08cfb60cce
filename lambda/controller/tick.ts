// One tick of a dataset group: look, plan, do what can be done now, write down how it stands. It remembers nothing that it relies on:
// a tick that dies after a call is repeated, and finds what the call made.
import { createHash } from 'node:crypto';
import type { Action, Judged, Plan, Problem, Step, Waiting } from './actions';
import type { Actual } from './actual';
import { errorName, type PersonalizeApi } from './api';
import { apply, isTransient, type Outcome } from './apply';
import type { Declaration } from './declaration';
import { type Attempt, askedOf, type GroupRow, type GroupState, type OpenRun } from './group-row';
import { plan } from './plan';
import { backOff, NOT_ENOUGH } from './planning';
import { servingOf } from './serving';

/** What a group shall have, or why that cannot be told: then nothing is changed. */
export type Wanted =
  | { readonly declaration: Declaration; readonly sources: GroupRow['sources'] }
  | { readonly refused: readonly Problem[]; readonly sources: GroupRow['sources'] };

export interface Ended {
  readonly outcome: 'succeeded' | 'failed';
  readonly judged: readonly Judged[];
  readonly problems: readonly Problem[];
}

export interface TickPorts {
  readonly api: PersonalizeApi;
  readonly now: () => number;
  /** False when the lease or the function's time is nearly up: the next tick goes on. */
  readonly timeLeft: () => boolean;
  readonly wanted: () => Promise<Wanted>;
  readonly observe: (declaration: Declaration, row: GroupRow) => Promise<Actual>;
  /** Records of runs, and what people and programs are told. */
  readonly beginRun: (row: GroupRow, run: OpenRun) => Promise<void>;
  readonly noteStep: (row: GroupRow, run: OpenRun, step: Step, detail: string) => Promise<void>;
  readonly endRun: (row: GroupRow, run: OpenRun, ended: Ended) => Promise<void>;
  /** Before a schema is made: nothing about it tells later whose it is. */
  readonly noteSchema: (row: GroupRow, name: string) => Promise<void>;
  /** Who asks, and under which key a run that begins now is recorded. */
  readonly run: { readonly key: string; readonly reason: string; readonly startedAt: string };
}

export interface Ticked {
  readonly row: GroupRow;
  /** What is there, where it could be seen. */
  readonly actual?: Actual;
  /** The run that ended with this tick. */
  readonly ended?: Ended;
  /** Seconds until the next tick, while something is under way. */
  readonly waitSeconds?: number;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** What passes by itself is told when it has not passed after so long. */
const TELL_AFTER_MS = 10 * MINUTE;
const iso = (time: number): string => new Date(time).toISOString();

export async function tick(ports: TickPorts, before: GroupRow): Promise<Ticked> {
  const wanted = await ports.wanted();
  const row = { ...before, sources: wanted.sources };
  if ('refused' in wanted) return settle(ports, row, { plan: stuck(wanted.refused), applied: [] });
  let actual: Actual;
  try {
    actual = await ports.observe(wanted.declaration, row);
  } catch (error) {
    return unseen(ports, row, error);
  }
  const { observe: _, ...attempts } = row.attempts;
  const seen = { ...row, attempts };
  const planned = plan(wanted.declaration, actual, ports.now(), askedOf(seen));
  const done = await doIt(ports, seen, wanted.declaration, planned);
  return { ...(await settle(ports, { ...seen, serving: servingOf(actual) }, done)), actual };
}

const stuck = (problems: readonly Problem[]): Plan => ({
  ...{ actions: [], waiting: [], judged: [], problems, pricePerHour: { now: 0, after: 0 } },
});

/** What could not even be looked at. */
async function unseen(ports: TickPorts, row: GroupRow, error: unknown): Promise<Ticked> {
  const name = errorName(error);
  const reason = error instanceof Error ? error.message : String(error);
  const outcome: Outcome = { kind: isTransient(error) ? 'transient' : 'refused', error: name, reason };
  const attempt = attemptOf(row.attempts.observe, outcome, ports.now());
  const told = isTold(attempt, ports.now());
  const problem: Problem = {
    ...{ step: row.run?.step ?? 'resources', source: row.sources[0]?.name ?? '', code: name, reason },
    ...{ advice: 'It is looked at again by itself. See the log of the controller.', differences: [] },
  };
  return settle(
    ports,
    { ...row, attempts: { ...row.attempts, observe: attempt } },
    {
      plan: { ...stuck(told ? [problem] : []), waiting: [retryOf('resources', 'looking', attempt)] },
      applied: [],
    },
  );
}

const retryOf = (step: Step, what: string, { retryAt, reason }: Attempt): Waiting => ({
  ...{ for: 'retry', step, message: `${what} is tried again: ${reason}`, until: retryAt },
});

const isTold = ({ kind, since }: Attempt, now: number): boolean =>
  kind === 'refused' || (kind === 'transient' && now - Date.parse(since) >= TELL_AFTER_MS);

function attemptOf(
  before: Attempt | undefined,
  outcome: Exclude<Outcome, { kind: 'done' }>,
  now: number,
): Attempt {
  const count = (before?.kind === outcome.kind ? before.count : 0) + 1;
  const wait =
    outcome.kind === 'refused'
      ? backOff(count - 1)
      : Math.min(5 * MINUTE, 2 * SECOND * 2 ** Math.min(count, 10));
  return {
    ...{ kind: outcome.kind, count, error: outcome.error, reason: outcome.reason },
    ...{
      since: before?.kind === outcome.kind ? before.since : iso(now),
      at: iso(now),
      retryAt: iso(now + wait),
    },
  };
}

interface Done {
  readonly plan: Plan;
  readonly applied: readonly Action[];
  readonly attempts?: GroupRow['attempts'];
  readonly run?: OpenRun;
  readonly schemas?: readonly string[];
}

/** Does what is ready, as long as there is time. */
async function doIt(ports: TickPorts, row: GroupRow, declaration: Declaration, planned: Plan): Promise<Done> {
  const attempts: Record<string, Attempt> = {};
  const [problems, waiting, applied] = [[...planned.problems], [...planned.waiting], [] as Action[]];
  let run: OpenRun | undefined = row.run && {
    ...row.run,
    judged: judgedSoFar(row.run.judged, planned.judged),
  };
  const schemas = new Set(row.schemas);
  const askedAt = ({ source }: Action): number => {
    const declaredAt = declaration.sources.find(({ name }) => name === source)?.declaredAt;
    return Math.max(...[row.trainingAskedAt, declaredAt].map((time) => (time ? Date.parse(time) : 0)));
  };
  for (const action of planned.actions) {
    const earlier = row.attempts[action.id];
    if (earlier) attempts[action.id] = earlier;
    if (!action.call) continue;
    if (earlier && isHeld(earlier, ports.now(), askedAt(action))) {
      waiting.push(retryOf(action.step, action.id, earlier));
      if (isTold(earlier, ports.now())) problems.push(problemOf(action, earlier));
      continue;
    }
    if (!ports.timeLeft()) {
      waiting.push({ for: 'service', step: action.step, message: action.id });
      continue;
    }
    run ??= await begin(ports, row, planned);
    if (run.step !== action.step) {
      run = { ...run, step: action.step };
      await ports.noteStep(row, run, action.step, action.resource.name);
    }
    const { kind, name } = action.resource;
    if (kind === 'schema' && action.verb === 'create' && !schemas.has(name)) {
      await ports.noteSchema(row, name);
      schemas.add(name);
    }
    const outcome = await apply(ports.api, action);
    if (outcome.kind === 'done') {
      applied.push(action);
      if (kind === 'schema' && action.verb === 'delete') schemas.delete(name);
      delete attempts[action.id];
      if (action.isRetry) attempts[action.id] = repeated(earlier, ports.now());
      continue;
    }
    const attempt = attemptOf(earlier, outcome, ports.now());
    attempts[action.id] = attempt;
    if (outcome.kind === 'nothing new') {
      run = { ...run, unchanged: [...(run.unchanged ?? []), name] };
      await ports.noteStep(row, run, action.step, `${name}: nothing new`);
      applied.push(action);
      continue;
    }
    waiting.push(retryOf(action.step, action.id, attempt));
    if (isTold(attempt, ports.now())) problems.push(problemOf(action, attempt));
  }
  // How often something was repeated is kept while it is not well.
  const isUnwell = planned.problems.length > 0 || planned.waiting.length > 0 || planned.actions.length > 0;
  for (const [id, attempt] of Object.entries(row.attempts)) {
    if (attempt.kind === 'nothing new' || (attempt.kind === 'repeat' && isUnwell)) attempts[id] ??= attempt;
  }
  return { plan: { ...planned, problems, waiting }, applied, attempts, run, schemas: [...schemas] };
}

const repeated = (earlier: Attempt | undefined, now: number): Attempt => ({
  ...{ kind: 'repeat', count: (earlier?.kind === 'repeat' ? earlier.count : 0) + 1 },
  ...{ since: earlier?.since ?? iso(now), at: iso(now), retryAt: iso(now), error: '', reason: '' },
});

/** Declared anew, or asked for by an operator, it is done at once. */
function isHeld({ kind, at, retryAt }: Attempt, now: number, askedAt: number): boolean {
  if (kind === 'repeat' || kind === 'nothing new') return false;
  if (kind === 'refused' && askedAt > Date.parse(at)) return false;
  return Date.parse(retryAt) > now;
}

function problemOf({ step, resource, source }: Action, { error, reason }: Attempt): Problem {
  return {
    ...{ step, resource, source, code: error, reason, differences: [] },
    advice:
      'It is tried again by itself, more and more seldom; at once when it is declared anew or a training is started.',
  };
}

async function begin(ports: TickPorts, row: GroupRow, { judged, waiting }: Plan): Promise<OpenRun> {
  const isShort = (list: readonly Waiting[]) => list.some((each) => each.for === 'likes');
  // Whoever asked for this tick: what it waited for was the minimum.
  const reason = isShort(row.waiting) && !isShort(waiting) ? 'minimum-reached' : ports.run.reason;
  const run: OpenRun = { ...ports.run, reason, judged };
  await ports.beginRun(row, run);
  return run;
}

/** A version is told of as it was judged first: later it is the one in service itself. */
function judgedSoFar(earlier: readonly Judged[], now: readonly Judged[]): Judged[] {
  const kept = new Map(earlier.map((judged) => [judged.version, judged]));
  return now.map((judged) => kept.get(judged.version) ?? judged);
}

/** Tells how it stands, ends the run if nothing goes on, and says when to look again. */
async function settle(ports: TickPorts, row: GroupRow, done: Done): Promise<Ticked> {
  const { plan: planned, applied } = done;
  const { problems, waiting } = planned;
  const now = ports.now();
  const isBusy = applied.length > 0 || waiting.some((each) => each.for === 'service');
  const soon = waiting.filter(
    (each) => each.for === 'retry' && each.until && Date.parse(each.until) - now < MINUTE,
  );
  const goesOn = isBusy || soon.length > 0;
  const isOpen = goesOn || (problems.length === 0 && waiting.some((each) => each.for === 'retry'));
  const state = stateOf(isOpen, problems, waiting);
  let run = done.run ?? row.run;
  let end: Ended | undefined;
  const told = problems.length > 0 ? hashOf(problems) : undefined;
  if (!isOpen && (run || (told && told !== row.told))) {
    const ended: OpenRun = run ?? { ...ports.run, judged: planned.judged };
    if (!run) await ports.beginRun(row, ended);
    end = { outcome: problems.length > 0 ? 'failed' : 'succeeded', judged: ended.judged, problems };
    await ports.endRun(row, ended, end);
    run = undefined;
  }
  const first = waiting[0]?.step ?? problems[0]?.step;
  const step = applied.at(-1)?.step ?? first;
  const { run: _run, step: _step, next: _next, told: _told, ...rest } = row;
  return {
    row: {
      ...rest,
      ...{ state, waiting, observedAt: iso(now), pricePerHour: planned.pricePerHour.now },
      problems: failuresOf(problems),
      planned: planned.actions
        .filter((action) => !applied.includes(action))
        .map(({ id, after }) => ({ what: id, after })),
      since: state === row.state ? row.since : iso(now),
      lookAt: iso(lookAt(planned, now)),
      ...(done.attempts && { attempts: done.attempts }),
      ...(done.schemas && { schemas: done.schemas }),
      ...(step && { step }),
      ...(planned.next && { next: planned.next }),
      ...(run && { run }),
      ...((isOpen ? row.told : told) && { told: isOpen ? row.told : told }),
    },
    ...(end && { ended: end }),
    ...(goesOn && { waitSeconds: waitOf(applied, soon, row, now) }),
  };
}

/** Too little data is told as the end of a run, but it is a state, which waits for more. */
const failuresOf = (problems: readonly Problem[]): Problem[] =>
  problems.filter(({ code }) => code !== NOT_ENOUGH);

function stateOf(isOpen: boolean, problems: readonly Problem[], waiting: readonly Waiting[]): GroupState {
  if (isOpen) return 'working';
  if (failuresOf(problems).length > 0) return 'failed';
  return problems.length + waiting.length > 0 ? 'waiting' : 'settled';
}

const hashOf = (problems: readonly Problem[]): string =>
  createHash('sha256')
    .update(
      JSON.stringify(
        problems.map(({ source, code, resource, differences }) => [source, code, resource, differences]),
      ),
    )
    .digest('hex')
    .slice(0, 16);

/** At once after something was done, soon after a call that is to be repeated; otherwise a tenth of what it has taken already. */
function waitOf(applied: readonly Action[], soon: readonly Waiting[], row: GroupRow, now: number): number {
  if (applied.length > 0) return 5;
  const retry = soon.map(({ until }) => Math.ceil((Date.parse(String(until)) - now) / SECOND));
  if (retry.length > 0) return Math.max(1, Math.min(...retry));
  const taken = (now - Date.parse(row.since)) / SECOND;
  return Math.max(15, Math.min(600, Math.floor(taken / 10)));
}

/** Likes and files may come each minute; drift, and campaigns that are up, are looked for each hour, in its middle. */
function lookAt({ waiting, next }: Plan, now: number): number {
  const halfPast = Math.ceil((now - HOUR / 2 + 1) / HOUR) * HOUR + HOUR / 2;
  // Likes are counted by the sweep itself.
  const isExpected = waiting.some((each) => each.for === 'files' || each.for === 'service');
  const until = waiting.flatMap((each) => (each.until ? [Date.parse(each.until)] : []));
  return Math.min(
    halfPast,
    ...(isExpected ? [now + MINUTE] : []),
    ...until.map((time) => Math.max(time, now + SECOND)),
    ...(next ? [Date.parse(next.at)] : []),
  );
}
