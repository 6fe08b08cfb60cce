// One tick of an execution of the state machine: under the lease of its group, unless another execution ticks it already.
import type { Actual } from './actual';
import type { Declaration } from './declaration';
import type { GroupRow } from './group-row';
import { type RowStore, underLease } from './lease';
import { type TickPorts, tick, type Wanted } from './tick';
import { nextStep, type TickInput, type TickOutput } from './tick-output';

export interface ExecutionPorts extends Omit<TickPorts, 'timeLeft' | 'wanted' | 'run'> {
  readonly galleryGroup: string;
  readonly arnBase: string;
  readonly store: RowStore;
  readonly isRunning: (executionArn: string) => Promise<boolean>;
  readonly wanted: (name: string, row: GroupRow) => Promise<Wanted>;
  readonly observe: (declaration: Declaration, row: GroupRow) => Promise<Actual>;
  readonly askForTraining: (arn: string, at: string) => Promise<void>;
  /** At every tick, before anything else is done: the first of an execution is written down. */
  readonly begins: (row: GroupRow, isFirst: boolean) => Promise<void>;
  readonly campaignsUp: (actual: Actual | undefined) => Promise<void>;
  /** Something that no other tick and no other run is called. */
  readonly uniqueId: () => string;
}

export async function tickOf(ports: ExecutionPorts, input: TickInput): Promise<TickOutput> {
  const { galleryGroup, arnBase, store, now, uniqueId } = ports;
  const name = input.datasetGroup ?? galleryGroup;
  const arn = `${arnBase}:dataset-group/${name}`;
  const isFirst = input.ticks === 0;
  if (isFirst && input.reason === 'operator') await ports.askForTraining(arn, input.startedAt);
  const ticked = await underLease(store, arn, uniqueId(), now, async (row, timeLeft) => {
    const other = row.execution !== input.execution ? row.execution : undefined;
    // Its last tick may have been before what this one was started for: then the sweep looks again.
    if (other && (await ports.isRunning(other)))
      return { row: { ...row, lookAt: new Date(now()).toISOString() }, other };
    const mine = { ...row, execution: input.execution };
    await ports.begins(mine, isFirst);
    const run = {
      key: `${input.startedAt} ${uniqueId()}`,
      reason: input.reason,
      startedAt: input.startedAt,
    };
    const done = await tick({ ...ports, timeLeft, run, wanted: () => ports.wanted(name, row) }, mine);
    await ports.campaignsUp(done.actual);
    return done;
  });
  return nextStep(ticked, input);
}
