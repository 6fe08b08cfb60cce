// The filter language of Amazon Personalize: parsed, checked against the schemas, evaluated on whole columns.
import type { CompiledFilter, FilterSchemas } from './types';

export * from './types';

/** Parses and checks an expression. @throws InvalidFilter */
export declare function compileFilter(expression: string, schemas: FilterSchemas): CompiledFilter;
