// When schedules are due: `rate(…)` and `cron(…)` as EventBridge Scheduler has them, in UTC. A rate is counted from what was done
// last, so that nothing has to be remembered.
import { Cron } from 'croner';

const units: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** EventBridge counts the days of the week from 1 (Sunday), others from 0. `L` and `#` follow the day. */
const weekdays = (field: string): string =>
  field.replaceAll(/(?<![#/\d])[1-7](?!\d)/g, (day) => String(Number(day) - 1));

function cronOf(fields: string): Cron {
  const [minutes, hours, day, month, weekday = '*', year = '*'] = fields.trim().split(/\s+/);
  return new Cron(`0 ${minutes} ${hours} ${day} ${month} ${weekdays(weekday)} ${year}`, {
    timezone: 'UTC',
    sloppyRanges: true,
  });
}

/**
 * The first time after `last`, in milliseconds since 1970; undefined when there is none any more.
 *
 * @throws Error for an expression that is neither
 */
export function nextTime(expression: string, last: number): number | undefined {
  const rate = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression);
  if (rate) return last + Number(rate[1]) * (units[String(rate[2])] ?? Number.NaN);
  const cron = /^cron\((.*)\)$/.exec(expression);
  if (!cron) throw new Error(`a schedule is rate(…) or cron(…), got '${expression}'`);
  return cronOf(String(cron[1])).nextRun(new Date(last))?.getTime();
}

/** Whether its time came since `last`. */
export function isDue(expression: string, last: number, now: number): boolean {
  const next = nextTime(expression, last);
  return next !== undefined && next <= now;
}
