// Between a creation and its being written down lies a moment. Here the store is cut back to it, for one resource of every type at
// once: what was made is found and deleted at the next start.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { administratorKey } from '@emotion-gallery/aws-local';
import { ManualClock } from '@emotion-gallery/local-kit/clock';
import { seededRandom } from '@emotion-gallery/local-kit/random';
import { readRecords, Store } from '@emotion-gallery/local-kit/store';
import { REGION } from '../../../local/start/account';
import { resourceSchema } from '../../../packages/aws-local/src/cloudformation/registry/registry';
import { RESOURCE_TYPES } from '../../../packages/aws-local/src/services';
import { eventually } from '../../../packages/aws-local/test/local/harness';
import { type LocalAws, startLocalAws } from './support/cli';
import { customResourceFunction, serviceToken } from './support/custom-resource';
import { everyType } from './support/every-type';
import { FAST, kill, startProcess } from './support/killable';
import { left } from './support/left';

type Line = readonly [map: string, key: string, order: number, value: unknown];

/** As it was when nothing but the beginning of each creation had been written down. */
async function cutBack(folder: string): Promise<void> {
  const dir = join(folder, 'store');
  const begun = new Map<string, Line>();
  const replay = (payload: Buffer) => {
    for (const line of JSON.parse(payload.toString()) as Line[]) {
      const isOfInterest = ['cloudformation/resources', 'cloudformation/stacks'].includes(line[0]);
      if (isOfInterest && JSON.stringify(line).includes('CREATE_IN_PROGRESS')) begun.set(line[1], line);
    }
  };
  for (const file of readdirSync(dir).sort()) readRecords(join(dir, file), replay);
  const store = new Store({ dir, clock: new ManualClock() });
  store.commit([...begun.values()].map(([map, key, , value]) => ({ map: store.map(map), key, value })));
  await store.close();
}

interface Resource {
  readonly ResourceType: string;
}

/** What a fresh endpoint holds. */
const nothing = {
  buckets: ['cdk-hnb659fds-assets-000000000000-us-east-1'],
  roles: [],
  buses: ['default'],
  scheduleGroups: ['default'],
  distributions: 0,
};

let aws: LocalAws | undefined;

afterEach(() => aws?.dispose());

/** Answered when the operation is over. */
async function stackOf({ endpoint }: LocalAws) {
  const { Stacks } = await endpoint.call('cloudformation', 'DescribeStacks', { StackName: 'every' });
  const [{ StackStatus, StackStatusReason }] = Stacks as [Record<string, string>];
  return { StackStatus, StackStatusReason };
}

async function failures({ endpoint }: LocalAws): Promise<string[]> {
  const { StackEvents } = await endpoint.call('cloudformation', 'DescribeStackEvents', {
    StackName: 'every',
  });
  return (StackEvents as Record<string, string>[])
    .filter(({ ResourceStatus }) => ResourceStatus?.endsWith('_FAILED'))
    .map(({ LogicalResourceId, ResourceStatusReason }) => `${LogicalResourceId}: ${ResourceStatusReason}`);
}

test('whatever was made and not written down is found and deleted, of every type', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'local-aws-orphans-'));
  aws = await startLocalAws(folder);
  const { call } = aws.endpoint;
  await call('cloudformation', 'CreateStack', {
    StackName: 'every',
    TemplateBody: JSON.stringify(everyType()),
    Capabilities: ['CAPABILITY_NAMED_IAM'],
  });
  const created = await stackOf(aws);
  expect({ ...created, failures: await failures(aws) }).toMatchObject({
    StackStatus: 'CREATE_COMPLETE',
    failures: [],
  });
  const { StackResources } = await call('cloudformation', 'DescribeStackResources', { StackName: 'every' });
  const types = new Set((StackResources as Resource[]).map(({ ResourceType }) => ResourceType));
  expect(RESOURCE_TYPES.filter((type) => resourceSchema(type) && !types.has(type))).toEqual([]);
  expect(await left(aws.endpoint)).not.toEqual(nothing);
  await aws.endpoint.close();

  await cutBack(folder);
  aws = await startLocalAws(folder);
  expect(await stackOf(aws)).toMatchObject({ StackStatus: 'ROLLBACK_COMPLETE' });
  expect(await left(aws.endpoint)).toEqual(nothing);
});

