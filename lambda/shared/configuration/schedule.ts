// Schedule expressions of EventBridge Scheduler, as a configuration file may use them.
// Source: EventBridge Scheduler user guide, "Schedule types": rate(value unit), cron(minutes hours day-of-month month day-of-week year).
import { z } from 'zod';

const months = 'JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC';
const weekdays = 'SUN|MON|TUE|WED|THU|FRI|SAT';

interface CronField {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly words?: string;
  /** Further whole-field forms, for example `?` or `L`. */
  readonly special?: RegExp;
}

const cronFields: readonly CronField[] = [
  { name: 'minutes', min: 0, max: 59 },
  { name: 'hours', min: 0, max: 23 },
  { name: 'day of month', min: 1, max: 31, special: /^(\?|L|\d{1,2}W)$/ },
  { name: 'month', min: 1, max: 12, words: months },
  { name: 'day of week', min: 1, max: 7, words: weekdays, special: /^(\?|L|[1-7]L|[1-7]#[1-5])$/ },
  { name: 'year', min: 1970, max: 2199 },
];

function fieldProblem(field: CronField, text: string): string | undefined {
  if (text === '*' || field.special?.test(text)) return undefined;
  const word = field.words ? new RegExp(`^(${field.words})$`, 'i') : undefined;
  const isValue = (value: string) =>
    word?.test(value) || (/^\d+$/.test(value) && Number(value) >= field.min && Number(value) <= field.max);
  for (const part of text.split(',')) {
    const [range = '', step, ...rest] = part.split('/');
    const ends = range === '*' ? [] : range.split('-');
    const stepIsWrong = step !== undefined && !/^[1-9]\d*$/.test(step);
    if (rest.length > 0 || stepIsWrong || ends.length > 2 || !ends.every(isValue)) {
      return `${field.name} is "${text}", allowed are ${field.min} to ${field.max}, lists, ranges and steps`;
    }
  }
  return undefined;
}

/** What is wrong with a schedule expression, or undefined when nothing is. */
export function scheduleProblem(expression: string): string | undefined {
  const rate = /^rate\((\d+) (minutes?|hours?|days?)\)$/.exec(expression);
  if (rate) return Number(rate[1]) > 0 ? undefined : 'a rate is at least 1';
  const cron = /^cron\((.*)\)$/.exec(expression);
  if (!cron) return 'a schedule is rate(<number> <unit>) or cron(<six fields>)';
  const parts = (cron[1] ?? '').trim().split(/\s+/);
  if (parts.length !== cronFields.length) return `cron has six fields, got ${parts.length}`;
  if ((parts[2] === '?') === (parts[4] === '?'))
    return 'exactly one of day of month and day of week must be "?"';
  for (const [index, field] of cronFields.entries()) {
    const problem = fieldProblem(field, parts[index] ?? '');
    if (problem) return problem;
  }
  return undefined;
}

export const schedule = z.string().check((context) => {
  const message = scheduleProblem(context.value);
  if (message) context.issues.push({ code: 'custom', message, input: context.value });
});
