// Event patterns and schedule expressions, as the documentation of EventBridge gives them.
import { matchesPattern, requireValidPattern } from '../../../src/services/shared/event-pattern';
import { parseSchedule } from '../../../src/services/shared/schedule';

const fits = (pattern: Record<string, unknown>, event: unknown) => {
  requireValidPattern(pattern);
  return matchesPattern(pattern, event);
};

test.each([
  [{ a: ['x', 'y'] }, { a: 'y' }, true],
  [{ a: ['x'] }, { a: ['w', 'x'] }, true],
  [{ a: { b: [1] } }, { a: { b: 1, c: 2 } }, true],
  [{ a: { b: [1] } }, { a: [{ b: 2 }, { b: 1 }] }, true],
  [{ a: [{ prefix: 'em' }] }, { a: 'emotions/x' }, true],
  [{ a: [{ prefix: { 'equals-ignore-case': 'EM' } }] }, { a: 'emotions/x' }, true],
  [{ a: [{ suffix: '.jpg' }] }, { a: 'x.png' }, false],
  [{ a: [{ 'anything-but': ['x', 'y'] }] }, { a: 'z' }, true],
  [{ a: [{ 'anything-but': { prefix: 'x' } }] }, { a: 'xy' }, false],
  [{ a: [{ 'anything-but': { suffix: ['1', '2'] } }] }, { a: 'a2' }, false],
  [{ a: [{ 'anything-but': 'x' }] }, {}, false],
  [{ a: [{ numeric: ['>', 0, '<=', 5] }] }, { a: 5 }, true],
  [{ a: [{ numeric: ['=', 3] }] }, { a: '3' }, false],
  [{ a: [{ exists: false }] }, { b: 1 }, true],
  [{ a: [{ exists: true }] }, { b: 1 }, false],
  [{ a: [{ wildcard: 'a/*/c*' }] }, { a: 'a/b/cd' }, true],
  [{ a: [{ wildcard: 'a\\*' }] }, { a: 'ab' }, false],
  [{ a: [{ 'equals-ignore-case': 'ABC' }] }, { a: 'abc' }, true],
  [{ a: [{ cidr: '10.0.0.0/24' }] }, { a: '10.0.0.7' }, true],
  [{ a: [{ cidr: '10.0.0.0/24' }] }, { a: '10.0.1.7' }, false],
  [{ $or: [{ a: [1] }, { b: [2] }] }, { b: 2 }, true],
  [{ a: [null] }, { a: null }, true],
  [{ a: { b: ['x'] } }, { 'a.b': 'x' }, true],
  [{ 'a.b': ['x'] }, { a: { b: 'x' } }, true],
  [{ a: [{ exists: true }] }, { a: { b: 1 } }, false],
  [{ a: [{ exists: true }] }, { a: [] }, false],
  [
    { a: { b: [1], c: [2] } },
    {
      a: [
        { b: 1, c: 3 },
        { b: 4, c: 2 },
      ],
    },
    false,
  ],
  [{ a: { b: [1], c: [2] } }, { a: [{ b: 3 }, { b: 1, c: 2 }] }, true],
])('the pattern %j and the event %j: %s', (pattern, event, expected) => {
  expect(fits(pattern, event)).toBe(expected);
});

test('a pattern with an unknown operator or an empty list is refused', () => {
  expect(() => requireValidPattern({ a: [{ starts: 'x' }] })).toThrow(/Unrecognized match type/);
  expect(() => requireValidPattern({ a: [] })).toThrow(/Empty arrays/);
  expect(() => requireValidPattern({ a: 'x' })).toThrow();
});

test.each([
  [['a'], 'Filter is not an object'],
  [{ a: [{ prefix: 1 }] }, 'prefix match pattern must be a string'],
  [{ a: [{ wildcard: 'a**' }] }, 'Consecutive wildcard characters at pos 2'],
  [{ a: [{ wildcard: '*:*:*:*:*:b*' }] }, 'Rule is too complex'],
  [{ a: [{ numeric: ['>', 0, '>', 0] }] }, 'Bad numeric range operator: >'],
  [{ a: [{ numeric: ['>', 0, '<'] }] }, 'Value of < must be numeric'],
  [{ a: [{ cidr: '10.0.0.0' }] }, "Malformed CIDR, one '/' required"],
  [
    { a: [{ 'anything-but': null }] },
    'Value of anything-but must be an array or single string/number value.',
  ],
  [{ a: [{ 'anything-but': { prefix: '' } }] }, 'Null prefix/suffix not allowed'],
])('the pattern %j is refused in the words of AWS: %s', (pattern, reason) => {
  expect(() => requireValidPattern(pattern)).toThrow(reason);
});

test.each(['rate(1 minutes)', 'rate(10 minute)', 'rate(0 minutes)', 'rate(10 minutess)'])(
  '%s is no schedule',
  (expression) => {
    expect(() => parseSchedule(expression, 0)).toThrow();
  },
);

const next = (expression: string, after: string, zone?: string) => {
  const due = parseSchedule(expression, Date.parse('2026-01-01T00:00:00Z'), zone)(Date.parse(after));
  return due === undefined ? undefined : new Date(due).toISOString();
};

