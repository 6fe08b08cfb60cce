// What CloudFormation promises of stacks, through its API: what is refused, what is undone, what stays.

import { eventually } from '../../../packages/aws-local/test/local/harness';
import { type LocalAws, startLocalAws } from './support/cli';
import { customResourceFunction, serviceToken } from './support/custom-resource';

let aws: LocalAws;

beforeAll(async () => {
  aws = await startLocalAws();
});
afterAll(() => aws.dispose());

type Template = Readonly<Record<string, unknown>>;
const call = (operation: string, input: object) =>
  aws.endpoint.call('cloudformation', operation, { ...input });
const body = (template: Template) => ({ TemplateBody: JSON.stringify(template) });

const parameter = (Name: string, Value: unknown, more: object = {}) => ({
  Type: 'AWS::SSM::Parameter',
  Properties: { Name, Type: 'String', Value },
  ...more,
});
const queue = (more: object = {}, rest: object = {}) => ({
  Type: 'AWS::SQS::Queue',
  Properties: more,
  ...rest,
});
/** Cannot be made. */
const impossible = (DependsOn: string) => queue({ VisibilityTimeout: 1_000_000 }, { DependsOn });

/** Answered when the operation is over. */
async function statusOf(StackName: string): Promise<string> {
  const { Stacks } = await call('DescribeStacks', { StackName });
  return (Stacks as { StackStatus: string }[])[0]?.StackStatus ?? '';
}

async function create(StackName: string, template: Template, more: object = {}): Promise<string> {
  await call('CreateStack', { StackName, ...body(template), ...more });
  return statusOf(StackName);
}

async function update(StackName: string, template: Template, more: object = {}): Promise<string> {
  await call('UpdateStack', { StackName, ...body(template), ...more });
  return statusOf(StackName);
}

async function reasons(StackName: string): Promise<string> {
  const { StackEvents } = await call('DescribeStackEvents', { StackName });
  return (StackEvents as { ResourceStatusReason?: string }[])
    .map(({ ResourceStatusReason }) => ResourceStatusReason ?? '')
    .join('\n');
}

async function stored(Name: string): Promise<string | undefined> {
  const { Parameters } = await aws.endpoint.call('ssm', 'GetParameters', { Names: [Name] });
  return (Parameters as { Name: string; Value: string }[]).find((found) => found.Name === Name)?.Value;
}

