// The Amazon States Language as it is read here. https://states-language.net/spec.html
import { z } from 'zod';
import { AwsError } from '../../service';

export type QueryLanguage = 'JSONata' | 'JSONPath';

const RETRIER = z.looseObject({
  ErrorEquals: z.array(z.string()).min(1),
  IntervalSeconds: z.number().default(1),
  MaxAttempts: z.number().default(3),
  BackoffRate: z.number().default(2),
  MaxDelaySeconds: z.number().optional(),
  JitterStrategy: z.enum(['FULL', 'NONE']).default('NONE'),
});
const CATCHER = z.looseObject({
  ErrorEquals: z.array(z.string()).min(1),
  Next: z.string(),
  Output: z.unknown().optional(),
  Assign: z.record(z.string(), z.unknown()).optional(),
  ResultPath: z.string().nullable().optional(),
});
const STATE = z.looseObject({
  Type: z.enum(['Task', 'Pass', 'Choice', 'Wait', 'Succeed', 'Fail', 'Parallel', 'Map']),
  QueryLanguage: z.enum(['JSONata', 'JSONPath']).optional(),
  Next: z.string().optional(),
  End: z.boolean().optional(),
  Resource: z.string().optional(),
  Assign: z.record(z.string(), z.unknown()).optional(),
  Retry: z.array(RETRIER).default([]),
  Catch: z.array(CATCHER).default([]),
});

export type State = z.output<typeof STATE>;
export type Retrier = z.output<typeof RETRIER>;
export type Catcher = z.output<typeof CATCHER>;

export interface Machine {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
  readonly QueryLanguage?: QueryLanguage;
  readonly TimeoutSeconds?: number;
}

const MACHINE = z.looseObject({
  StartAt: z.string(),
  States: z.record(z.string(), STATE),
  QueryLanguage: z.enum(['JSONata', 'JSONPath']).optional(),
  TimeoutSeconds: z.number().optional(),
});

/** @throws InvalidDefinition */
export function parseDefinition(text: string): Machine {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw invalid(`INVALID_JSON_DESCRIPTION: ${String(error)}`);
  }
  return parseMachine(document);
}

/** Checks a machine, or what a Map or a Parallel state runs. @throws InvalidDefinition */
export function parseMachine(document: unknown): Machine {
  const parsed = MACHINE.safeParse(document);
  if (!parsed.success) throw invalid(`SCHEMA_VALIDATION_FAILED: ${parsed.error.message}`);
  const machine = parsed.data;
  const requireState = (name: unknown, where: string) => {
    if (typeof name !== 'string' || !machine.States[name])
      throw invalid(`MISSING_TRANSITION_TARGET: ${String(name)} at ${where}`);
  };
  requireState(machine.StartAt, 'StartAt');
  for (const [name, state] of Object.entries(machine.States)) {
    for (const target of transitions(state)) requireState(target, name);
    for (const inner of innerMachines(state)) parseMachine(inner);
    if (
      state.Type === 'Task' &&
      (state.Resource?.includes('.waitForTaskToken') || state.Resource?.includes(':activity:'))
    ) {
      throw invalid(`the resource of ${name}, ${state.Resource}, is not supported on localhost`);
    }
    const isDistributed =
      (state.ItemProcessor as { ProcessorConfig?: { Mode?: string } } | undefined)?.ProcessorConfig?.Mode ===
      'DISTRIBUTED';
    if (isDistributed || state.ItemReader || state.ItemBatcher || state.ResultWriter) {
      throw invalid(`distributed Map states are not supported on localhost: ${name}`);
    }
  }
  return machine;
}

function transitions(state: State): unknown[] {
  const targets: unknown[] = state.Catch.map((catcher) => catcher.Next);
  if (state.Next !== undefined) targets.push(state.Next);
  if (state.Type === 'Choice') {
    for (const rule of (state.Choices ?? []) as { Next?: string }[]) targets.push(rule.Next);
    if (state.Default !== undefined) targets.push(state.Default);
  }
  return targets;
}

/** What a Parallel state's branches or a Map state's iterations run. */
export function innerMachines(state: State): unknown[] {
  if (state.Type === 'Parallel') return (state.Branches ?? []) as unknown[];
  if (state.Type === 'Map') return [state.ItemProcessor ?? state.Iterator];
  return [];
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidDefinition', `Invalid State Machine Definition: '${message}'`);
}