/** Says what it is asked, and answers a creation when the file is there. */
const slowFunction = (file: string) => `const { existsSync } = require('node:fs');
exports.handler = async ({ ResponseURL, RequestType, PhysicalResourceId, ...rest }) => {
  console.log(RequestType + ' ' + PhysicalResourceId);
  const mayAnswer = () => RequestType !== 'Create' || existsSync(${JSON.stringify(file)});
  while (!mayAnswer()) await new Promise((resolve) => setTimeout(resolve, 50));
  const body = JSON.stringify({ ...rest, Status: 'SUCCESS', PhysicalResourceId: 'made-late' });
  await fetch(ResponseURL, { method: 'PUT', headers: { 'content-type': '' }, body });
};`;

const withCustomResource = (code: string) => ({
  Resources: {
    ...customResourceFunction(code, '/late/logs'),
    Late: { Type: 'Custom::Late', Properties: { ServiceToken: serviceToken } },
  },
});

function clientOf(endpoint: string, folder: string): CloudFormationClient {
  return new CloudFormationClient({ endpoint, region: REGION, credentials: administratorKey(folder) });
}

test('a custom resource that was being made when the process was killed is deleted when its function has answered', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'local-aws-late-'));
  const answers = join(folder, 'may-answer');
  const first = await startProcess(folder);
  const { port } = new URL(first.endpoint);
  const client = clientOf(first.endpoint, folder);
  await client.send(
    new CreateStackCommand({
      StackName: 'every',
      TemplateBody: JSON.stringify(withCustomResource(slowFunction(answers))),
      Capabilities: ['CAPABILITY_IAM'],
    }),
  );
  const asked = async () => {
    const logs = new CloudWatchLogsClient({
      endpoint: first.endpoint,
      region: REGION,
      credentials: administratorKey(folder),
    });
    const { events = [] } = await logs
      .send(new FilterLogEventsCommand({ logGroupName: '/late/logs' }))
      .catch(() => ({ events: [] }));
    logs.destroy();
    return events.flatMap(({ message = '' }) => /(?:Create|Delete) \S+/.exec(message) ?? []);
  };
  while ((await asked()).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  await kill(first.child);
  const second = await startProcess(folder, FAST, port);
  try {
    writeFileSync(answers, '');
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: 'every' }));
    expect(Stacks).toMatchObject([{ StackStatus: 'ROLLBACK_COMPLETE' }]);
    // What a function prints reaches its log group a moment later.
    await eventually(async () => (await asked()).at(-1) === 'Delete made-late');
  } finally {
    client.destroy();
    await kill(second.child);
    rmSync(folder, { recursive: true, force: true });
  }
});

const ROUNDS = 6;

test('a creation that is killed at any moment leaves nothing', async () => {
  const random = seededRandom(7);
  for (let round = 0; round < ROUNDS; round += 1) {
    const folder = mkdtempSync(join(tmpdir(), 'local-aws-round-'));
    const { child, endpoint } = await startProcess(folder);
    const client = clientOf(endpoint, folder);
    await client.send(
      new CreateStackCommand({
        StackName: 'every',
        TemplateBody: JSON.stringify(everyType()),
        Capabilities: ['CAPABILITY_NAMED_IAM'],
      }),
    );
    await new Promise((resolve) => setTimeout(resolve, random() * 400));
    await kill(child);
    client.destroy();
    aws = await startLocalAws(folder);
    const { StackStatus } = await stackOf(aws);
    const there = await left(aws.endpoint);
    if (StackStatus === 'CREATE_COMPLETE') expect(there).toMatchObject({ distributions: 1 });
    else expect({ StackStatus, ...there }).toEqual({ StackStatus: 'ROLLBACK_COMPLETE', ...nothing });
    await aws.dispose();
    aws = undefined;
  }
});