const NOBODY = { Effect: 'Deny', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' };
const NOTHING = { Effect: 'Deny', Action: '*', Resource: '*' };
const role = (more: object = {}) => ({
  Type: 'AWS::IAM::Role',
  Properties: { AssumeRolePolicyDocument: { Statement: [NOBODY] }, ...more },
});

describe('before anything begins', () => {
  test.each<[string, Template, object, RegExp]>([
    [
      'a role without the capability',
      { Resources: { R: role() } },
      {},
      /Requires capabilities : \[CAPABILITY_IAM]/,
    ],
    [
      'a named role without the capability for names',
      { Resources: { R: role({ RoleName: 'mine' }) } },
      { Capabilities: ['CAPABILITY_IAM'] },
      /\[CAPABILITY_NAMED_IAM]/,
    ],
    [
      'an output of nothing',
      { Resources: { Q: queue() }, Outputs: { O: { Value: { Ref: 'X' } } } },
      {},
      /\[X] in the output O/,
    ],
    [
      'a snapshot',
      { Resources: { Q: queue({}, { DeletionPolicy: 'Snapshot' }) } },
      {},
      /DeletionPolicy "Snapshot" of resource Q/,
    ],
    [
      'an unknown policy',
      { Resources: { Q: queue({}, { UpdateReplacePolicy: 'Keep' }) } },
      {},
      /allowed are Delete, Retain/,
    ],
    ['an unknown condition', { Resources: { Q: queue({}, { Condition: 'Warm' }) } }, {}, /dependency Warm/],
    [
      'a type that is not there',
      { Resources: { V: { Type: 'AWS::Lambda::Version' } } },
      {},
      /AWS::Lambda::Version/,
    ],
    [
      'a time limit',
      { Resources: { Q: queue() } },
      { TimeoutInMinutes: 5 },
      /TimeoutInMinutes is not supported/,
    ],
    [
      'deletion on failure',
      { Resources: { Q: queue() } },
      { OnFailure: 'DELETE' },
      /OnFailure is not supported/,
    ],
    [
      'a number out of range',
      { Parameters: { N: { Type: 'Number', MaxValue: 3, Default: 4 } }, Resources: { Q: queue() } },
      {},
      /N failed to satisfy constraint: must be 3 at most/,
    ],
  ])('%s is refused', async (_name, template, more, reason) => {
    await expect(create('refused', template, more)).rejects.toThrow(reason);
    await expect(statusOf('refused')).rejects.toThrow('does not exist');
  });

  test.each([
    ['a digit in front', '1st'],
    ['an underscore', 'under_score'],
    ['129 characters', 'a'.repeat(129)],
  ])('a name with %s is refused', async (_what, name) => {
    await expect(create(name, { Resources: { Q: queue() } })).rejects.toThrow(/StackName/);
  });

  test('a resource does not change its type', async () => {
    await create('typed', { Resources: { R: queue() } });
    const other = { Resources: { R: { Type: 'AWS::SNS::Topic' } } };
    await expect(update('typed', other)).rejects.toThrow(/type of the following resources: \[R]/);
    expect(await statusOf('typed')).toBe('CREATE_COMPLETE');
  });

  test('drift is not made up', async () => {
    await expect(call('DetectStackDrift', { StackName: 'typed' })).rejects.toThrow(
      /not supported on localhost/,
    );
  });
});

test('what others have made is not taken over, and not deleted by the rollback', async () => {
  await aws.endpoint.call('sqs', 'CreateQueue', { QueueName: 'theirs' });
  expect(await create('taking', { Resources: { Q: queue({ QueueName: 'theirs' }) } })).toBe(
    'ROLLBACK_COMPLETE',
  );
  expect(await reasons('taking')).toMatch(/'AWS::SQS::Queue' with identifier '.*theirs' already exists/);
  await expect(aws.endpoint.call('sqs', 'GetQueueUrl', { QueueName: 'theirs' })).resolves.toBeDefined();
});

test('an unknown property inside of another one fails the resource', async () => {
  const Targets = [{ Id: 'a', Arn: 'arn:aws:sqs:us-east-1:1:q', Colour: 'red' }];
  const template = {
    Resources: { R: { Type: 'AWS::Events::Rule', Properties: { EventPattern: {}, Targets } } },
  };
  expect(await create('nested', template)).toBe('ROLLBACK_COMPLETE');
  expect(await reasons('nested')).toContain('Encountered unsupported property Targets.Colour');
});

test('a resource whose condition no longer holds is deleted', async () => {
  const template = (Default: string) => ({
    Parameters: { Season: { Type: 'String', Default } },
    Conditions: { Warm: { 'Fn::Equals': [{ Ref: 'Season' }, 'summer'] } },
    Resources: { Q: queue(), P: parameter('/season/warm', 'yes', { Condition: 'Warm' }) },
  });
  await create('seasons', template('summer'));
  expect(await stored('/season/warm')).toBe('yes');
  expect(await update('seasons', template('winter'))).toBe('UPDATE_COMPLETE');
  expect(await stored('/season/warm')).toBeUndefined();
});

describe('exports', () => {
  const exporting = (Value?: string, Name = 'colour') => ({
    Resources: { Q: queue() },
    Outputs: Value === undefined ? {} : { O: { Value, Export: { Name } } },
  });
  const importing = (Value: unknown) => ({ Resources: { P: parameter('/imported/colour', Value) } });
  const imported = { 'Fn::ImportValue': { 'Fn::Join': ['', ['col', 'our']] } };

  test('one in use can be neither changed, nor taken away, nor deleted; then it can', async () => {
    await create('exporter', exporting('red'));
    await expect(call('ListImports', { ExportName: 'colour' })).rejects.toThrow(/not imported by any stack/);
    expect(await create('importer', importing(imported))).toBe('CREATE_COMPLETE');
    expect(await stored('/imported/colour')).toBe('red');
    expect((await call('ListImports', { ExportName: 'colour' })).Imports).toEqual(['importer']);

    expect(await update('exporter', exporting('blue'))).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await reasons('exporter')).toContain(
      'Export colour cannot be updated as it is in use by importer',
    );
    expect(await update('exporter', exporting())).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await reasons('exporter')).toContain(
      'Export colour cannot be deleted as it is in use by importer',
    );
    await call('DeleteStack', { StackName: 'exporter' });
    expect(await statusOf('exporter')).toBe('DELETE_FAILED');

    await update('importer', importing('none'));
    await call('DeleteStack', { StackName: 'exporter' });
    expect(await statusOf('exporter')).toBe('DELETE_COMPLETE');
  });

  test('an import that is rolled back is still one', async () => {
    await create('exporter-2', exporting('red', 'shape'));
    const imported = { P: parameter('/imported/shape', { 'Fn::ImportValue': 'shape' }) };
    await create('importer-2', { Resources: imported });
    const broken = { P: parameter('/imported/shape', 'none'), Q: impossible('P') };
    expect(await update('importer-2', { Resources: broken })).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect((await call('ListImports', { ExportName: 'shape' })).Imports).toEqual(['importer-2']);
  });
});

