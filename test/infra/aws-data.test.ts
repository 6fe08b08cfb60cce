// The templates, judged by data that are not ours: AWS's registry of resource types, its service authorization reference, the models of
// its SDK, and its quotas. What is wrong in the app and in our AWS on localhost alike is seen here.
import type { Gallery } from '../../lib/gallery';
import { type Json, type Template, Values } from './aws-data/arns';
import { judge, nothingJudged } from './aws-data/iam';
import { measured } from './aws-data/limits';
import { identityPolicies, type PolicySet, resourcePolicies } from './aws-data/policies';
import { RegistryJudge } from './aws-data/registry';
import { problemsOf, type Task, tasksOf } from './aws-data/sdk-integrations';
import { synthesize } from './synthesize';

/** Everything that a deployment can have. */
const { gallery, template } = synthesize({
  environment: 'prod',
  region: 'eu-west-1',
  notificationMail: 'somebody@gallery.example',
  campaigns: 'personal,similar,ranking',
  reservedConcurrency: '5',
  githubRepository: 'somebody/emotion-gallery',
});
const templates = (Object.keys(gallery) as (keyof Gallery)[]).map(
  (stack) => [stack, template(stack).toJSON() as Template] as const,
);
const all = templates.map(([, each]) => each);

/** How much was judged, for whoever reads the output. */
const counted: string[] = [];
afterAll(() => process.stdout.write(`Judged by AWS's data: ${counted.join('; ')}\n`));

describe('the registry of resource types', () => {
  let judge: RegistryJudge;
  beforeAll(() => {
    judge = new RegistryJudge();
  });
  afterAll(() => judge.free());

  test('finds no fault in any property of any resource', () => {
    expect(templates.flatMap(([stack, each]) => judge.problemsOf(stack, each))).toEqual([]);
    const resources = all.flatMap(({ Resources }) => Object.values(Resources));
    expect(resources.length).toBeGreaterThan(150);
    const types = new Set(resources.map(({ Type }) => Type));
    const properties = resources.flatMap(({ Properties = {} }) => Object.keys(Properties)).length;
    counted.push(`${resources.length} resources of ${types.size} types, ${properties} properties`);
  });

  test.each<[string, string, Json, RegExp]>([
    ['an unknown property', 'AWS::SQS::Queue', { Colour: 'red' }, /'Colour' was unexpected/],
    ['a missing one', 'AWS::Personalize::EventTracker', { Name: 'x' }, /'DatasetGroupArn' is a required/],
    ['a wrong type', 'AWS::SQS::Queue', { DelaySeconds: 'long' }, /not of type 'integer'/],
    ['a number out of range', 'AWS::SQS::Queue', { VisibilityTimeout: 100_000 }, /greater than the maximum/],
    ['no member of an enumeration', 'AWS::DynamoDB::Table', { BillingMode: 'FREE' }, /'FREE' is not one of/],
    [
      'a text that is too long',
      'AWS::Events::Rule',
      { Description: 'x'.repeat(600), ScheduleExpression: 'rate(1 day)' },
      /length 600 exceeds/,
    ],
  ])('would find %s', (_fault, Type, Properties, message) => {
    const problems = judge.problemsOf('broken', { Resources: { Broken: { Type, Properties } } });
    expect(problems).toContainEqual(expect.stringMatching(message));
  });
});

const accepted: readonly RegExp[] = [
  // The reference lists what either use of an action needs as required: standard executions here, map runs and express ones there (API
  // reference, ListExecutions and DescribeExecution).
  /states:\w+ needs a resource like \S+:(mapRun|express):/,
  // The claims of a token are keys under the provider's own name (IAM User Guide, "Available keys for AWS OIDC federation").
  /sts:AssumeRoleWithWebIdentity has no condition key token\.actions\.githubusercontent\.com:(aud|sub)$/,
];

