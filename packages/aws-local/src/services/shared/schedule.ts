// Schedule expressions: rate(…), cron(…) in AWS's six fields, at(…). Cron runs in UTC or a given time zone.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
import { Cron } from 'croner';

const UNITS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** When a schedule is next due strictly after `after`, or undefined when it never is again. Milliseconds since the epoch. */
export type Schedule = (after: number) => number | undefined;

/** A list of values and ranges, each with a step if it has one. */
const list = (value: string) => {
  const part = `(?:\\*|${value}(?:-${value})?)(?:/\\d+)?`;
  return `${part}(?:,${part})*`;
};
const WEEKDAY = '(?:[1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)';
/** What AWS takes; that a number is in its range is seen to where the calendar is made. */
const FIELDS = [
  list('\\d{1,2}'),
  list('\\d{1,2}'),
  `\\?|L|\\d{1,2}W|${list('\\d{1,2}')}`,
  list('(?:\\d{1,2}|[A-Z]{3})'),
  `\\?|${WEEKDAY}?L|${WEEKDAY}#[1-5]|${list(WEEKDAY)}`,
  list('(?:19[7-9]\\d|2[01]\\d\\d)'),
].map((field) => new RegExp(`^(?:${field})$`, 'i'));
const CRON_FIELDS = /^cron\((.+)\)$/;

/**
 * @param origin Where rates are counted from.
 * @throws Error for an expression or a time zone that is not valid
 */
export function parseSchedule(expression: string, origin: number, timeZone = 'UTC'): Schedule {
  offsetAt(origin, timeZone);
  const period = periodOf(expression);
  if (period !== undefined) {
    return (after) => origin + Math.max(1, Math.floor((after - origin) / period) + 1) * period;
  }
  const at = /^at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)$/.exec(expression);
  if (at) {
    const local = Date.parse(`${at[1]}Z`);
    if (Number.isNaN(local)) throw invalid(expression);
    // An hour that the change to summer time leaves out is counted on from the hour before.
    const time = momentOf(local, timeZone) ?? local - offsetAt(local - UNITS.day, timeZone);
    return (after) => (time > after ? time : undefined);
  }
  const calendar = calendarOf(expression);
  return (after) => nextMoment(calendar, after, timeZone);
}

/** Milliseconds between two times of a rate, whose unit is in the singular for one and in the plural otherwise; undefined for others. */
export function periodOf(expression: string): number | undefined {
  const [, count, unit = '', plural] = /^rate\((\d+) (minute|hour|day)(s?)\)$/.exec(expression) ?? [];
  const number = Number(count);
  if (count === undefined || number === 0 || (number === 1) !== (plural === '')) return undefined;
  return number * UNITS[unit as keyof typeof UNITS];
}

/** The calendar knows no time zone: it goes by the clock on the wall, as if that were UTC. */
function calendarOf(expression: string): Cron {
  const fields = CRON_FIELDS.exec(expression)?.[1]?.split(' ') ?? [];
  const isWritten =
    fields.length === FIELDS.length && FIELDS.every((field, at) => field.test(fields[at] ?? ''));
  const [minutes, hours, days, months, weekdays = '', years] = fields;
  if (!isWritten || (days === '?') === (weekdays === '?')) throw invalid(expression);
  // Alone, the last day of the week.
  const weekday = weekdays === 'L' ? '7' : weekdays;
  try {
    return new Cron(`0 ${minutes} ${hours} ${days} ${months} ${weekday} ${years}`, {
      timezone: 'UTC',
      // Days of the week from 1, Sunday, and steps from a number on.
      alternativeWeekdays: true,
      sloppyRanges: true,
    });
  } catch (cause) {
    throw invalid(expression, cause);
  }
}

/**
 * A time that the change to summer time leaves out is skipped; one that comes twice in the night of the change back counts once
 * (User Guide, "Daylight savings time on EventBridge Scheduler").
 */
function nextMoment(calendar: Cron, after: number, timeZone: string): number | undefined {
  let local = after + offsetAt(after, timeZone);
  for (;;) {
    const next = calendar.nextRun(new Date(local))?.getTime();
    if (next === undefined) return undefined;
    const moment = momentOf(next, timeZone);
    if (moment !== undefined && moment > after) return moment;
    local = next;
  }
}

/** When clocks in the zone first show a time (given as if it were UTC); undefined when they never do. */
function momentOf(local: number, timeZone: string): number | undefined {
  const offsets = [offsetAt(local - UNITS.day, timeZone), offsetAt(local + UNITS.day, timeZone)];
  const moments = offsets.map((offset) => local - offset);
  return moments.sort((a, b) => a - b).find((moment) => moment + offsetAt(moment, timeZone) === local);
}

/** How much a zone is ahead of UTC at a moment, in milliseconds. */
function offsetAt(time: number, timeZone: string): number {
  if (timeZone === 'UTC') return 0;
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(time);
  const part = (type: string) => Number(parts.find((candidate) => candidate.type === type)?.value);
  const local = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return local - Math.floor(time / 1000) * 1000;
}

function invalid(expression: string, cause?: unknown): Error {
  return new Error(`the schedule expression '${expression}' is not valid`, { cause });
}
