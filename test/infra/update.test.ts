// What a deployment of the first version that people have (commit 1db81ab) must find when it is updated in place: its data under the
// same logical ids, and no physical name that CloudFormation, which makes before it deletes, would make a second time.
import earlier from './earlier-version.json';
import { synthesize } from './synthesize';

const { gallery, template } = synthesize();
const stacks = Object.keys(gallery) as (keyof typeof gallery)[];
const resources = (stack: string): Record<string, { Type: string; Properties?: Record<string, unknown> }> =>
  template(stack as keyof typeof gallery).toJSON().Resources;

test.each(Object.entries(earlier.stateful))('%s keeps what holds state', (stack, kept) => {
  const types = Object.fromEntries(
    Object.entries(resources(stack)).map(([logicalId, { Type }]) => [logicalId, Type]),
  );
  expect(types).toMatchObject(kept);
});

test('a name of the earlier version is only where it was', () => {
  const names = earlier.names as Record<string, Record<string, string>>;
  const moved = stacks.flatMap((stack) =>
    Object.entries(resources(stack)).flatMap(([logicalId, { Type, Properties = {} }]) =>
      Object.values(Properties).flatMap((name) => {
        const before = typeof name === 'string' ? names[Type]?.[name] : undefined;
        const here = `${stack}/${logicalId}`;
        return before === undefined || before === here ? [] : [`${name}: ${before} → ${here}`];
      }),
    ),
  );
  expect(moved).toEqual([]);
});

test('a filter of the earlier version stays: its functions ask with it while the stacks are updated one after the other', () => {
  const filters = Object.values(resources('personalize')).flatMap(({ Type, Properties }) =>
    Type === 'AWS::Personalize::Filter' ? [Properties?.Name] : [],
  );
  expect(filters).toEqual(expect.arrayContaining(Object.keys(earlier.names['AWS::Personalize::Filter'])));
});