describe('the service authorization reference', () => {
  const problemsIn = async (sets: readonly PolicySet[]) => {
    const judged = nothingJudged();
    for (const set of sets) await judge(set, judged);
    return judged;
  };

  test('has every action, every resource that an action needs, and every condition key of the policies', async () => {
    const judged = await problemsIn(
      all.flatMap((each) => [...identityPolicies(each, all), ...resourcePolicies(each, all)]),
    );
    expect(judged.problems.filter((problem) => !accepted.some((one) => one.test(problem)))).toEqual([]);
    expect(judged.actions.size).toBeGreaterThan(120);
    expect(judged.conditionKeys.size).toBeGreaterThan(5);
    counted.push(
      `${judged.actions.size} actions on ${judged.resourceTypes.size} types of resources, ${judged.conditionKeys.size} condition keys`,
    );
  });

  test.each<[string, readonly string[], readonly string[], readonly string[], RegExp]>([
    ['a misspelt action', ['dynamodb:ReadItem'], ['*'], [], /there is no action dynamodb:ReadItem/],
    ['a service that there is not', ['personalise:GetRecommendations'], ['*'], [], /there is no action/],
    [
      'a resource of the group that is missing',
      ['personalize:CreateDataset'],
      ['arn:aws:personalize:eu-west-1:123456789012:dataset/group/*'],
      [],
      /CreateDataset needs a resource like \S+:dataset-group\//,
    ],
    [
      'a resource of another kind',
      ['sqs:SendMessage'],
      ['arn:aws:sns:eu-west-1:123456789012:topic'],
      [],
      /sqs:SendMessage knows/,
    ],
    [
      'a resource where there is none',
      ['personalize:PutEvents'],
      ['arn:aws:personalize:*:*:x/y'],
      [],
      /PutEvents knows only \*/,
    ],
    ['a condition key of another action', ['s3:GetObject'], ['arn:aws:s3:::b/*'], ['s3:prefix'], /s3:prefix/],
  ])('would find %s', async (_fault, actions, resources, conditionKeys, message) => {
    const statement = { place: 'broken', effect: 'Allow' as const, actions, resources, conditionKeys };
    const { problems } = await problemsIn([{ owner: 'broken', statements: [statement], characters: 0 }]);
    expect(problems).toContainEqual(expect.stringMatching(message));
  });
});

describe('the models of the SDK', () => {
  const tasks = all.flatMap((each) =>
    Object.entries(each.Resources)
      .filter(([id, { Type }]) => Type === 'AWS::StepFunctions::StateMachine' && !id.includes('waiter'))
      .flatMap(([id, { Properties }]) =>
        tasksOf(id, JSON.parse(new Values(each, all).text(Properties.DefinitionString)).States),
      ),
  );

  test('have every action that state machines call, its parameters, and all that it needs', async () => {
    // The small machine has one: a tick.
    expect(tasks.length).toBeGreaterThan(0);
    expect((await Promise.all(tasks.map(problemsOf))).flat()).toEqual([]);
    const ofTheSdk = tasks.filter(({ Resource }) => Resource.includes(':aws-sdk:'));
    counted.push(`${tasks.length} tasks of state machines, ${ofTheSdk.length} of them SDK integrations`);
  });

  const call = (action: string, Arguments: Json): Task => ({
    place: 'broken',
    Resource: `arn:aws:states:::aws-sdk:${action}`,
    Arguments,
  });
  test.each<[string, Task, RegExp]>([
    ['a service that there is not', call('personalise:describeCampaign', {}), /no integration/],
    ['an action that there is not', call('personalize:describeCampaigns', {}), /has no describeCampaigns/],
    ['a parameter that is missing', call('personalize:describeCampaign', {}), /needs CampaignArn/],
    ['one in camelCase', call('personalize:describeCampaign', { campaignArn: 'x' }), /has no campaignArn/],
    [
      'one in an expression',
      call('scheduler:deleteSchedule', "{% $merge([{'Name': 'x'}, {'Grup': 'y'}]) %}"),
      /has no Grup/,
    ],
  ])('would find %s', async (_fault, task, message) => {
    expect(await problemsOf(task)).toContainEqual(expect.stringMatching(message));
  });
});

test('nothing exceeds what a template may have', () => {
  const sizes = templates.flatMap(([stack, each]) =>
    measured(stack, each, identityPolicies(each, all), resourcePolicies(each, all)),
  );
  expect(sizes.length).toBeGreaterThan(100);
  expect(sizes.filter(({ size, limit }) => size > limit)).toEqual([]);
  counted.push(`${sizes.length} limits`);
});
