// A definition as it comes in: parsed, and judged as AWS judges it when a state machine is made.
import { innerMachines, type Machine, type QueryLanguage, type State } from '../language/asl';
import { type Diagnostic, Diagnostics, invalidDefinition } from './diagnostics';
import { INNER_FIELDS, MACHINE_FIELDS } from './fields';
import { type JsonTextError, parseJsonText } from './json-text';
import { checkState } from './state';
import type { MachineType } from './state-check';

/** @throws AwsError InvalidDefinition */
export function requireDefinition(text: string): void {
  const list = diagnose(text);
  if (list.length > 0) throw invalidDefinition(list);
}

/** Everything that is wrong with a definition. */
export function diagnose(text: string, type: MachineType = 'STANDARD'): readonly Diagnostic[] {
  const diagnostics = new Diagnostics();
  let document: unknown;
  try {
    if (text.trim() !== '') document = parseJsonText(text);
  } catch (error) {
    const { message, line, column } = error as JsonTextError;
    const place = `[Source: (String)"${text}"; line: ${line}, column: ${column}]`;
    diagnostics.add(place, `${message}\n at ${place}`, 'INVALID_JSON_DESCRIPTION');
    return diagnostics.list;
  }
  if (typeof document !== 'object' || document === null || Array.isArray(document))
    diagnostics.add(undefined, 'Definition must be a valid JSON object');
  else checkMachine(document as Machine, '', { type, outermost: undefined, diagnostics });
  return diagnostics.list;
}

interface Surroundings {
  readonly type: MachineType;
  /** The language of the machine around it: a machine inside of a state has no other. */
  readonly outermost: QueryLanguage | undefined;
  readonly diagnostics: Diagnostics;
}

function checkMachine(machine: Machine, location: string, around: Surroundings): void {
  const { diagnostics } = around;
  const missing = ['States', 'StartAt'].filter((field) => machine[field as keyof Machine] === undefined);
  if (missing.length > 0) {
    diagnostics.add(location || '/', `These fields are required: [${missing.join(', ')}]`);
    return;
  }
  const isInner = location !== '';
  const fields = isInner ? INNER_FIELDS : MACHINE_FIELDS;
  for (const field of Object.keys(machine)) {
    if (!fields.includes(field)) diagnostics.add(location || '/', `Field '${field}' is not supported`);
  }
  const language = around.outermost ?? machine.QueryLanguage ?? 'JSONPath';
  checkLanguage(language, `${location}/QueryLanguage`, diagnostics);
  let canBeFollowed = true;
  for (const [name, state] of Object.entries(machine.States))
    canBeFollowed = checkOne(state, `${location}/States/${name}`, language, around) && canBeFollowed;
  if (canBeFollowed) checkWays(machine, location, diagnostics);
}

function checkLanguage(language: unknown, location: string, diagnostics: Diagnostics): void {
  if (language !== 'JSONPath' && language !== 'JSONata')
    diagnostics.add(
      location,
      "The field 'QueryLanguage' should have one of these values: [JSONPath, JSONata]",
    );
}

function checkOne(state: State, location: string, outermost: QueryLanguage, around: Surroundings): boolean {
  const { type, diagnostics } = around;
  const language = state?.QueryLanguage ?? outermost;
  checkLanguage(language, `${location}/QueryLanguage`, diagnostics);
  if (outermost === 'JSONata' && language === 'JSONPath')
    diagnostics.add(
      location,
      "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine",
    );
  const canBeFollowed = checkState({ state, location, language, type, diagnostics });
  if (!canBeFollowed) return false;
  for (const { field, machine } of innerMachines(state))
    checkMachine(machine, `${location}/${field}`, { ...around, outermost });
  return true;
}

/** All states can be reached, and the machine can come to an end. */
function checkWays(machine: Machine, location: string, diagnostics: Diagnostics): void {
  const code = 'MISSING_TRANSITION_TARGET';
  const targets = new Set<string>();
  const follow = (target: unknown, field: string, from: string) => {
    if (target === undefined) return;
    if (typeof target === 'string' && Object.hasOwn(machine.States, target)) targets.add(target);
    else diagnostics.add(`${from}/${field}`, `Missing '${field}' target: ${String(target)}`, code);
  };
  follow(machine.StartAt, 'StartAt', location);
  for (const [name, state] of Object.entries(machine.States)) {
    const at = `${location}/States/${name}`;
    follow(state.Next, 'Next', at);
    if (state.Type === 'Choice') {
      follow(state.Default, 'Default', at);
      for (const [index, rule] of (state.Choices as readonly { Next?: unknown }[]).entries())
        follow(rule.Next, 'Next', `${at}/Choices[${index}]`);
    }
    for (const [index, catcher] of (state.Catch ?? []).entries())
      follow(catcher.Next, 'Next', `${at}/Catch[${index}]`);
  }
  for (const name of Object.keys(machine.States)) {
    if (!targets.has(name))
      diagnostics.add(`${location}/States/${name}`, `State "${name}" is not reachable.`, code);
  }
  const hasEnd = Object.values(machine.States).some(
    ({ Type, End }) => End === true || Type === 'Succeed' || Type === 'Fail',
  );
  if (!hasEnd && diagnostics.list.length === 0)
    diagnostics.add(undefined, 'Workflow has no terminal state', 'MISSING_END_STATE');
}
