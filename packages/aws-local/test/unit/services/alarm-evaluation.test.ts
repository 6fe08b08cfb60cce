// The tables of the CloudWatch user guide ("Configuring how CloudWatch alarms treat missing data"): 0 is a point that does not breach, X one
// that does, - a missing one; the newest is on the right.
import { evaluate, type TreatMissingData } from '../../../src/services/cloudwatch/evaluation';

const columns: readonly TreatMissingData[] = ['missing', 'ignore', 'breaching', 'notBreaching'];

const MINUTE_MS = 60_000;

function rangeOf(drawn: string) {
  return drawn
    .split(' ')
    .map((point, at) => (point === '-' ? undefined : { time: at * MINUTE_MS, value: point === 'X' ? 5 : 1 }));
}

function verdict(drawn: string, datapointsToAlarm: number, treatMissingData: TreatMissingData, periods = 3) {
  return evaluate(rangeOf(drawn), {
    ...{ evaluationPeriods: periods, datapointsToAlarm, treatMissingData },
    isBreaching: (value) => value > 2,
    breachingIs: 'greater than the threshold (2.0)',
  });
}

const states = (drawn: string, datapointsToAlarm: number) =>
  columns.map((column) => verdict(drawn, datapointsToAlarm, column)?.state ?? 'stays').join(' ');

test.each([
  ['0 - X - X', 'OK OK OK OK'],
  ['0 - - - -', 'OK OK OK OK'],
  ['- - - - -', 'INSUFFICIENT_DATA stays ALARM OK'],
  ['0 X X - X', 'ALARM ALARM ALARM ALARM'],
  ['- - X - -', 'ALARM stays ALARM OK'],
])('three of three: %s is %s', (drawn, expected) => {
  expect(states(drawn, 3)).toBe(expected);
});

test.each([
  ['0 - X - X', 'ALARM ALARM ALARM ALARM'],
  ['0 0 X 0 X', 'ALARM ALARM ALARM ALARM'],
  ['0 - X - -', 'OK OK ALARM OK'],
  ['- - - - 0', 'OK OK ALARM OK'],
  ['- - - X -', 'ALARM stays ALARM OK'],
])('two of three: %s is %s', (drawn, expected) => {
  expect(states(drawn, 2)).toBe(expected);
});

test('a first point that breaches is no alarm yet: the next one may be well', () => {
  expect(verdict('- - - - X', 3, 'missing')).toBeUndefined();
  expect(verdict('- - - X -', 3, 'missing')).toBeUndefined();
});

test('what made the state is said with its values, times and what missing points were taken for', () => {
  expect(verdict('- - X', 1, 'notBreaching', 1)?.reason).toBe(
    'Threshold Crossed: 1 datapoint [5.0 (01/01/70 00:02:00)] was greater than the threshold (2.0).',
  );
  expect(verdict('0 0 X', 2, 'missing', 2)?.reason).toBe(
    'Threshold Crossed: 2 datapoints [1.0 (01/01/70 00:01:00), 5.0 (01/01/70 00:02:00)] were not greater than the threshold (2.0).',
  );
  expect(verdict('- - - -', 2, 'breaching', 2)?.reason).toBe(
    'Threshold Crossed: no datapoints were received for 2 periods and 2 missing datapoints were treated as [Breaching].',
  );
  expect(verdict('- - -', 1, 'missing', 1)?.reason).toBe('Insufficient Data: 1 datapoint was unknown.');
});
