// One visit to a state: what it begins with, what its fields say once they are evaluated, and where it leads.
import type { Catcher, QueryLanguage, State } from './asl';
import type { StateFailure } from './failure';
import type { Variables } from './query-jsonata';

export interface Step {
  readonly key: string;
  readonly name: string;
  readonly state: State;
  readonly language: QueryLanguage;
  readonly rawInput: unknown;
  readonly variables: Variables;
  readonly enteredAt: number;
  readonly context: Readonly<Record<string, unknown>>;
}

export interface Next {
  readonly output: unknown;
  readonly variables: Variables;
  readonly next: string | undefined;
}

/** A state's fields, evaluated. */
export interface Prepared {
  readonly input: unknown;
  readonly items: unknown;
  readonly seconds: unknown;
  readonly timestamp: unknown;
  readonly timeoutSeconds: unknown;
  readonly selectItem: (item: unknown, index: number) => Promise<unknown>;
}

/** What a state brings about: a wait, a task's answer, the results of its branches. */
export type Effect = (prepared: Prepared) => Promise<unknown>;

/** How the fields of states are written in one of the query languages. */
export interface StateLanguage {
  /** @throws StateFailure */
  execute(step: Step, effect: Effect): Promise<Next>;
  caught(step: Step, catcher: Catcher, failure: StateFailure): Promise<Next>;
}

export function nextOf(state: State): string | undefined {
  return state.Type === 'Succeed' || state.End ? undefined : state.Next;
}
