// What the state machine does after a tick: goes on, ends, or fails, which rings an alarm.
import type { Problem } from '../../../lambda/controller/actions';
import { type GroupRow, newRow } from '../../../lambda/controller/group-row';
import { nextStep } from '../../../lambda/controller/tick-output';

const input = { reason: 'look', execution: 'arn:x', startedAt: '2026-01-01T00:00:00.000Z', ticks: 3 };
const row = (changes: Partial<GroupRow>): GroupRow => ({
  ...newRow({ name: 'g', arn: 'arn:dataset-group/g' }, input.startedAt),
  ...changes,
});
const problemOf = (source: string): Problem => ({
  ...{ step: 'train', source, code: 'ResourceFailed', reason: 'it failed', advice: 'look', differences: [] },
});
const failed = (...sources: string[]) => ({
  row: row({ state: 'failed', problems: sources.map(problemOf) }),
});

test('what a file asks for and cannot have is told to its author and rings nothing', () => {
  expect(nextStep(failed('personalize/config/shop.json'), input)).toMatchObject({
    next: 'end',
    outcome: 'failed',
    failure: { step: 'train', error: 'ResourceFailed' },
  });
});

test('what the settings ask for and cannot have rings, also beside what a file asks for', () => {
  expect(nextStep(failed('settings'), input)).toMatchObject({ next: 'fail' });
  expect(nextStep(failed('personalize/config/more.json', 'settings'), input)).toMatchObject({ next: 'fail' });
});

test('a run that waits long goes on in another execution', () => {
  const busy = { row: row({ state: 'working' }), waitSeconds: 20 };
  expect(nextStep(busy, input)).toMatchObject({ next: 'again', seconds: 20 });
  expect(nextStep(busy, { ...input, ticks: 500 })).toMatchObject({ next: 'end', outcome: 'handed over' });
});
