// The times at which the pipeline runs again with a configuration file, and when the first one of a rate is.
import type { Configuration } from '../shared/configuration/configuration';
import { schedulesOf } from '../shared/configuration/scheduled-parts';
import type { PlannedSchedule } from '../shared/pipeline/plan';

/** Of a schedule's description (API reference of CreateSchedule). */
const MAX_DESCRIPTION = 512;

const units: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** Milliseconds between two times of a rate; undefined for other expressions. */
function periodOf(expression: string): number | undefined {
  const [, count, unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  return count === undefined ? undefined : Number(count) * (units[unit] ?? 0);
}

/** @param now milliseconds since 1970 */
export function plannedSchedules(config: Configuration, now: number): PlannedSchedule[] {
  return schedulesOf(config).map(({ expression, does }) => {
    const period = periodOf(expression);
    return {
      expression,
      description: does.slice(0, MAX_DESCRIPTION),
      ...(period !== undefined && { startDate: new Date(now + period).toISOString() }),
    };
  });
}
