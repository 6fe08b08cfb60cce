// Retriers and catchers of a state.
import { checkTemplate } from './expressions';
import { isMembers, type Members, type StateCheck } from './state-check';

export function checkRules(check: StateCheck, field: 'Retry' | 'Catch'): void {
  const rules = check.state[field] as unknown;
  if (rules === undefined) return;
  const location = `${check.location}/${field}`;
  if (!Array.isArray(rules)) {
    check.diagnostics.add(location, 'Expected value of type Array');
    return;
  }
  for (const [index, rule] of rules.entries()) {
    const at = `${location}[${index}]`;
    const names = isMembers(rule) ? rule.ErrorEquals : undefined;
    if (!Array.isArray(names) || names.length === 0 || !names.every((name) => typeof name === 'string')) {
      check.diagnostics.add(at, 'These fields are required: [ErrorEquals]');
      continue;
    }
    for (const [place, name] of names.entries()) {
      if (name === 'States.ALL' && (names.length > 1 || index < rules.length - 1))
        check.diagnostics.add(
          `${at}/ErrorEquals[${place}]`,
          'States.ALL must appear alone and at end of list',
        );
    }
    if (field === 'Retry') checkRetrier(rule as Members, at, check);
    else checkCatcher(rule as Members, at, check);
  }
}

const RETRIER_LIMITS: Readonly<Record<string, { readonly least: number; readonly isWhole: boolean }>> = {
  IntervalSeconds: { least: 1, isWhole: true },
  MaxAttempts: { least: 0, isWhole: true },
  BackoffRate: { least: 1, isWhole: false },
  MaxDelaySeconds: { least: 1, isWhole: true },
};

function checkRetrier(rule: Members, at: string, { diagnostics }: StateCheck): void {
  for (const [field, value] of Object.entries(rule)) {
    const limits = RETRIER_LIMITS[field];
    if (limits) {
      const isRight =
        typeof value === 'number' && value >= limits.least && (!limits.isWhole || Number.isInteger(value));
      const kind = limits.isWhole ? 'an integer' : 'a number';
      if (!isRight) diagnostics.add(`${at}/${field}`, `Expected ${kind} of at least ${limits.least}`);
    } else if (field === 'JitterStrategy') {
      if (value !== 'FULL' && value !== 'NONE')
        diagnostics.add(
          `${at}/${field}`,
          "The field 'JitterStrategy' should have one of these values: [FULL, NONE]",
        );
    } else if (field !== 'ErrorEquals' && field !== 'Comment') {
      diagnostics.add(at, `Field '${field}' is not supported`);
    }
  }
}

function checkCatcher(rule: Members, at: string, { language, diagnostics }: StateCheck): void {
  const own = language === 'JSONata' ? ['Output'] : ['ResultPath'];
  for (const field of Object.keys(rule)) {
    if (!['ErrorEquals', 'Next', 'Assign', 'Comment', ...own].includes(field))
      diagnostics.add(at, `Field '${field}' is not supported`);
  }
  if (rule.Next === undefined) diagnostics.add(at, 'These fields are required: [Next]');
  if (language === 'JSONPath') checkTemplate(rule.Assign, `${at}/Assign`, diagnostics);
}
