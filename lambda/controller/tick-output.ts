// What the state machine gives a tick, and what it learns from it.
import type { Judged, Step } from './actions';
import { SETTINGS } from './gallery';
import type { Ticked } from './tick';

export interface TickInput {
  /** The name of a dataset group. @default - the gallery's */
  readonly datasetGroup?: string;
  /** `minimum-reached`, `schedule`, `operator`, `configuration`, … */
  readonly reason: string;
  /** ARN of the execution, and when it began (ISO 8601). */
  readonly execution: string;
  readonly startedAt: string;
  /** How many ticks the execution had. */
  readonly ticks: number;
}

export interface TickOutput {
  /** `again`: after a pause. `fail`: what the settings declare cannot be had, which is for operators to know. */
  readonly next: 'again' | 'end' | 'fail';
  /** `failed` with `end`: what a file declares cannot be had; its author was told. */
  readonly outcome: 'working' | 'succeeded' | 'failed' | 'waiting' | 'joined' | 'handed over';
  readonly phase: Step;
  readonly seconds: number;
  readonly results: readonly Judged[];
  /** Of the step that failed. */
  readonly failure?: { readonly step: string; readonly error: string; readonly reason: string };
  /** The execution that ticks the group already. */
  readonly runningExecution?: string;
}

/** An execution's history ends at 25,000 events, and a tick takes a dozen: a run that waits long goes on in another execution. */
const MAX_TICKS = 500;
/** While another tick of the group is under way. */
const BUSY_SECONDS = 10;

export function nextStep(
  ticked: (Ticked & { readonly other?: string }) | undefined,
  { ticks }: TickInput,
): TickOutput {
  const row = ticked?.row;
  const base = {
    next: 'end',
    phase: row?.step ?? 'resources',
    seconds: 0,
    results: ticked?.ended?.judged ?? [],
  } as const;
  if (ticked?.other) return { ...base, outcome: 'joined', runningExecution: ticked.other };
  const seconds = ticked ? ticked.waitSeconds : BUSY_SECONDS;
  if (seconds !== undefined) {
    return ticks >= MAX_TICKS
      ? { ...base, outcome: 'handed over' }
      : { ...base, next: 'again', outcome: 'working', seconds };
  }
  const problems = row?.problems ?? [];
  const ours = problems.find(({ source }) => source === '' || source === SETTINGS);
  const problem = ours ?? problems[0];
  if (row?.state === 'failed' && problem) {
    const { step, code, reason } = problem;
    const failure = { step, error: code, reason };
    return { ...base, next: ours ? 'fail' : 'end', outcome: 'failed', failure };
  }
  return { ...base, outcome: row?.state === 'settled' ? 'succeeded' : 'waiting' };
}
