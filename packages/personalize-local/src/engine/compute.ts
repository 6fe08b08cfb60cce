// What a training computes with: one shared memory, and threads that work on it side by side.
import { Worker } from 'node:worker_threads';
import { type MultiplyAdd, plainMultiplyAdd, wasmMultiplyAdd } from './kernel/multiply-add';
import { type Task, taskNumber, tasks } from './tasks';

/** What a task sees: the memory (positions are in floats, or in 32-bit integers, from its start) and its share. */
export interface Lane {
  readonly floats: Float32Array;
  readonly integers: Int32Array;
  readonly multiplyAdd: MultiplyAdd;
  /** This thread's number, from 0. */
  readonly index: number;
  readonly lanes: number;
}

/** What a helper thread is started with. */
export interface HelperData {
  readonly memory: WebAssembly.Memory;
  readonly control: Int32Array;
  readonly index: number;
  readonly lanes: number;
}

export interface ComputeOptions {
  /** The memory's size; pages that are never written cost nothing. */
  readonly bytes: number;
  /** Default 1. */
  readonly threads?: number;
  /** Source of a program that calls `runHelper`; needed for more than one thread. */
  readonly source?: string;
  /** Without WebAssembly; for comparison. */
  readonly plain?: boolean;
  /** How long a helper thread may take to start. Default: a minute. */
  readonly startMilliseconds?: number;
}

const control = {
  generation: 0,
  task: 1,
  finished: 2,
  failed: 3,
  count: 4,
  started: 5,
  parameters: 6,
} as const;
const maximumParameters = 16;
const pageBytes = 65536;
const stop = -1;

function lane(memory: WebAssembly.Memory, index: number, lanes: number, plain = false): Lane {
  const floats = new Float32Array(memory.buffer);
  return {
    floats,
    integers: new Int32Array(memory.buffer),
    multiplyAdd: plain ? plainMultiplyAdd(floats) : wasmMultiplyAdd(memory),
    index,
    lanes,
  };
}

/** Memory, allocator and threads of one training. */
export class Compute {
  readonly floats: Float32Array;
  readonly integers: Int32Array;
  private readonly own: Lane;
  private readonly control: Int32Array;
  private readonly helpers: readonly Worker[];
  private used = 0;

  private readonly startMilliseconds: number;

  constructor({ bytes, threads = 1, source, plain, startMilliseconds = 60_000 }: ComputeOptions) {
    this.startMilliseconds = startMilliseconds;
    const pages = Math.min(pageBytes, Math.ceil(bytes / pageBytes) + 1);
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pageBytes, shared: true });
    const lanes = source ? threads : 1;
    this.own = lane(memory, 0, lanes, plain);
    this.floats = this.own.floats;
    this.integers = this.own.integers;
    this.control = new Int32Array(new SharedArrayBuffer((control.parameters + maximumParameters) * 4));
    this.helpers = Array.from({ length: lanes - 1 }, (_, i) => {
      const helper: HelperData = { memory, control: this.control, index: i + 1, lanes };
      const worker = new Worker(source!, { eval: true, workerData: { helper }, execArgv: [] });
      return worker.on('error', (error) => {
        Atomics.store(this.control, control.failed, 1);
        process.stderr.write(`compute thread ${helper.index}: ${error.stack}\n`);
      });
    });
  }

  /** Position of `length` fresh 32-bit cells, zeroed. Freed by `scope`. */
  allocate(length: number): number {
    const at = this.used;
    const end = at + Math.ceil(length / 16) * 16;
    if (end > this.floats.length) {
      throw new RangeError(
        `training needs more than the ${this.floats.length * 4} bytes that were set aside`,
      );
    }
    this.floats.fill(0, at, end);
    this.used = end;
    return at;
  }

  /** Cells that can still be allocated. */
  get free(): number {
    return this.floats.length - this.used;
  }

  /** Frees what `work` allocates, at its end. */
  scope<T>(work: () => T): T {
    const before = this.used;
    try {
      return work();
    } finally {
      this.used = before;
    }
  }

  /**
   * Runs a task on all threads and waits for them.
   * @throws Error where a helper thread does not start, or fails
   */
  run(task: Task, ...parameters: number[]): void {
    this.awaitHelpers();
    if (this.helpers.length > 0) {
      this.control[control.task] = taskNumber(task);
      this.control[control.finished] = 0;
      this.control[control.count] = parameters.length;
      this.control.set(parameters, control.parameters);
      Atomics.add(this.control, control.generation, 1);
      Atomics.notify(this.control, control.generation);
    }
    task(this.own, parameters);
    for (;;) {
      const finished = Atomics.load(this.control, control.finished);
      if (finished >= this.helpers.length) break;
      Atomics.wait(this.control, control.finished, finished);
    }
    if (Atomics.load(this.control, control.failed)) throw new Error('a compute thread failed');
  }

  /** This thread cannot hear of a helper's end while it waits, so it waits for a start so long only. */
  private awaitHelpers(): void {
    const deadline = performance.now() + this.startMilliseconds;
    for (;;) {
      const started = Atomics.load(this.control, control.started);
      if (started >= this.helpers.length) return;
      const left = deadline - performance.now();
      if (left <= 0) {
        const { length } = this.helpers;
        throw new Error(
          `${length - started} of ${length} compute threads did not start within ${this.startMilliseconds} ms`,
        );
      }
      Atomics.wait(this.control, control.started, started, left);
    }
  }

  close(): void {
    this.control[control.task] = stop;
    Atomics.add(this.control, control.generation, 1);
    Atomics.notify(this.control, control.generation);
  }
}

/** A helper thread's life: waits for tasks until it is told to stop. */
export function runHelper({ memory, control: shared, index, lanes }: HelperData): void {
  const own = lane(memory, index, lanes);
  Atomics.add(shared, control.started, 1);
  Atomics.notify(shared, control.started);
  for (let seen = 0; ; seen++) {
    // A task may have been given before this thread was up, and the wake-up for one that it has already done may come after it.
    while (Atomics.load(shared, control.generation) === seen) Atomics.wait(shared, control.generation, seen);
    const number = shared[control.task]!;
    if (number === stop) return;
    const count = shared[control.count]!;
    try {
      tasks[number]!(own, Array.from(shared.subarray(control.parameters, control.parameters + count)));
    } catch (error) {
      Atomics.store(shared, control.failed, 1);
      process.stderr.write(`compute thread ${index}: ${(error as Error).stack}\n`);
    }
    Atomics.add(shared, control.finished, 1);
    Atomics.notify(shared, control.finished);
  }
}
