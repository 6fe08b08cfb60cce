// The work that threads share. A task is known to all threads by its number in this list.
import type { Lane } from './compute';
import { gramRows } from './gram';
import { copyPanel, foldBack, mirrorLower, solvePanel, subtractPanel } from './inverse-tasks';
import { gatherColumns } from './inverse-update';
import { multiplyPacked, packLeft, packRight } from './multiply-tasks';
import { sumPairs } from './sequence-model';
import { addProduct } from './sequence-update';

/** Does its lane's share; parameters are numbers, mostly positions in the shared memory. */
export type Task = (lane: Lane, parameters: readonly number[]) => void;

export const tasks: readonly Task[] = [
  copyPanel,
  solvePanel,
  subtractPanel,
  foldBack,
  mirrorLower,
  packLeft,
  packRight,
  multiplyPacked,
  gramRows,
  sumPairs,
  gatherColumns,
  addProduct,
];

export function taskNumber(task: Task): number {
  const number = tasks.indexOf(task);
  if (number < 0) throw new Error(`task ${task.name} is not in the list`);
  return number;
}
