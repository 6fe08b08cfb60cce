// What state an alarm has by the points of its metric (user guide, "Alarm evaluation" and "Configuring how CloudWatch alarms treat missing
// data", whose tables are in the tests). Pure: no clock, no metrics.

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
export type TreatMissingData = 'breaching' | 'notBreaching' | 'ignore' | 'missing';

export interface Evaluated {
  readonly time: number;
  readonly value: number;
}

export interface Rule {
  /** How many of the latest points are looked at, N. */
  readonly evaluationPeriods: number;
  /** How many of these must breach, M. */
  readonly datapointsToAlarm: number;
  readonly treatMissingData: TreatMissingData;
  readonly isBreaching: (value: number) => boolean;
  /** What a point that breaches is, for a person: `greater than the threshold (5.0)`. */
  readonly breachingIs: string;
}

export interface Verdict {
  readonly state: AlarmState;
  readonly reason: string;
}

/** More points are fetched than are needed, so that a missing one is made up for by an older one: 5 for 3, as in the guide's example. */
export const evaluationRange = (evaluationPeriods: number): number => evaluationPeriods + 2;

/**
 * @param range one entry a period of the evaluation range, the oldest first; undefined for a period without data
 * @returns undefined where the alarm keeps its state
 */
export function evaluate(range: readonly (Evaluated | undefined)[], rule: Rule): Verdict | undefined {
  const { evaluationPeriods: periods, datapointsToAlarm: needed, treatMissingData: missing } = rule;
  // The latest N real points, with those from further back; only where there are fewer is anything filled in.
  const points = range.filter((point) => point !== undefined).slice(-periods);
  const filled = periods - points.length;
  const breaching = points.filter(({ value }) => rule.isBreaching(value));
  const counted = breaching.length + (missing === 'breaching' ? filled : 0);
  if (counted >= needed) return { state: 'ALARM', reason: reasonOf(points, breaching, true, rule) };
  if (filled === 0 || breaching.length < points.length || fillsIn(missing)) {
    return { state: 'OK', reason: reasonOf(points, breaching, false, rule) };
  }
  // Nothing says that all is well, and too little that it is not.
  if (missing === 'ignore') return undefined;
  if (points.length === 0) {
    return { state: 'INSUFFICIENT_DATA', reason: `Insufficient Data: ${unknownOf(periods)} unknown.` };
  }
  const oldest = range.indexOf(points[0]);
  // "Avoiding premature transitions": what breached so long ago, with nothing better since, is no short outage.
  return range.length - oldest >= needed
    ? { state: 'ALARM', reason: reasonOf(points, breaching, true, rule) }
    : undefined;
}

const fillsIn = (missing: TreatMissingData) => missing === 'breaching' || missing === 'notBreaching';

const unknownOf = (count: number) => (count === 1 ? '1 datapoint was' : `${count} datapoints were`);

/** As recorded. */
function reasonOf(
  points: readonly Evaluated[],
  breaching: readonly Evaluated[],
  isAlarm: boolean,
  { evaluationPeriods: periods, treatMissingData, breachingIs }: Rule,
): string {
  if (points.length === 0) {
    const treated = treatMissingData === 'breaching' ? 'Breaching' : 'NonBreaching';
    const [many, were] = periods === 1 ? ['', 'was'] : ['s', 'were'];
    return `Threshold Crossed: no datapoints were received for ${periods} period${many} and ${periods} missing datapoint${many} ${were} treated as [${treated}].`;
  }
  const told = isAlarm && breaching.length > 0 ? breaching : points;
  const values = told.map(({ time, value }) => `${decimal(value)} (${when(time)})`).join(', ');
  const count = `${told.length} datapoint${told.length === 1 ? '' : 's'}`;
  const were = told.length === 1 ? 'was' : 'were';
  return `Threshold Crossed: ${count} [${values}] ${were}${isAlarm ? '' : ' not'} ${breachingIs}.`;
}

/** 5 as 5.0. */
export const decimal = (value: number): string =>
  Number.isInteger(value) ? value.toFixed(1) : String(value);

/** 31/12/26 23:59:00, in UTC. */
function when(time: number): string {
  const [date = '', clock = ''] = new Date(time).toISOString().split('T');
  const [year = '', month, day] = date.split('-');
  return `${day}/${month}/${year.slice(2)} ${clock.slice(0, 8)}`;
}
