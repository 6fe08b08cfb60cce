// Schedule expressions: rate(…), cron(…) in AWS's six fields, at(…). Cron runs in UTC or a given time zone.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
const UNITS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const MINUTE_MS = 60_000;
const SEARCH_LIMIT_DAYS = 366 * 5;

/** When a schedule is next due strictly after `after`, or undefined when it never is again. Milliseconds since the epoch. */
export type Schedule = (after: number) => number | undefined;

/**
 * @param origin Where rates are counted from.
 * @throws Error for an expression that is not valid
 */
export function parseSchedule(expression: string, origin: number, timeZone = 'UTC'): Schedule {
  const rate = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression);
  if (rate) {
    const period = Number(rate[1]) * UNITS[rate[2] as keyof typeof UNITS];
    if (period === 0) throw invalid(expression);
    return (after) => origin + Math.max(1, Math.floor((after - origin) / period) + 1) * period;
  }
  const at = /^at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)$/.exec(expression);
  if (at) {
    const time = Date.parse(`${at[1]}Z`) - offsetAt(Date.parse(`${at[1]}Z`), timeZone);
    return (after) => (time > after ? time : undefined);
  }
  const cron = /^cron\((\S+) (\S+) (\S+) (\S+) (\S+) (\S+)\)$/.exec(expression);
  if (!cron) throw invalid(expression);
  const [, minutes = '', hours = '', days = '', months = '', weekdays = '', years = ''] = cron;
  if ((days === '?') === (weekdays === '?')) throw invalid(expression);
  const fits = {
    minute: field(minutes, 0, 59),
    hour: field(hours, 0, 23),
    month: field(months, 1, 12, MONTHS),
    year: field(years, 1970, 2199),
  };
  const day = days === '?' ? weekdayField(weekdays) : dayField(days);
  return (after) =>
    nextCron(
      after,
      timeZone,
      (date) => fits.year(date.getUTCFullYear()) && fits.month(date.getUTCMonth() + 1) && day(date),
      fits,
    );
}

function nextCron(
  after: number,
  timeZone: string,
  fitsDay: (date: Date) => boolean,
  fits: { readonly minute: (value: number) => boolean; readonly hour: (value: number) => boolean },
): number | undefined {
  // Local time is handled as if it were UTC, and shifted back at the end.
  const local = after + offsetAt(after, timeZone);
  const start = Math.floor(local / MINUTE_MS) * MINUTE_MS + MINUTE_MS;
  for (let dayIndex = 0; dayIndex < SEARCH_LIMIT_DAYS; dayIndex += 1) {
    const midnight = new Date(start);
    midnight.setUTCHours(0, 0, 0, 0);
    midnight.setUTCDate(midnight.getUTCDate() + dayIndex);
    if (!fitsDay(midnight)) continue;
    for (let minute = 0; minute < 1440; minute += 1) {
      const time = midnight.getTime() + minute * MINUTE_MS;
      if (time >= start && fits.hour(Math.floor(minute / 60)) && fits.minute(minute % 60)) {
        return time - offsetAt(time, timeZone);
      }
    }
  }
  return undefined;
}

function field(
  text: string,
  lowest: number,
  highest: number,
  names: readonly string[] = [],
): (value: number) => boolean {
  const values = new Set<number>();
  const number = (word: string) => {
    const named = names.indexOf(word.toUpperCase());
    const value = named >= 0 ? named + lowest : Number(word);
    if (!Number.isInteger(value) || value < lowest || value > highest) throw invalid(text);
    return value;
  };
  for (const part of text.split(',')) {
    const [range = '', step] = part.split('/');
    const [from = '', to] = range.split('-');
    const isAll = range === '*' || range === '?';
    const first = isAll ? lowest : number(from);
    const last = isAll || (step !== undefined && to === undefined) ? highest : number(to ?? from);
    const by = step === undefined ? 1 : Number(step);
    if (!(by >= 1)) throw invalid(text);
    for (let value = first; value <= last; value += by) values.add(value);
  }
  return (value) => values.has(value);
}

function dayField(text: string): (date: Date) => boolean {
  if (text === 'L') return (date) => date.getUTCDate() === daysInMonth(date);
  const nearest = /^(\d+)W$/.exec(text);
  if (nearest) {
    return (date) => date.getUTCDate() === nearestWeekday(date, Number(nearest[1]));
  }
  const fits = field(text, 1, 31);
  return (date) => fits(date.getUTCDate());
}

function weekdayField(text: string): (date: Date) => boolean {
  const numbered = /^(\w+)#([1-5])$/.exec(text);
  if (numbered) {
    const fits = field(numbered[1] ?? '', 1, 7, WEEKDAYS);
    return (date) => fits(date.getUTCDay() + 1) && Math.ceil(date.getUTCDate() / 7) === Number(numbered[2]);
  }
  const last = /^(\w+)L$/.exec(text);
  if (last) {
    const fits = field(last[1] ?? '', 1, 7, WEEKDAYS);
    return (date) => fits(date.getUTCDay() + 1) && date.getUTCDate() > daysInMonth(date) - 7;
  }
  const fits = field(text, 1, 7, WEEKDAYS);
  return (date) => fits(date.getUTCDay() + 1);
}

function daysInMonth(date: Date): number {
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
}

function nearestWeekday(date: Date, day: number): number {
  const last = daysInMonth(date);
  const wanted = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), Math.min(day, last)));
  const at = wanted.getUTCDate();
  if (wanted.getUTCDay() === 6) return at > 1 ? at - 1 : at + 2;
  if (wanted.getUTCDay() === 0) return at < last ? at + 1 : at - 2;
  return at;
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

function invalid(expression: string): Error {
  return new Error(`the schedule expression '${expression}' is not valid`);
}
