// Which fields a state has, by its type: in either query language, in JSONPath alone, in JSONata alone.
// https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html
import type { QueryLanguage, StateType } from '../language/asl';

interface Fields {
  readonly both: readonly string[];
  readonly JSONPath: readonly string[];
  readonly JSONata: readonly string[];
  readonly required?: readonly string[];
}

const COMMON = ['Type', 'Comment', 'QueryLanguage'];
const ONWARD = ['Next', 'End', 'Assign'];
const RECOVERY = ['Retry', 'Catch'];
const PATHS = ['InputPath', 'OutputPath'];
const RESULT = ['Parameters', 'ResultPath', 'ResultSelector'];

const MAP_LIMITS = ['MaxConcurrency', 'ToleratedFailureCount', 'ToleratedFailurePercentage'];

const FIELDS: Readonly<Record<StateType, Fields>> = {
  Task: {
    both: [...ONWARD, ...RECOVERY, 'Resource', 'TimeoutSeconds', 'HeartbeatSeconds', 'Credentials'],
    JSONPath: [...PATHS, ...RESULT, 'TimeoutSecondsPath', 'HeartbeatSecondsPath'],
    JSONata: ['Arguments', 'Output'],
    required: ['Resource'],
  },
  Pass: {
    both: ONWARD,
    JSONPath: [...PATHS, 'Parameters', 'ResultPath', 'Result'],
    JSONata: ['Output'],
  },
  Choice: {
    both: ['Choices', 'Default', 'Assign'],
    JSONPath: PATHS,
    JSONata: ['Output'],
    required: ['Choices'],
  },
  Wait: {
    both: [...ONWARD, 'Seconds', 'Timestamp'],
    JSONPath: [...PATHS, 'SecondsPath', 'TimestampPath'],
    JSONata: ['Output'],
  },
  Succeed: { both: [], JSONPath: PATHS, JSONata: ['Output'] },
  Fail: { both: ['Error', 'Cause'], JSONPath: ['ErrorPath', 'CausePath'], JSONata: [] },
  Parallel: {
    both: [...ONWARD, ...RECOVERY, 'Branches'],
    JSONPath: [...PATHS, ...RESULT],
    JSONata: ['Arguments', 'Output'],
    required: ['Branches'],
  },
  Map: {
    both: [
      ...[...ONWARD, ...RECOVERY, ...MAP_LIMITS, 'ItemProcessor', 'Iterator', 'ItemSelector'],
      ...['ItemReader', 'ItemBatcher', 'ResultWriter', 'Label'],
    ],
    JSONPath: [...PATHS, ...RESULT, ...MAP_LIMITS.map((field) => `${field}Path`), 'ItemsPath'],
    JSONata: ['Items', 'Output'],
  },
};

/** What a machine has, and what the machines inside of states have. */
export const MACHINE_FIELDS = ['Comment', 'StartAt', 'States', 'Version', 'TimeoutSeconds', 'QueryLanguage'];
export const INNER_FIELDS = ['Comment', 'StartAt', 'States', 'ProcessorConfig'];

export type FieldFault = { readonly field: string } & (
  | { readonly kind: 'unknown' }
  | { readonly kind: 'other language'; readonly language: QueryLanguage }
);

/** The fields of a state that it must not have. */
export function wrongFields(
  type: StateType,
  language: QueryLanguage,
  names: readonly string[],
): FieldFault[] {
  const other = language === 'JSONata' ? 'JSONPath' : 'JSONata';
  const allowed = [...COMMON, ...FIELDS[type].both, ...FIELDS[type][language]];
  return names
    .filter((field) => !allowed.includes(field))
    .map((field) =>
      FIELDS[type][other].includes(field)
        ? { kind: 'other language', field, language: other }
        : { kind: 'unknown', field },
    );
}

export function requiredFields(type: StateType): readonly string[] {
  return FIELDS[type].required ?? [];
}

/** Whether states of a type lead somewhere by Next or End. */
export function leadsOn(type: StateType): boolean {
  return FIELDS[type].both.includes('Next');
}
