// Everyday commands of the AWS CLI, version 2, where it is installed. Each block is one service's, in the order in which somebody
// would type them.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RealClock } from '@emotion-gallery/local-kit/clock';
import { type AwsEndpoint, createAwsEndpoint } from '../../src/endpoint';
import { awsEnvironment } from '../../src/standalone/environment';
import { findAwsCli, startAwsCli } from './aws-cli';
import { zip } from './lambda-fixture';

const ACCOUNT = '000000000000';
const REGION = 'us-east-1';

const CLI = findAwsCli();

const folder = mkdtempSync(join(tmpdir(), 'aws-cli-'));
let aws: AwsEndpoint;
let commands: ReturnType<typeof startAwsCli>;
const running = new Map<string, Promise<void>>();

beforeAll(async () => {
  aws = await createAwsEndpoint({
    stateDir: join(folder, 'state'),
    region: REGION,
    accountId: ACCOUNT,
    awsPort: 0,
    sitePort: 0,
    clock: new RealClock(1),
    personalizeClock: new RealClock(1000),
    log: () => undefined,
  });
  if (!CLI) return;
  const { credentials, endpoint } = aws;
  const env = {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    HOME: folder,
    ...awsEnvironment({ endpoint, credentials, region: REGION, accountId: ACCOUNT }),
    AWS_PAGER: '',
    AWS_EC2_METADATA_DISABLED: 'true',
    NO_PROXY: '127.0.0.1',
  };
  commands = startAwsCli({ file: CLI, env, cwd: folder });
  // The blocks run beside each other; each test waits for its own.
  for (const [name, block] of Object.entries(BLOCKS)) {
    const ended = block();
    ended.catch(() => undefined);
    running.set(name, ended);
  }
});

