// Filters: checked by the rules of the language, evaluated on whole columns.
import { type FilterSchemas, readFilter } from '@emotion-gallery/personalize-rules/filters';
import { evaluateFilter } from './evaluate';
import type { CompiledFilter } from './types';

export * from './types';

/** Parses and checks an expression. @throws InvalidFilter */
export function compileFilter(expression: string, schemas: FilterSchemas): CompiledFilter {
  const { expressions, bound, ...filter } = readFilter(expression, schemas);
  return { ...filter, evaluate: (request) => evaluateFilter(expressions, bound, request) };
}
