// The filter language of Amazon Personalize: parsed, checked against the schemas, evaluated on whole columns.
import type { Expression, Operand } from './ast';
import { checkFilter } from './checks';
import { evaluateFilter } from './evaluate';
import { parseFilter } from './parser';
import type { CompiledFilter, FilterSchemas } from './types';

export * from './types';

/** Parses and checks an expression. @throws InvalidFilter */
export function compileFilter(expression: string, schemas: FilterSchemas): CompiledFilter {
  const expressions = parseFilter(expression);
  const fields = checkFilter(expressions, schemas);
  const operands = operandsOf(expressions);
  const parameters = operands.flatMap((operand) => (operand.kind === 'parameter' ? [operand.name] : []));
  const conditions = expressions.flatMap(({ where }) => where.flat());
  return {
    expression,
    target: expressions[0]?.target ?? 'ITEM',
    fields: fields.names,
    placeholders: [...new Set(parameters)],
    usesCurrentItem: operands.some(({ kind }) => kind === 'field'),
    usesCurrentUser: expressions.some(({ when }) => when.length > 0),
    usesInteractions: conditions.some(({ field }) => field.source === 'INTERACTIONS'),
    evaluate: (request) => evaluateFilter(expressions, fields, request),
  };
}

const operandsOf = (expressions: readonly Expression[]): Operand[] =>
  expressions.flatMap(({ where, when }) => [...where.flat(), ...when]).flatMap(({ operands }) => operands);
