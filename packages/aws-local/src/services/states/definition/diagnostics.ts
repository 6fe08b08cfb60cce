// What is wrong with a definition, as ValidateStateMachineDefinition lists it and CreateStateMachine refuses it.
import { AwsError } from '../../../service';

export interface Diagnostic {
  readonly severity: 'ERROR';
  readonly code: string;
  readonly message: string;
  /** A path into the definition: `/States/Wait/Timestamp`. */
  readonly location?: string;
}

/** Takes down faults with their places. */
export class Diagnostics {
  readonly list: Diagnostic[] = [];

  add(location: string | undefined, message: string, code = 'SCHEMA_VALIDATION_FAILED'): void {
    this.list.push({ severity: 'ERROR', code, message, ...(location !== undefined && { location }) });
  }

  /** What AWS has and localhost has not. */
  lacking(location: string, what: string): void {
    this.add(location, `${what} not supported on localhost`, 'NOT_ON_LOCALHOST');
  }
}

export function invalidDefinition(list: readonly Diagnostic[]): AwsError {
  const faults = list.map(
    ({ code, message, location }) =>
      `${code}: ${message}${code === 'INVALID_JSON_DESCRIPTION' ? '' : ` at ${location ?? null}`}`,
  );
  return new AwsError('InvalidDefinition', `Invalid State Machine Definition: '${faults.join(', ')}'`);
}
