// Settings of queues are refused as Amazon SQS refuses them.
import { checkedSettings } from '../../../src/services/sqs/settings';

test('settings within their ranges are taken as they are', () => {
  const settings = { VisibilityTimeout: '43200', DelaySeconds: '0', Policy: '{}' };
  expect(checkedSettings(settings)).toEqual(settings);
});

const outOfRange: readonly Record<string, string>[] = [
  { VisibilityTimeout: '43201' },
  { DelaySeconds: '-1' },
  { MessageRetentionPeriod: '59' },
  { ReceiveMessageWaitTimeSeconds: 'long' },
];

test.each(outOfRange)('%j is out of range', (settings) => {
  expect(() => checkedSettings(settings)).toThrow(/^Invalid value for the parameter/);
});

test('an unknown setting is refused by name', () => {
  expect(() => checkedSettings({ Visibility: '1' })).toThrow('Unknown Attribute Visibility.');
});
