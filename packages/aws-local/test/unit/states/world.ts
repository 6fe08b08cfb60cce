// Executions of state machines with tasks that the test makes, time that it moves, and a process that it can kill.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '@emotion-gallery/local-kit/clock';
import { Store, type StoreChange } from '@emotion-gallery/local-kit/store';
import type { ServiceContext } from '../../../src/service';
import { requireDefinition } from '../../../src/services/states/definition/definition';
import type { Execution, StateMachine } from '../../../src/services/states/execution';
import { ExecutionStore } from '../../../src/services/states/execution-store';
import { Executions } from '../../../src/services/states/executions';
import type { TaskCall } from '../../../src/services/states/interpreter/task';

export type Task = (input: unknown, call: TaskCall) => unknown;
const ROLE = 'arn:aws:iam::000000000000:role/machine';

/** The resource that a task of the world is called by. */
export const task = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;

export class World {
  readonly dir = mkdtempSync(join(tmpdir(), 'states-'));
  /** All calls of tasks, by their names. */
  readonly calls: string[] = [];
  readonly logged: string[] = [];
  /** Decides on the commits; throws as the disk does. */
  onCommit: (changes: readonly StoreChange[]) => void = () => undefined;
  clock!: ManualClock;
  disk!: Store;
  store!: ExecutionStore;
  executions!: Executions;
  private machine: StateMachine | undefined;

  constructor(private readonly tasks: Readonly<Record<string, Task>> = {}) {
    this.boot(Date.UTC(2026, 0, 1));
  }

  /** A new process over what is on the disk. */
  boot(now = this.clock.now()): void {
    this.clock = new ManualClock(now);
    this.disk = new Store({ dir: join(this.dir, 'store'), clock: this.clock });
    const { disk } = this;
    const commit = disk.commit.bind(disk);
    disk.commit = (changes) => {
      if (disk === this.disk) this.onCommit(changes);
      else throw new Error('this process was killed');
      commit(changes);
    };
    this.store = new ExecutionStore(disk, (line) => this.logged.push(line));
    const told = { accept: () => undefined, record: () => undefined, append: () => undefined };
    const context = {
      region: 'us-east-1',
      accountId: '000000000000',
      clock: this.clock,
      log: (line: string) => this.logged.push(line),
      service: () => told,
    } as unknown as ServiceContext;
    this.executions = new Executions({
      context,
      store: this.store,
      machineOf: () => this.machine,
      callTask: async (_execution, call) => {
        const name = call.resource.slice(call.resource.lastIndexOf(':') + 1);
        if (disk !== this.disk) throw new Error(`${name} was called by a process that was killed`);
        this.calls.push(name);
        return this.tasks[name]?.(call.input, call) ?? null;
      },
    });
  }

  start(definition: object, input: unknown = {}): Execution {
    return this.startWith(definition, JSON.stringify(input));
  }

  /** @param input As somebody wrote it. */
  startWith(definition: object, input: string): Execution {
    const text = JSON.stringify(definition);
    requireDefinition(text);
    this.machine = {
      name: 'm',
      arn: 'arn:aws:states:us-east-1:000000000000:stateMachine:m',
      definition: text,
      roleArn: ROLE,
      type: 'STANDARD',
      createdAt: 0,
      tags: {},
    };
    return this.executions.start(this.machine, input);
  }

  /** Lets everything happen that does not wait for time. */
  async turn(rounds = 20): Promise<void> {
    for (let round = 0; round < rounds; round++) await new Promise((resolve) => setImmediate(resolve));
  }

  async pass(seconds: number): Promise<void> {
    await this.turn();
    this.clock.advance(seconds * 1000);
    await this.turn();
  }

  /** Moves time on until the execution has ended. */
  async end(arn: string): Promise<Execution> {
    for (let round = 0; round < 200; round++) {
      await this.turn(5);
      const execution = this.executions.get(arn);
      if (execution && execution.status !== 'RUNNING') return execution;
      this.clock.advance(1_000);
    }
    throw new Error(`${arn} did not come to an end: ${JSON.stringify(this.history(arn).slice(-3))}`);
  }

  async run(definition: object, input: unknown = {}): Promise<Execution> {
    return this.end(this.start(definition, input).arn);
  }

  history(arn: string) {
    return this.executions.history(arn);
  }

  /** Events in short: `id<previous type`. */
  told(arn: string): string[] {
    return this.history(arn).map(({ id, previousEventId, type }) => `${id}<${previousEventId} ${type}`);
  }

  async remove(): Promise<void> {
    this.onCommit = () => undefined;
    await this.executions.close();
    await this.turn();
    await this.disk.close();
    rmSync(this.dir, { recursive: true, force: true });
  }
}
