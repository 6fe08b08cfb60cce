// Members that a request names and an operation does not know.
import { z } from 'zod';
import {
  type Operation,
  operation,
  TAG_LIST,
  withInvalidInput,
} from '../../../src/services/shared/operations';
import { queryList } from '../../../src/services/shared/query-protocol';

const caller = {
  principal: { kind: 'root', arn: 'a', accountId: '1' },
  conditions: {},
  requestId: 'r',
} as const;
const SCHEMA = z
  .object({
    Name: z.string().transform((name) => name.toUpperCase()),
    Tags: queryList(TAG_LIST.default([])),
    Settings: z.record(z.string(), z.object({ Size: z.number() })).optional(),
    Time: z.union([z.object({ At: z.string() }), z.string()]).optional(),
    Open: z.looseObject({}).optional(),
  })
  .refine(({ Name }) => Name !== 'BAD', 'must not be bad');
const echo: Operation = operation(SCHEMA, (input) => input);

test.each([
  [{ Name: 'a', VpcConfig: {} }, 'VpcConfig'],
  [{ Name: 'a', Tags: [{ Key: 'k', Value: 'v', Colour: 'red' }] }, 'Tags.0.Colour'],
  [{ Name: 'a', Settings: { one: { Size: 1, Weight: 2 } } }, 'Settings.one.Weight'],
  [{ Name: 'a', Time: { At: 'noon', Zone: 'UTC' } }, 'Time.Zone'],
])('%j is refused by the name of the member: %s', async (input, member) => {
  await expect(echo(input, caller)).rejects.toMatchObject({
    code: 'ValidationException',
    message: `1 validation error detected: Value at '${member}': is not supported on localhost`,
  });
});

test('what is known, not set, or in an open object goes through, and transforms and refinements hold', async () => {
  const input = { Name: 'a', Tags: '', Absent: undefined, Open: { anything: 1 }, Time: 'noon' };
  await expect(echo(input, caller)).resolves.toMatchObject({ Name: 'A', Tags: [], Open: { anything: 1 } });
  await expect(echo({ Name: 'bad' }, caller)).rejects.toThrow('must not be bad');
});

test('a service has its own code for input that does not fit', async () => {
  const { Echo } = withInvalidInput({ Echo: echo }, 'InvalidParameterValueException');
  await expect(Echo?.({ Name: 'a', Publish: true }, caller)).rejects.toMatchObject({
    code: 'InvalidParameterValueException',
  });
});
