// The row of one group in memory, with a lease as the table has it.
import { type GroupRow, newRow, type OpenRun } from '../../../lambda/controller/group-row';
import type { RowStore } from '../../../lambda/controller/lease';

export class MemoryRows implements RowStore {
  row: GroupRow | undefined;
  private lease = { owner: '', until: 0 };

  async take(arn: string, owner: string, { now, until }: { now: number; until: number }) {
    if (this.lease.until > now) return undefined;
    this.lease = { owner, until };
    this.row ??= newRow({ name: arn.slice(arn.indexOf('/') + 1), arn }, new Date(now).toISOString());
    return this.row;
  }

  /** What others write meanwhile is kept, as in the table. */
  async give(
    {
      execution: _,
      trainingAskedAt: _asked,
      stoppedAt: _stopped,
      pausedSchedules: _paused,
      ...row
    }: GroupRow,
    owner: string,
  ) {
    if (this.lease.owner !== owner) return;
    const { execution, trainingAskedAt, stoppedAt, pausedSchedules = [] } = this.row ?? {};
    this.row = { ...row, execution, trainingAskedAt, stoppedAt, pausedSchedules };
    this.lease = { owner: '', until: 0 };
  }

  async release(_arn: string, owner: string) {
    if (this.lease.owner === owner) this.lease = { owner: '', until: 0 };
  }

  noteRun(run: OpenRun) {
    this.ask({ run });
  }

  noteSchema(name: string) {
    this.ask({ schemas: [...(this.row?.schemas ?? []), name] });
  }

  /** What is written without the lease. */
  ask(asked: Partial<GroupRow>) {
    if (this.row) this.row = { ...this.row, ...asked };
  }
}
