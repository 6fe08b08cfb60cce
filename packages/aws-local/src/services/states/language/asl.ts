// The Amazon States Language, as a checked definition. https://states-language.net/spec.html

export type QueryLanguage = 'JSONata' | 'JSONPath';
export const STATE_TYPES = ['Task', 'Wait', 'Pass', 'Succeed', 'Fail', 'Choice', 'Parallel', 'Map'] as const;
export type StateType = (typeof STATE_TYPES)[number];

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly MaxAttempts?: number;
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: 'FULL' | 'NONE';
}

export interface Catcher {
  readonly ErrorEquals: readonly string[];
  readonly Next: string;
  readonly Output?: unknown;
  readonly Assign?: Readonly<Record<string, unknown>>;
  readonly ResultPath?: string | null;
}

/** What fields a state has besides depends on its type and query language: `fields.ts`. */
export interface State {
  readonly Type: StateType;
  readonly QueryLanguage?: QueryLanguage;
  readonly Next?: string;
  readonly End?: boolean;
  readonly Resource?: string;
  readonly Assign?: Readonly<Record<string, unknown>>;
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
  readonly [field: string]: unknown;
}

export interface Machine {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
  readonly QueryLanguage?: QueryLanguage;
  readonly TimeoutSeconds?: number;
}

/** What a Parallel state's branches or a Map state's iterations run, with the field that has it. */
export function innerMachines(state: State): { readonly field: string; readonly machine: Machine }[] {
  if (state.Type === 'Parallel' && Array.isArray(state.Branches)) {
    return (state.Branches as Machine[]).map((machine, index) => ({ field: `Branches[${index}]`, machine }));
  }
  if (state.Type !== 'Map') return [];
  const field = state.ItemProcessor === undefined ? 'Iterator' : 'ItemProcessor';
  const machine = state[field] as Machine | undefined;
  return machine ? [{ field, machine }] : [];
}
