// What was put one by one, in the order of arrival: each record of the log is one accepted request, as JSON:
// `{"t": epoch ms of arrival, "rows": [{"ITEM_ID": "a", …}, …]}`. The keys are column names; `$session` and `$event` are
// the session id and the event id of an interaction.
import { RecordLog } from '@emotion-gallery/local-kit/store';
import type { CellValue } from './table';

export type StoredRow = Readonly<Record<string, CellValue>>;

interface PutRecord {
  readonly t: number;
  readonly rows: readonly StoredRow[];
}

export class PutLog {
  private readonly inFlight = new Set<Promise<unknown>>();
  private gate: Promise<void> | undefined;

  private log: RecordLog | undefined;

  /** `apply` takes a durable row into memory and says whether it was new. */
  constructor(private readonly apply: (arrivedAt: number, row: StoredRow) => boolean) {}

  /** Applies every row of the file, and appends to it from now on; a file that was open before is closed. */
  async open(path: string): Promise<void> {
    await this.log?.close();
    this.log = RecordLog.open(path, (payload) => {
      const { t, rows } = JSON.parse(payload.toString('utf8')) as PutRecord;
      for (const row of rows) this.apply(t, row);
    });
  }

  /** Stores the rows of one request, all or none. Returns how many were new. */
  async put(arrivedAt: number, rows: readonly StoredRow[]): Promise<number> {
    while (this.gate) await this.gate;
    const stored = this.store(arrivedAt, rows);
    this.inFlight.add(stored);
    try {
      return await stored;
    } finally {
      this.inFlight.delete(stored);
    }
  }

  private async store(arrivedAt: number, rows: readonly StoredRow[]): Promise<number> {
    if (this.log === undefined) throw new Error('The dataset is closed');
    this.log.append(Buffer.from(JSON.stringify({ t: arrivedAt, rows } satisfies PutRecord)));
    await this.log.synced();
    return rows.reduce((count, row) => count + (this.apply(arrivedAt, row) ? 1 : 0), 0);
  }

  /** Runs `task` while nothing is being put; puts that arrive meanwhile wait. */
  async exclusively<T>(task: () => Promise<T>): Promise<T> {
    while (this.gate) await this.gate;
    let release = () => {};
    this.gate = new Promise((resolve) => {
      release = resolve;
    });
    try {
      await Promise.allSettled(this.inFlight);
      return await task();
    } finally {
      this.gate = undefined;
      release();
    }
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.inFlight);
    await this.log?.close();
    this.log = undefined;
  }
}
