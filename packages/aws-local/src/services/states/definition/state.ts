// The checks of one state: its fields, its retriers and catchers, what its type asks for.
import { STATE_TYPES } from '../language/asl';
import { checkJsonata, checkTemplate, isPath, isPathOrCall } from './expressions';
import { leadsOn, requiredFields, wrongFields } from './fields';
import { checkRules } from './retry-and-catch';
import { isMembers, type StateCheck } from './state-check';
import { TYPE_CHECKS } from './state-types';

/** Returns false when the rest of the state cannot be judged. */
export function checkState(check: StateCheck): boolean {
  const { state, location, language, diagnostics } = check;
  if (!isMembers(state)) {
    diagnostics.add(location, 'A state must be a JSON object');
    return false;
  }
  if (!STATE_TYPES.includes(state.Type)) {
    const message =
      state.Type === undefined
        ? 'These fields are required: [Type]'
        : `The field 'Type' should have one of these values: [${STATE_TYPES.join(', ')}]`;
    diagnostics.add(state.Type === undefined ? location : `${location}/Type`, message);
    return false;
  }
  for (const fault of wrongFields(state.Type, language, Object.keys(state))) {
    const message =
      fault.kind === 'unknown'
        ? `Field '${fault.field}' is not supported`
        : `The QueryLanguage is set to '${language}', but field '${fault.field}' is only supported for the '${fault.language}' QueryLanguage`;
    diagnostics.add(location, message);
  }
  const missing = requiredFields(state.Type).filter((field) => state[field] === undefined);
  if (missing.length > 0) diagnostics.add(location, `These fields are required: [${missing.join(', ')}]`);
  if (leadsOn(state.Type) && (state.Next === undefined) === (state.End !== true))
    diagnostics.add(location, "Exactly one of the fields 'Next' and 'End' is required");
  checkRules(check, 'Retry');
  checkRules(check, 'Catch');
  checkFields(check);
  TYPE_CHECKS[state.Type]?.(check);
  return missing.length === 0;
}

/** Expressions, wherever they may stand. */
function checkFields({ state, location, language, diagnostics }: StateCheck): void {
  if (language === 'JSONata') {
    const { ItemProcessor, Iterator, Branches, ...own } = state;
    for (const [field, value] of Object.entries(own))
      checkJsonata(value, `${location}/${field}`, diagnostics);
    return;
  }
  for (const field of ['Parameters', 'ResultSelector', 'ItemSelector', 'Assign'])
    checkTemplate(state[field], `${location}/${field}`, diagnostics);
  for (const [field, value] of Object.entries(state)) {
    if (!field.endsWith('Path') || value === null) continue;
    const isRight = field === 'ErrorPath' || field === 'CausePath' ? isPathOrCall(value) : isPath(value);
    if (!isRight) diagnostics.add(`${location}/${field}`, 'Value is not a Reference Path');
  }
}
