// What the types of states ask for besides their fields.
import type { StateType } from '../language/asl';
import { isComparison, RULE_FIELDS } from '../query/choice-rules';
import { isTimestamp } from '../query/timestamp';
import { parseResource } from '../tasks/resource';
import { INTEGRATIONS } from '../tasks/services';
import type { Diagnostics } from './diagnostics';
import { checkTemplate, isPath } from './expressions';
import { isMembers, type Members, type StateCheck } from './state-check';

export const TYPE_CHECKS: Readonly<Partial<Record<StateType, (check: StateCheck) => void>>> = {
  Wait: checkWait,
  Task: checkTask,
  Choice: checkChoices,
  Parallel: ({ state, location, diagnostics }) => {
    if (Array.isArray(state.Branches) && state.Branches.length === 0)
      diagnostics.add(`${location}/Branches`, 'Value cannot be empty');
  },
  Map: checkMap,
};

function checkWait({ state, location, language, diagnostics }: StateCheck): void {
  const ways = ['Seconds', 'Timestamp', 'SecondsPath', 'TimestampPath'].filter(
    (field) => state[field] !== undefined,
  );
  if (ways.length !== 1) {
    const fields =
      language === 'JSONata' ? 'Seconds, Timestamp' : 'Seconds, SecondsPath, Timestamp, TimestampPath';
    diagnostics.add(location, `Exactly one of these fields is required: [${fields}]`);
  }
  const { Seconds, Timestamp } = state;
  const isExpression = (value: unknown) =>
    language === 'JSONata' && typeof value === 'string' && value.startsWith('{%');
  if (Timestamp !== undefined && !isExpression(Timestamp) && !isTimestamp(Timestamp))
    diagnostics.add(`${location}/Timestamp`, 'String does not match RFC3339 timestamp');
  if (Seconds !== undefined && !isExpression(Seconds) && !(Number.isInteger(Seconds) && Number(Seconds) >= 0))
    diagnostics.add(`${location}/Seconds`, 'Expected an integer of at least 0');
}

function checkTask({ state, location, type, diagnostics }: StateCheck): void {
  const { Resource, Credentials } = state;
  if (Credentials !== undefined) {
    if (
      !isMembers(Credentials) ||
      (Credentials.RoleArn === undefined && Credentials['RoleArn.$'] === undefined)
    )
      diagnostics.add(`${location}/Credentials`, "The field 'RoleArn' is required but was missing");
    else diagnostics.lacking(`${location}/Credentials`, 'roles of tasks are');
  }
  if (typeof Resource !== 'string') return;
  const at = `${location}/Resource`;
  const patterns: readonly [pattern: RegExp, what: string][] = [
    [/:states:[^:]*:[^:]*:activity:/, 'Activity ARN'],
    [/\.waitForTaskToken$/, "'.waitForTaskToken' service integration "],
    [/\.sync(:2)?$/, "'.sync' service integration"],
  ];
  const lacking = patterns.find(([pattern]) => pattern.test(Resource))?.[1];
  if (type === 'EXPRESS' && lacking !== undefined) {
    diagnostics.add(at, `Express state machine does not support ${lacking}`);
    return;
  }
  if (/:states:[^:]*:[^:]*:activity:/.test(Resource)) {
    diagnostics.lacking(at, 'activities are');
    return;
  }
  if (Resource.endsWith('.waitForTaskToken')) {
    diagnostics.lacking(at, '.waitForTaskToken is');
    return;
  }
  const resource = parseResource(Resource);
  const isKnown =
    resource?.kind === 'function' ||
    (resource?.isSdk && resource.pattern === '') ||
    (resource &&
      !resource.isSdk &&
      (INTEGRATIONS[resource.service]?.actions.includes(resource.action) ?? true));
  if (!isKnown)
    diagnostics.add(
      at,
      `The resource provided ${Resource} is not recognized. The value is not a valid resource ARN, or the resource is not available in this region.`,
    );
}

function checkChoices({ state, location, language, diagnostics }: StateCheck): void {
  const { Choices } = state;
  if (!Array.isArray(Choices)) return;
  if (Choices.length === 0) diagnostics.add(`${location}/Choices`, 'Value cannot be empty');
  for (const [index, rule] of Choices.entries()) {
    const at = `${location}/Choices[${index}]`;
    if (!isMembers(rule)) {
      diagnostics.add(at, 'A choice must be a JSON object');
      continue;
    }
    if (rule.Next === undefined) diagnostics.add(at, 'These fields are required: [Next]');
    if (language === 'JSONPath') {
      const { Next, Comment, Assign, ...comparison } = rule;
      checkTemplate(Assign, `${at}/Assign`, diagnostics);
      checkComparison(comparison, at, diagnostics);
      continue;
    }
    if (rule.Condition === undefined) diagnostics.add(at, 'These fields are required: [Condition]');
    for (const field of Object.keys(rule)) {
      if (!['Condition', 'Next', 'Output', 'Assign', 'Comment'].includes(field))
        diagnostics.add(at, `Field '${field}' is not supported`);
    }
  }
}

function checkComparison(rule: Members, at: string, diagnostics: Diagnostics): void {
  for (const field of ['And', 'Or']) {
    const inner = rule[field];
    if (inner === undefined) continue;
    if (!Array.isArray(inner) || inner.length === 0)
      diagnostics.add(`${at}/${field}`, 'Value cannot be empty');
    else
      for (const [index, one] of inner.entries())
        checkComparison(one as Members, `${at}/${field}[${index}]`, diagnostics);
    return;
  }
  if (rule.Not !== undefined) {
    checkComparison(rule.Not as Members, `${at}/Not`, diagnostics);
    return;
  }
  if (!isPath(rule.Variable)) diagnostics.add(at, 'These fields are required: [Variable]');
  const operators = Object.keys(rule).filter((field) => !RULE_FIELDS.includes(field));
  const [operator = ''] = operators;
  if (operators.length !== 1 || !isComparison(operator))
    diagnostics.add(at, `A choice has exactly one comparison, not: [${operators.join(', ')}]`);
}

function checkMap({ state, location, diagnostics }: StateCheck): void {
  if (state.ItemProcessor === undefined && state.Iterator === undefined)
    diagnostics.add(location, 'These fields are required: [ItemProcessor]');
  const processor = (state.ItemProcessor ?? state.Iterator) as
    | { ProcessorConfig?: { Mode?: string } }
    | undefined;
  const isDistributed = processor?.ProcessorConfig?.Mode === 'DISTRIBUTED';
  const fields = [
    'ItemReader',
    'ItemBatcher',
    'ResultWriter',
    'ToleratedFailureCount',
    'ToleratedFailurePercentage',
  ];
  const lacking = [...fields, 'ToleratedFailureCountPath', 'ToleratedFailurePercentagePath'];
  if (isDistributed || lacking.some((field) => state[field] !== undefined))
    diagnostics.lacking(location, 'distributed Map states are');
}
