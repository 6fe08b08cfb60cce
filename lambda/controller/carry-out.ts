// Does what a plan says and what is ready, each action by one call, as long as there is time, and keeps what came of it.
import type { Action, Judged, Plan, Problem, Waiting } from './actions';
import { apply } from './apply';
import { attemptOf, isHeld, isRefusedStill, isTold, problemOf, repeated, retryOf } from './attempts';
import type { Declaration } from './declaration';
import type { Attempt, GroupRow, OpenRun } from './group-row';
import type { TickPorts } from './tick';

export interface Done {
  readonly plan: Plan;
  readonly applied: readonly Action[];
  readonly attempts?: GroupRow['attempts'];
  readonly run?: OpenRun;
  readonly schemas?: readonly string[];
}

export async function carryOut(
  ports: TickPorts,
  row: GroupRow,
  declaration: Declaration,
  planned: Plan,
): Promise<Done> {
  const work = new Work(ports, row, declaration, planned);
  for (const action of planned.actions) await work.consider(action);
  return work.done();
}

class Work {
  private readonly attempts: Record<string, Attempt> = {};
  private readonly problems: Problem[];
  private readonly waiting: Waiting[];
  private readonly applied: Action[] = [];
  private readonly schemas: Set<string>;
  private run: OpenRun | undefined;

  constructor(
    private readonly ports: TickPorts,
    private readonly row: GroupRow,
    private readonly declaration: Declaration,
    private readonly planned: Plan,
  ) {
    this.problems = [...planned.problems];
    this.waiting = [...planned.waiting];
    this.schemas = new Set(row.schemas);
    this.run = row.run && { ...row.run, judged: judgedSoFar(row.run.judged, planned.judged) };
  }

  async consider(action: Action): Promise<void> {
    const { ports } = this;
    const earlier = this.row.attempts[action.id];
    if (earlier) this.attempts[action.id] = earlier;
    if (!action.call) return;
    const askedAt = this.askedAt(action);
    if (earlier && isHeld(earlier, ports.now(), askedAt)) this.holds(action, earlier);
    else if (!ports.timeLeft()) this.waiting.push({ for: 'service', step: action.step, message: action.id });
    else await this.does(action, earlier, earlier !== undefined && isRefusedStill(earlier, askedAt));
  }

  done(): Done {
    const { planned, problems, waiting, applied, attempts, run, schemas } = this;
    // How often something was repeated is kept while it is not well.
    const isUnwell = [planned.problems, planned.waiting, planned.actions].some(({ length }) => length > 0);
    for (const [id, attempt] of Object.entries(this.row.attempts)) {
      if (attempt.kind === 'nothing new' || (attempt.kind === 'repeat' && isUnwell)) attempts[id] ??= attempt;
    }
    return { plan: { ...planned, problems, waiting }, applied, attempts, run, schemas: [...schemas] };
  }

  /** What was refused and is asked for again by itself is no run: it was told, and is told when it succeeds. */
  private async does(action: Action, earlier: Attempt | undefined, isRefusedBefore: boolean): Promise<void> {
    const { ports, row, attempts, applied, schemas } = this;
    const { kind, name } = action.resource;
    if (!isRefusedBefore) await this.notes(action);
    if (kind === 'schema' && action.verb === 'create' && !schemas.has(name)) {
      await ports.noteSchema(row, name);
      schemas.add(name);
    }
    const outcome = await apply(ports.api, action);
    if (outcome.kind === 'done') {
      await this.notes(action);
      applied.push(action);
      if (kind === 'schema' && action.verb === 'delete') schemas.delete(name);
      delete attempts[action.id];
      if (action.isRetry) attempts[action.id] = repeated(earlier, ports.now());
      return;
    }
    const attempt = attemptOf(earlier, outcome, ports.now());
    attempts[action.id] = attempt;
    if (attempt.kind === 'exists') applied.push(action);
    else if (attempt.kind === 'nothing new') {
      const run = await this.notes(action, `${name}: nothing new`);
      this.run = { ...run, unchanged: [...(run.unchanged ?? []), name] };
      applied.push(action);
    } else this.holds(action, attempt);
  }

  private holds(action: Action, attempt: Attempt): void {
    this.waiting.push(retryOf(action.step, action.id, attempt));
    if (isTold(attempt, this.ports.now())) this.problems.push(problemOf(action, attempt));
  }

  /** The run that is open, or begins now, and the step that it has come to. */
  private async notes({ step, resource }: Action, detail?: string): Promise<OpenRun> {
    const { ports, row } = this;
    let run = this.run ?? (await this.begins());
    if (run.step !== step || detail !== undefined) {
      run = { ...run, step };
      await ports.noteStep(row, run, step, detail ?? resource.name);
    }
    this.run = run;
    return run;
  }

  private async begins(): Promise<OpenRun> {
    const { ports, row, planned } = this;
    const isShort = (list: readonly Waiting[]) => list.some((each) => each.for === 'likes');
    // Whoever asked for this tick: what it waited for was the minimum.
    const reason = isShort(row.waiting) && !isShort(planned.waiting) ? 'minimum-reached' : ports.run.reason;
    const run: OpenRun = { ...ports.run, reason, judged: planned.judged };
    await ports.beginRun(row, run);
    return run;
  }

  /** When an operator asked for a training, or the declaration was said: what was refused before is done at once. */
  private askedAt({ source }: Action): number {
    const declaredAt = this.declaration.sources.find(({ name }) => name === source)?.declaredAt;
    return Math.max(...[this.row.trainingAskedAt, declaredAt].map((time) => (time ? Date.parse(time) : 0)));
  }
}

/** A version is told of as it was judged first: later it is the one in service itself. */
function judgedSoFar(earlier: readonly Judged[], now: readonly Judged[]): Judged[] {
  const kept = new Map(earlier.map((judged) => [judged.version, judged]));
  return now.map((judged) => kept.get(judged.version) ?? judged);
}
