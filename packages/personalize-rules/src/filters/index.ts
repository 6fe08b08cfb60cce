// The filter language of Amazon Personalize: parsed, and checked against the schemas.
import type { Expression, Operand } from './ast';
import { type BoundFields, checkFilter } from './checks';
import { parseFilter } from './parser';
import type { Filter, FilterSchemas } from './types';

export type { Comparison, Condition, Expression, FieldRef, Operand } from './ast';
export type { BoundFields } from './checks';
export { parseFilter } from './parser';
export * from './types';
export { parseFilterValue } from './values';

/** A checked filter with its tree, for those who evaluate it. */
export interface ParsedFilter extends Filter {
  readonly expressions: readonly Expression[];
  /** The columns of the tree's fields. */
  readonly bound: BoundFields;
}

/** Parses and checks an expression. @throws InvalidFilter */
export function readFilter(expression: string, schemas: FilterSchemas): ParsedFilter {
  const expressions = parseFilter(expression);
  const bound = checkFilter(expressions, schemas);
  const operands = operandsOf(expressions);
  const parameters = operands.flatMap((operand) => (operand.kind === 'parameter' ? [operand.name] : []));
  const conditions = expressions.flatMap(({ where }) => where.flat());
  return {
    expression,
    expressions,
    bound,
    target: expressions[0]?.target ?? 'ITEM',
    fields: bound.names,
    placeholders: [...new Set(parameters)],
    usesCurrentItem: operands.some(({ kind }) => kind === 'field'),
    usesCurrentUser: expressions.some(({ when }) => when.length > 0),
    usesInteractions: conditions.some(({ field }) => field.source === 'INTERACTIONS'),
  };
}

const operandsOf = (expressions: readonly Expression[]): Operand[] =>
  expressions.flatMap(({ where, when }) => [...where.flat(), ...when]).flatMap(({ operands }) => operands);
