// The contract of a deployment: stack names, order, side by side, and nothing that moves unnoticed.
import { propertyProblems } from '../../packages/aws-local/src/cloudformation/registry/registry';
import { synthesize } from './synthesize';

const dev = synthesize();

test('the stacks are named after the deployment', () => {
  expect(Object.values(dev.gallery).map(({ stackName }) => stackName)).toEqual([
    'emotion-gallery-dev-storage',
    'emotion-gallery-dev-personalize',
    'emotion-gallery-dev-engagement',
    'emotion-gallery-dev-site',
    'emotion-gallery-dev-training',
    'emotion-gallery-dev-operations',
  ]);
});

test('a stack depends only on stacks that are made before it', () => {
  const order = Object.values(dev.gallery);
  for (const [index, stack] of order.entries()) {
    for (const dependency of stack.dependencies) {
      expect(order.slice(0, index)).toContain(dependency);
    }
  }
});

test('the pictures are uploaded after the rule that makes them items, so the site waits for it', () => {
  expect(dev.gallery.site.dependencies).toContain(dev.gallery.engagement);
});

test('what a stack has of another one is imported, so that it follows a change or the change is refused, never stale', () => {
  const templates = (Object.keys(dev.gallery) as (keyof typeof dev.gallery)[]).map((stack) =>
    dev.template(stack).toJSON(),
  );
  const text = JSON.stringify(templates);
  expect(text).not.toContain('Fn::GetStackOutput');
  const exported = templates.flatMap(({ Outputs = {} }) =>
    Object.values<{ Export?: { Name: string } }>(Outputs).flatMap(({ Export }) => Export?.Name ?? []),
  );
  const imported = [...text.matchAll(/"Fn::ImportValue":"([^"]+)"/g)].map(([, name]) => name);
  expect(imported.length).toBeGreaterThan(20);
  expect(exported).toEqual(expect.arrayContaining(imported));
});

/** The properties that hold a name which is unique in an account and region. */
const accountWideNames: Readonly<Record<string, RegExp>> = {
  'AWS::Personalize::': /"Name":"([^"]+)"/,
  'Custom::PersonalizeDataset': /"datasetName":"([^"]+)"/,
  'AWS::CloudFront::OriginAccessControl': /"Name":"([^"]+)"/,
  'AWS::CloudFront::ResponseHeadersPolicy': /"Name":"([^"]+)"/,
  'AWS::Logs::LogGroup': /"LogGroupName":"([^"]+)"/,
};

test('two deployments in one account and region share no name', () => {
  const names = ({ gallery, template }: typeof dev) =>
    (Object.keys(gallery) as (keyof typeof gallery)[]).flatMap((stack) =>
      Object.values<{ Type: string }>(template(stack).toJSON().Resources).flatMap((resource) =>
        Object.entries(accountWideNames).flatMap(([type, name]) => {
          const found = resource.Type.startsWith(type) ? name.exec(JSON.stringify(resource)) : null;
          return found?.[1] ? [`${resource.Type} ${found[1]}`] : [];
        }),
      ),
    );
  const mine = names(dev);
  const yours = new Set(names(synthesize({ prefix: 'gallery-of-somebody-else' })));
  expect(mine.length).toBeGreaterThan(10);
  expect(mine.filter((name) => yours.has(name))).toEqual([]);
});

test('the local CloudFormation knows every property that the stacks set, with its place', () => {
  const problems = (Object.keys(dev.gallery) as (keyof typeof dev.gallery)[]).flatMap((stack) =>
    Object.entries<{ Type: string; Properties?: Record<string, unknown> }>(
      dev.template(stack).toJSON().Resources,
    ).flatMap(([logicalId, { Type, Properties = {} }]) =>
      propertyProblems(Type, withoutIntrinsics(Properties)).map((problem) => `${logicalId}: ${problem}`),
    ),
  );
  expect(problems).toEqual([]);
});

/** Intrinsic functions stand for any value. */
function withoutIntrinsics(value: unknown): Record<string, unknown> {
  return JSON.parse(
    JSON.stringify(value, (_name, inner) =>
      typeof inner === 'object' && inner !== null && /^(Ref|Fn::)/.test(Object.keys(inner)[0] ?? '')
        ? 'a value'
        : inner,
    ),
  );
}

test.each(Object.keys(dev.gallery) as (keyof typeof dev.gallery)[])(
  'the %s stack is as it was reviewed',
  (stack) => {
    const redacted = JSON.stringify(dev.template(stack).toJSON(), null, 2).replaceAll(
      /"[0-9a-f]{64}\.(zip|json)"/g,
      '"<asset>.$1"',
    );
    expect(redacted).toMatchSnapshot();
  },
);
