// A filter expression as a tree, after parsing and before it is checked against schemas.
import type { DatasetType } from '../schemas/types';
import type { FilterTarget } from './types';

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=';

export interface FieldRef {
  /** `current-user` and `current-item` are rows of Users and Items. */
  readonly source: DatasetType | 'CURRENT_USER' | 'CURRENT_ITEM';
  /** As written. */
  readonly column: string;
  readonly at: number;
}

export type Operand =
  | { readonly kind: 'text'; readonly value: string; readonly at: number }
  | { readonly kind: 'number'; readonly value: number; readonly at: number }
  | { readonly kind: 'parameter'; readonly name: string; readonly at: number }
  | { readonly kind: 'any'; readonly at: number }
  | { readonly kind: 'field'; readonly field: FieldRef; readonly at: number };

export interface Condition {
  readonly field: FieldRef;
  readonly operator: 'IN' | 'NOT IN' | Comparison;
  /** One operand for a comparison. */
  readonly operands: readonly Operand[];
}

export interface Expression {
  readonly action: 'INCLUDE' | 'EXCLUDE';
  readonly target: FilterTarget;
  /** Alternatives (OR) of conditions that hold together (AND). */
  readonly where: ReadonlyArray<readonly Condition[]>;
  /** Conditions on the current user, all of which must hold for the expression to apply. */
  readonly when: readonly Condition[];
  readonly at: number;
}
