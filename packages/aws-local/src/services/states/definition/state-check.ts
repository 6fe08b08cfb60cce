// A state that is being checked.
import type { QueryLanguage, State } from '../language/asl';
import type { Diagnostics } from './diagnostics';

export type MachineType = 'STANDARD' | 'EXPRESS';

export interface StateCheck {
  readonly state: State;
  readonly location: string;
  readonly language: QueryLanguage;
  readonly type: MachineType;
  readonly diagnostics: Diagnostics;
}

export type Members = Readonly<Record<string, unknown>>;

export function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