test.each([
  ['rate(5 minutes)', '2026-01-01T00:07:00Z', '2026-01-01T00:10:00.000Z'],
  ['rate(1 day)', '2026-01-01T00:00:00Z', '2026-01-02T00:00:00.000Z'],
  ['cron(0 10 * * ? *)', '2026-01-01T10:00:00Z', '2026-01-02T10:00:00.000Z'],
  ['cron(0/15 * * * ? *)', '2026-01-01T10:01:00Z', '2026-01-01T10:15:00.000Z'],
  ['cron(0 18 ? * MON-FRI *)', '2026-01-02T19:00:00Z', '2026-01-05T18:00:00.000Z'],
  ['cron(0 8 1 * ? *)', '2026-01-15T00:00:00Z', '2026-02-01T08:00:00.000Z'],
  ['cron(0 8 L * ? *)', '2026-02-15T00:00:00Z', '2026-02-28T08:00:00.000Z'],
  ['cron(0 8 ? * SUN#2 *)', '2026-01-01T00:00:00Z', '2026-01-11T08:00:00.000Z'],
  ['cron(0 8 ? * 6L *)', '2026-01-01T00:00:00Z', '2026-01-30T08:00:00.000Z'],
  ['cron(0 8 ? * L *)', '2026-01-01T00:00:00Z', '2026-01-03T08:00:00.000Z'],
  ['cron(0 8 1W * ? *)', '2026-07-31T23:00:00Z', '2026-08-03T08:00:00.000Z'],
  ['cron(0 8 ? * 2-6 *)', '2026-01-02T19:00:00Z', '2026-01-05T08:00:00.000Z'],
  ['cron(5/20,59 8 ? JAN/3 1 2027)', '2026-01-01T00:00:00Z', '2027-01-03T08:05:00.000Z'],
  ['at(2026-03-01T12:00:00)', '2026-01-01T00:00:00Z', '2026-03-01T12:00:00.000Z'],
])('%s after %s is due at %s', (expression, after, due) => {
  expect(next(expression, after)).toBe(due);
});

test('a schedule follows its time zone, also over the change to summer time', () => {
  expect(next('cron(0 9 * * ? *)', '2026-01-10T00:00:00Z', 'Europe/Berlin')).toBe('2026-01-10T08:00:00.000Z');
  expect(next('cron(0 9 * * ? *)', '2026-07-10T00:00:00Z', 'Europe/Berlin')).toBe('2026-07-10T07:00:00.000Z');
});

// In 2026 clocks in Berlin go from 2:00 to 3:00 on 29 March, and from 3:00 back to 2:00 on 25 October.
test.each([
  ['the left out hour is skipped', 'cron(30 2 * * ? *)', '2026-03-28T12:00:00Z', '2026-03-30T00:30:00.000Z'],
  ['hours after it are right', 'cron(0 9 * * ? *)', '2026-03-28T23:30:00Z', '2026-03-29T07:00:00.000Z'],
  ['the hour right after it too', 'cron(0 3 * * ? *)', '2026-03-28T23:30:00Z', '2026-03-29T01:00:00.000Z'],
  [
    'an hour that comes twice counts once',
    'cron(30 2 * * ? *)',
    '2026-10-25T00:30:00Z',
    '2026-10-26T01:30:00.000Z',
  ],
  ['and the first time', 'cron(30 2 * * ? *)', '2026-10-24T12:00:00Z', '2026-10-25T00:30:00.000Z'],
  [
    'hours after the change back are right',
    'cron(0 4 * * ? *)',
    '2026-10-24T22:30:00Z',
    '2026-10-25T03:00:00.000Z',
  ],
  ['each hour', 'cron(0 * * * ? *)', '2026-10-25T00:00:00Z', '2026-10-25T02:00:00.000Z'],
  [
    'a moment after the change',
    'at(2026-03-29T04:00:00)',
    '2026-01-01T00:00:00Z',
    '2026-03-29T02:00:00.000Z',
  ],
  ['a moment before it', 'at(2026-03-29T01:30:00)', '2026-01-01T00:00:00Z', '2026-03-29T00:30:00.000Z'],
  [
    'a moment that is left out',
    'at(2026-03-29T02:30:00)',
    '2026-01-01T00:00:00Z',
    '2026-03-29T01:30:00.000Z',
  ],
  [
    'a moment that comes twice',
    'at(2026-10-25T02:30:00)',
    '2026-01-01T00:00:00Z',
    '2026-10-25T00:30:00.000Z',
  ],
])('summer time: %s (%s after %s)', (_what, expression, after, due) => {
  expect(next(expression, after, 'Europe/Berlin')).toBe(due);
});

test.each([
  'cron(60 * * * ? *)',
  'cron(0 24 * * ? *)',
  'cron(0 0 32 * ? *)',
  'cron(0 0 1 13 ? *)',
  'cron(0 0 1 FOO ? *)',
  'cron(0 0 ? * 0 *)',
  'cron(0 0 ? * 8 *)',
  'cron(0 0 ? * MON#6 *)',
  'cron(0 0 1 * ? 1969)',
  'cron(5-3 0 1 * ? *)',
  'cron(0 0 1 * ?)',
  'cron(@daily)',
  'at(2026-13-01T00:00:00)',
  'rate(0 minutes)',
])('%s is refused', (expression) => {
  expect(() => parseSchedule(expression, 0)).toThrow(`'${expression}' is not valid`);
});

test('a moment that is past is never due, and nonsense is refused', () => {
  expect(next('at(2025-03-01T12:00:00)', '2026-01-01T00:00:00Z')).toBeUndefined();
  expect(() => parseSchedule('cron(0 0 * * * *)', 0)).toThrow(/not valid/);
  expect(() => parseSchedule('each minute', 0)).toThrow(/not valid/);
  expect(() => parseSchedule('cron(0 10 * * ? *)', 0, 'Mars/Olympus')).toThrow(/time zone/i);
});
