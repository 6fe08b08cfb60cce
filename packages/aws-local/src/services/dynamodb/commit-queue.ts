// Group commit: units of work that end while the disk is busy reach it together, as one atomic batch, in their order. The
// next unit need not wait for the disk: it sees what is on its way there.
import type { BatchOperation, Store } from './dynalite';

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export class CommitQueue {
  /** For the next batch, and in the batch that is being written. */
  private pending = new Map<string, BatchOperation>();
  private writing: ReadonlyMap<string, BatchOperation> = new Map();
  private waiting: Waiting[] = [];
  private flushing: Promise<void> | undefined;

  constructor(private readonly db: Pick<Store['db'], 'getSync' | 'batch'>) {}

  /** The newest value of a key, whether it is on the disk yet or not. */
  read(key: string): unknown {
    const write = this.pending.get(key) ?? this.writing.get(key);
    if (write) return write.type === 'put' ? write.value : undefined;
    return this.db.getSync(key);
  }

  /**
   * Resolves once these writes, and all that they may have built on, are on the disk. When the disk refuses a batch, what was
   * built on it is refused too.
   */
  commit(writes: readonly BatchOperation[]): Promise<void> {
    if (writes.length === 0 && !this.flushing) return Promise.resolve();
    for (const write of writes) this.pending.set(write.key, write);
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      this.flushing ??= this.flush();
    });
  }

  /** Resolves when nothing is on its way. */
  async idle(): Promise<void> {
    await this.flushing;
  }

  private async flush(): Promise<void> {
    while (this.waiting.length > 0) {
      const waiting = this.waiting;
      this.writing = this.pending;
      this.waiting = [];
      this.pending = new Map();
      try {
        if (this.writing.size > 0) await this.db.batch([...this.writing.values()]);
        this.writing = new Map();
        for (const { resolve } of waiting) resolve();
      } catch (error) {
        const refused = [...waiting, ...this.waiting];
        this.writing = new Map();
        this.pending = new Map();
        this.waiting = [];
        for (const { reject } of refused) reject(error);
      }
    }
    this.flushing = undefined;
  }
}
