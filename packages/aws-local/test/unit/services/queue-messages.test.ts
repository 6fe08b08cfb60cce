// What SQS refuses of messages and batches, as recorded.
import {
  checkBatch,
  checkBatchSize,
  checkMessage,
  each,
  invalid,
  MESSAGE,
} from '../../../src/services/sqs/messages';

const message = (input: object) => MESSAGE.parse({ MessageBody: 'x', ...input });
const text = (StringValue: string, DataType = 'String') => ({ DataType, StringValue });

test.each([
  ['MissingRequiredParameterException', { MessageBody: '' }],
  ['InvalidMessageContents', { MessageBody: 'a\u0001' }],
  ['InvalidParameterValueException', { MessageBody: 'a'.repeat(25), MessageAttributes: { k: text('xyz') } }],
  ['InvalidParameterValueException', { MessageGroupId: 'group 123' }],
  ['InvalidParameterValueException', { MessageAttributes: { empty: text('') } }],
  ['InvalidParameterValueException', { MessageAttributes: { 'aWs.x': text('x') } }],
  ['InvalidParameterValueException', { MessageAttributes: { 'a!': text('x') } }],
  ['InvalidParameterValueException', { MessageAttributes: { a: text('\b') } }],
  ['InvalidParameterValueException', { MessageAttributes: { a: text('x', 'Text') } }],
  ['InvalidParameterValueException', { MessageAttributes: { a: text('x', 'Number') } }],
])('%s: %j', (code, input) => {
  expect(() => checkMessage(message(input), 30)).toThrow(expect.objectContaining({ code }));
});

test('attributes of any letters and types with a suffix are taken', () => {
  checkMessage(message({ MessageAttributes: { 'attr.1øßä': text('x', 'String.note') } }), 1000);
});

test.each([
  ['EmptyBatchRequest', []],
  ['TooManyEntriesInBatchRequest', Array.from({ length: 11 }, (_, at) => ({ Id: String(at) }))],
  ['InvalidBatchEntryId', [{ Id: 'a:b' }]],
  ['BatchEntryIdsNotDistinct', [{ Id: 'a' }, { Id: 'a' }]],
])('%s', (code, batch) => {
  expect(() => checkBatch('SendMessage', batch)).toThrow(expect.objectContaining({ code }));
});

test('a batch is as long as a message may be, at most', () => {
  const long = message({ MessageBody: 'a'.repeat(1_048_576) });
  checkBatchSize([long]);
  expect(() => checkBatchSize([long, message({})])).toThrow('You have sent 1048577 bytes.');
});

test('an entry that fails keeps no other from its work, and is told by the older code', () => {
  const answer = each(
    [{ Id: 'good' }, { Id: 'bad' }],
    ({ Id }) => {
      if (Id === 'bad') throw invalid('One or more parameters are invalid. Reason: no.');
      return { MessageId: '1' };
    },
    () => 'InvalidParameterValue',
  );
  expect(answer).toEqual({
    Successful: [{ Id: 'good', MessageId: '1' }],
    Failed: [
      {
        Id: 'bad',
        SenderFault: true,
        Code: 'InvalidParameterValue',
        Message: 'One or more parameters cannot be validated. Reason: no.',
      },
    ],
  });
});
