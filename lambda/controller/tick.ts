// One tick of a dataset group: look, plan, do what can be done now, write down how it stands. It remembers nothing that it relies on:
// a tick that dies after a call is repeated, and finds what the call made.
import { createHash } from 'node:crypto';
import type { Action, Judged, Plan, Problem, Step, Waiting } from './actions';
import type { Actual } from './actual';
import { errorName, type PersonalizeApi } from './api';
import { isTransient } from './apply';
import { attemptOf, type Failure, isTold, retryOf } from './attempts';
import { carryOut, type Done } from './carry-out';
import type { Declaration } from './declaration';
import { askedOf, type GroupRow, type GroupState, type OpenRun } from './group-row';
import { plan } from './plan';
import { NOT_ENOUGH } from './planning';
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
  const done = await carryOut(ports, seen, wanted.declaration, planned);
  return { ...(await settle(ports, { ...seen, serving: servingOf(actual) }, done)), actual };
}

const stuck = (problems: readonly Problem[]): Plan => ({
  ...{ actions: [], waiting: [], judged: [], problems, pricePerHour: { now: 0, after: 0 } },
});

/** What could not even be looked at. */
async function unseen(ports: TickPorts, row: GroupRow, error: unknown): Promise<Ticked> {
  const name = errorName(error);
  const reason = error instanceof Error ? error.message : String(error);
  const outcome: Failure = { kind: isTransient(error) ? 'transient' : 'refused', error: name, reason };
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
