// The state machine that ticks groups, in a time of its own: executions with their waits, calls that fail and are tried again, aborts.
import type { Executions } from '../../../lambda/controller/executions';
import type { TickInput, TickOutput } from '../../../lambda/controller/tick-output';
import type { Random } from './random';
import type { VirtualTime } from './virtual-time';

/** As `lib/training/tick-machine.ts` has it. */
const TRIES = 5;
const FIRST_RETRY_MS = 5000;

interface Execution {
  readonly arn: string;
  readonly input: TickInput;
  ticks: number;
  /** Of this tick. */
  tries: number;
  /** When it ticks next. */
  at: number;
}

export class StateMachine implements Executions {
  private readonly running = new Map<string, Execution>();
  private serial = 1;

  constructor(
    private readonly time: VirtualTime,
    /** Undefined: the call failed. */
    private readonly invoke: (input: TickInput) => Promise<TickOutput | undefined>,
  ) {}

  start(asked: { readonly datasetGroup: string; readonly reason: string }): Promise<string> {
    const arn = `execution-${this.serial++}`;
    const startedAt = new Date(this.time.now).toISOString();
    const input = { ...asked, execution: arn, startedAt, ticks: 0 };
    this.running.set(arn, { arn, input, ticks: 0, tries: 0, at: this.time.now });
    return Promise.resolve(arn);
  }

  isRunning(arn: string): Promise<boolean> {
    return Promise.resolve(this.isAtWork(arn));
  }

  isAtWork(arn: string | undefined): boolean {
    return arn !== undefined && this.running.has(arn);
  }

  abort(random: Random): void {
    const all = [...this.running.keys()];
    if (all.length > 0) this.running.delete(random.pick(all));
  }

  /** When something is to be done next; undefined when nothing runs. */
  next(): number | undefined {
    const times = [...this.running.values()].map(({ at }) => at);
    return times.length > 0 ? Math.min(...times) : undefined;
  }

  /** Does all that is due, at once what is due together. */
  async work(): Promise<void> {
    const due = [...this.running.values()].filter(({ at }) => at <= this.time.now);
    await Promise.all(due.map((execution) => this.tick(execution)));
  }

  private async tick(execution: Execution): Promise<void> {
    const output = await this.invoke({ ...execution.input, ticks: execution.ticks });
    if (!output) {
      execution.tries += 1;
      execution.at = this.time.now + FIRST_RETRY_MS * 2 ** (execution.tries - 1);
      if (execution.tries === TRIES) this.running.delete(execution.arn);
      return;
    }
    execution.tries = 0;
    execution.ticks += 1;
    execution.at = this.time.now + output.seconds * 1000;
    if (output.next !== 'again') this.running.delete(execution.arn);
  }
}