describe('an operation that was told to leave its failure', () => {
  const DisableRollback = true;

  test('a creation is gone back from on request', async () => {
    const template = { Resources: { P: parameter('/left/made', 'x'), Q: impossible('P') } };
    expect(await create('left', template, { DisableRollback })).toBe('CREATE_FAILED');
    expect(await stored('/left/made')).toBe('x');
    await call('RollbackStack', { StackName: 'left' });
    expect(await statusOf('left')).toBe('ROLLBACK_COMPLETE');
    expect(await stored('/left/made')).toBeUndefined();
    await expect(call('RollbackStack', { StackName: 'left' })).rejects.toThrow(/can not be rolled back/);
  });

  test('updates are gone back from to before the first of them', async () => {
    const broken = (value: string) => ({
      Resources: { P: parameter('/left/value', value), Q: impossible('P') },
    });
    await create('leaving', { Resources: { P: parameter('/left/value', 'a') } });
    expect(await update('leaving', broken('b'), { DisableRollback })).toBe('UPDATE_FAILED');
    expect(await update('leaving', broken('c'), { DisableRollback })).toBe('UPDATE_FAILED');
    expect(await stored('/left/value')).toBe('c');
    await call('RollbackStack', { StackName: 'leaving' });
    expect(await statusOf('leaving')).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await stored('/left/value')).toBe('a');
  });
});

test('what could not be deleted may be retained, and only then', async () => {
  const bucket = { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'full-bucket' } };
  await create('full', { Resources: { B: bucket } });
  await aws.endpoint.call('s3', 'PutObject', { Bucket: 'full-bucket', Key: 'x', Body: Buffer.from('x') });
  const retaining = { StackName: 'full', RetainResources: ['B'] };
  await expect(call('DeleteStack', retaining)).rejects.toThrow(
    /only when the stack is in the DELETE_FAILED state/,
  );
  await call('DeleteStack', { StackName: 'full' });
  expect(await statusOf('full')).toBe('DELETE_FAILED');
  await call('DeleteStack', retaining);
  expect(await statusOf('full')).toBe('DELETE_COMPLETE');
  await expect(
    aws.endpoint.call('s3', 'GetBucketLocation', { Bucket: 'full-bucket' }),
  ).resolves.toBeDefined();
});

test('an update that failed half way is undone wholly', async () => {
  const withPolicies = (...names: string[]) => ({
    Resources: {
      R: role({
        RoleName: 'half-updated',
        Policies: names.map((PolicyName) => ({
          PolicyName,
          PolicyDocument: { Statement: PolicyName === 'refused' ? 'nobody' : NOTHING },
        })),
      }),
    },
  });
  const Capabilities = ['CAPABILITY_NAMED_IAM'];
  await create('half', withPolicies('before'), { Capabilities });
  expect(await update('half', withPolicies('before', 'added', 'refused'), { Capabilities })).toBe(
    'UPDATE_ROLLBACK_COMPLETE',
  );
  const { PolicyNames } = await aws.endpoint.call('iam', 'ListRolePolicies', { RoleName: 'half-updated' });
  expect(PolicyNames).toEqual(['before']);
});

describe('custom resources', () => {
  /** Answers as the properties say, with the physical id in them. Keeps what it was asked in its own description. */
  const code = `exports.handler = async ({ ResponseURL, RequestType, ResourceProperties, PhysicalResourceId, ...rest }) => {
    console.log(RequestType + ' ' + (PhysicalResourceId ?? ResourceProperties.Id));
    const Status = RequestType !== 'Delete' && ResourceProperties.Fails ? 'FAILED' : 'SUCCESS';
    const body = JSON.stringify({ ...rest, Status, Reason: 'as asked', PhysicalResourceId: ResourceProperties.Id });
    await fetch(ResponseURL, { method: 'PUT', headers: { 'content-type': '' }, body });
  };`;
  const LogGroupName = '/custom/logs';
  const template = (Properties?: object, more: object = {}) => ({
    Resources: {
      ...customResourceFunction(code, LogGroupName),
      ...(Properties && {
        Thing: { Type: 'Custom::Thing', Properties: { ServiceToken: serviceToken, ...Properties }, ...more },
      }),
    },
  });
  const Capabilities = ['CAPABILITY_IAM'];

  /** So many questions, and more if there were more; they reach the log group a moment after they were answered. */
  function asked(count: number): Promise<string[]> {
    return eventually(async () => {
      const { events } = await aws.endpoint.call('logs', 'FilterLogEvents', { logGroupName: LogGroupName });
      const questions = (events as { message: string }[]).flatMap(
        ({ message }) => /(?:Create|Update|Delete) \w+/.exec(message) ?? [],
      );
      return questions.length >= count ? questions : undefined;
    });
  }

  test('one that fails to be made is deleted under the id that it answered with', async () => {
    await create('custom', template(), { Capabilities });
    expect(await update('custom', template({ Id: 'half', Fails: 'yes' }), { Capabilities })).toBe(
      'UPDATE_ROLLBACK_COMPLETE',
    );
    expect(await asked(2)).toEqual(['Create half', 'Delete half']);
  });

  test('one that replaces itself goes in the cleanup, unless it is to be retained', async () => {
    await update('custom', template({ Id: 'first' }), { Capabilities });
    await update('custom', template({ Id: 'second' }), { Capabilities });
    await update('custom', template({ Id: 'third' }, { UpdateReplacePolicy: 'Retain' }), { Capabilities });
    expect((await asked(6)).slice(2)).toEqual([
      'Create first',
      'Update first',
      'Delete first',
      'Update second',
    ]);
  });
});