afterAll(async () => {
  commands?.close();
  await aws.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs one command line; words are separated by blanks, and `{}` stands for the next of `values`. */
function cli(line: string, ...values: string[]): Promise<string> {
  const words = line.split(/\s+/).map((word) => (word === '{}' ? (values.shift() ?? '') : word));
  // Versions before 2.13 do not read AWS_ENDPOINT_URL.
  return commands.run(...words, '--endpoint-url', aws.endpoint);
}
const json = async (line: string, ...values: string[]) =>
  JSON.parse(await cli(`${line} --output json`, ...values));

async function write(name: string, content: string | Buffer): Promise<string> {
  writeFileSync(join(folder, name), content);
  return name;
}

const role = (name: string, service: string) => {
  const Statement = [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }];
  const document = JSON.stringify({ Version: '2012-10-17', Statement });
  return json(`iam create-role --role-name ${name} --assume-role-policy-document {}`, document);
};
const arnOf = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;

const BLOCKS: Readonly<Record<string, () => Promise<void>>> = {
  async 'sts and iam'() {
    expect(await json('sts get-caller-identity')).toMatchObject({ Account: ACCOUNT });
    await role('reader', 'lambda.amazonaws.com');
    const Statement = [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }];
    const policy = JSON.stringify({ Version: '2012-10-17', Statement });
    await cli('iam put-role-policy --role-name reader --policy-name read --policy-document {}', policy);
    expect(await json('iam get-role-policy --role-name reader --policy-name read')).toMatchObject({
      PolicyDocument: { Statement },
    });
    const managed = 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess';
    await cli(`iam attach-role-policy --role-name reader --policy-arn ${managed}`);
    expect(await cli('iam list-attached-role-policies --role-name reader')).toContain(
      'AmazonS3ReadOnlyAccess',
    );
    await cli(`iam detach-role-policy --role-name reader --policy-arn ${managed}`);
    await cli('iam delete-role-policy --role-name reader --policy-name read');
    await cli('iam delete-role --role-name reader');
    await expect(cli('iam get-role --role-name reader')).rejects.toThrow('(NoSuchEntity)');
  },
  async 's3 and s3api'() {
    await cli('s3 mb s3://cli-files');
    await write('a.txt', 'hello');
    await cli('s3 cp a.txt s3://cli-files/one/a.txt');
    expect(await cli('s3 ls s3://cli-files --recursive')).toContain('one/a.txt');
    await cli('s3 sync . s3://cli-files/all --exclude * --include a.txt');
    await cli('s3 mv s3://cli-files/all/a.txt s3://cli-files/all/b.txt');
    expect(await cli('s3 cp s3://cli-files/all/b.txt -')).toBe('hello');
    const rules = {
      CORSRules: [{ AllowedMethods: ['GET'], AllowedOrigins: ['https://a.example'], MaxAgeSeconds: 5 }],
    };
    await cli('s3api put-bucket-cors --bucket cli-files --cors-configuration {}', JSON.stringify(rules));
    expect(await json('s3api get-bucket-cors --bucket cli-files')).toEqual(rules);
    const eventBridge = JSON.stringify({ EventBridgeConfiguration: {} });
    await cli(
      's3api put-bucket-notification-configuration --bucket cli-files --notification-configuration {}',
      eventBridge,
    );
    expect(await json('s3api get-bucket-notification-configuration --bucket cli-files')).toEqual({
      EventBridgeConfiguration: {},
    });
    expect(await json('s3api head-object --bucket cli-files --key one/a.txt')).toMatchObject({
      ContentLength: 5,
    });
    expect(
      await json('s3api list-objects-v2 --bucket cli-files --prefix one/ --query Contents[].Key'),
    ).toEqual(['one/a.txt']);
    const url = (await cli('s3 presign s3://cli-files/one/a.txt')).trim();
    expect(await (await fetch(url)).text()).toBe('hello');
    await cli('s3 rb s3://cli-files --force');
  },
  async dynamodb() {
    await cli(
      'dynamodb create-table --table-name notes --attribute-definitions AttributeName=id,AttributeType=S --key-schema AttributeName=id,KeyType=HASH --billing-mode PAY_PER_REQUEST',
    );
    await cli('dynamodb wait table-exists --table-name notes');
    await cli('dynamodb put-item --table-name notes --item {}', '{"id":{"S":"a"},"n":{"N":"1"}}');
    await cli(
      'dynamodb update-item --table-name notes --key {} --update-expression {} --expression-attribute-values {}',
      '{"id":{"S":"a"}}',
      'SET n = n + :one',
      '{":one":{"N":"1"}}',
    );
    expect(await json('dynamodb get-item --table-name notes --key {}', '{"id":{"S":"a"}}')).toEqual({
      Item: { id: { S: 'a' }, n: { N: '2' } },
    });
    expect(await json('dynamodb scan --table-name notes --max-items 1')).toMatchObject({ Count: 1 });
    await cli('dynamodb delete-table --table-name notes');
  },
  async 'sqs and sns'() {
    const { QueueUrl } = await json('sqs create-queue --queue-name cli');
    const { TopicArn } = await json('sns create-topic --name cli');
    const arn = `arn:aws:sqs:${REGION}:${ACCOUNT}:cli`;
    const Statement = [{ Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: arn }];
    const attributes = JSON.stringify({ Policy: JSON.stringify({ Version: '2012-10-17', Statement }) });
    await cli(`sqs set-queue-attributes --queue-url ${QueueUrl} --attributes {}`, attributes);
    await cli(
      `sns subscribe --topic-arn ${TopicArn} --protocol sqs --notification-endpoint ${arn} --attributes RawMessageDelivery=true`,
    );
    await cli(`sqs send-message --queue-url ${QueueUrl} --message-body direct`);
    await cli(`sns publish --topic-arn ${TopicArn} --message {}`, 'by the topic');
    const bodies: string[] = [];
    while (bodies.length < 2) {
      const { Messages = [] } = await json(
        `sqs receive-message --queue-url ${QueueUrl} --max-number-of-messages 10 --wait-time-seconds 5`,
      );
      bodies.push(...Messages.map(({ Body }: { Body: string }) => Body));
    }
    expect(bodies.sort()).toEqual(['by the topic', 'direct']);
    await expect(cli('sqs get-queue-url --queue-name none')).rejects.toThrow('NonExistentQueue');
  },
  async 'events and scheduler'() {
    await cli('events put-rule --name cli --event-pattern {}', '{"source":["cli"]}');
    expect(await json('events list-rules')).toMatchObject({ Rules: [{ Name: 'cli', State: 'ENABLED' }] });
    const entries = JSON.stringify([{ Source: 'cli', DetailType: 'x', Detail: '{}' }]);
    expect(await json('events put-events --entries {}', entries)).toMatchObject({ FailedEntryCount: 0 });
    await cli('events delete-rule --name cli');
    await role('scheduler', 'scheduler.amazonaws.com');
    const { QueueUrl } = await json('sqs create-queue --queue-name scheduled');
    expect(QueueUrl).toContain('scheduled');
    const target = JSON.stringify({
      Arn: `arn:aws:sqs:${REGION}:${ACCOUNT}:scheduled`,
      RoleArn: arnOf('scheduler'),
    });
    await cli(
      'scheduler create-schedule --name cli --schedule-expression {} --flexible-time-window Mode=OFF --target {}',
      'rate(1 hour)',
      target,
    );
    expect(await json('scheduler get-schedule --name cli')).toMatchObject({
      ScheduleExpression: 'rate(1 hour)',
    });
    await cli('scheduler delete-schedule --name cli');
  },
  async stepfunctions() {
    await role('machine', 'states.amazonaws.com');
    const definition = JSON.stringify({
      StartAt: 'a',
      States: { a: { Type: 'Pass', Result: { ok: true }, End: true } },
    });
    const { stateMachineArn } = await json(
      `stepfunctions create-state-machine --name cli --role-arn ${arnOf('machine')} --definition {}`,
      definition,
    );
    const { executionArn } = await json(
      `stepfunctions start-execution --state-machine-arn ${stateMachineArn} --input {}`,
      '{}',
    );
    let described = { status: 'RUNNING', output: '' };
    while (described.status === 'RUNNING')
      described = await json(`stepfunctions describe-execution --execution-arn ${executionArn}`);
    expect(described).toMatchObject({ status: 'SUCCEEDED', output: '{"ok":true}' });
    expect(await cli(`stepfunctions get-execution-history --execution-arn ${executionArn}`)).toContain(
      'PassStateEntered',
    );
  },
  async 'lambda and logs'() {
    await role('function', 'lambda.amazonaws.com');
    await cli(
      'iam attach-role-policy --role-name function --policy-arn arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole',
    );
    await write(
      'code.zip',
      await zip({ 'index.js': `exports.handler = async (event) => { console.log('said'); return event; };` }),
    );
    await cli(
      `lambda create-function --function-name cli --runtime nodejs22.x --handler index.handler --role ${arnOf('function')} --zip-file fileb://code.zip`,
    );
    await cli('lambda wait function-active-v2 --function-name cli');
    const invoked = await json(
      'lambda invoke --function-name cli --cli-binary-format raw-in-base64-out --payload {} --log-type Tail out.json',
      '{"a":1}',
    );
    expect(Buffer.from(invoked.LogResult, 'base64').toString()).toContain('said');
    expect(JSON.parse(readFileSync(join(folder, 'out.json'), 'utf8'))).toEqual({ a: 1 });
    let printed = '';
    while (!printed.includes('REPORT')) printed = await cli('logs tail /aws/lambda/cli --since 10m');
    expect(printed).toContain('said');
    await cli('lambda delete-function --function-name cli');
  },
  async 'cloudformation deploy'() {
    const template = {
      Resources: { Queue: { Type: 'AWS::SQS::Queue' } },
      Outputs: { Url: { Value: { Ref: 'Queue' } } },
    };
    await write('template.json', JSON.stringify(template));
    await cli('cloudformation deploy --stack-name cli --template-file template.json --tags team=a');
    expect(
      await cli(
        'cloudformation deploy --stack-name cli --template-file template.json --tags team=a --no-fail-on-empty-changeset',
      ),
    ).toContain('No changes to deploy');
    const query = 'Stacks[0].Outputs[0].OutputValue';
    expect(await json(`cloudformation describe-stacks --stack-name cli --query ${query}`)).toContain(
      '/cli-Queue-',
    );
    await cli('cloudformation delete-stack --stack-name cli');
    await cli('cloudformation wait stack-delete-complete --stack-name cli');
  },
  async 'ssm and secretsmanager'() {
    await cli('ssm put-parameter --name /cli/a --type String --value one');
    await cli('ssm put-parameter --name /cli/a --type String --value two --overwrite');
    expect(await json('ssm get-parameters-by-path --path /cli --query Parameters[].Value')).toEqual(['two']);
    await cli('ssm delete-parameter --name /cli/a');
    await cli('secretsmanager create-secret --name cli --secret-string hidden');
    expect(await json('secretsmanager get-secret-value --secret-id cli')).toMatchObject({
      SecretString: 'hidden',
    });
    await cli('secretsmanager delete-secret --secret-id cli --force-delete-without-recovery');
  },
};

(CLI ? test : test.skip).each(Object.keys(BLOCKS))('%s', (name) => running.get(name));
