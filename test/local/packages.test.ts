// The packages as somebody else gets them: built, packed, installed from the tarballs by npm alone in an empty folder, and used there.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import {
  CreateCampaignCommand,
  CreateDatasetCommand,
  CreateDatasetGroupCommand,
  CreateDatasetImportJobCommand,
  CreateSchemaCommand,
  CreateSolutionCommand,
  CreateSolutionVersionCommand,
  DescribeCampaignCommand,
  DescribeDatasetCommand,
  DescribeDatasetGroupCommand,
  DescribeDatasetImportJobCommand,
  DescribeSolutionCommand,
  DescribeSolutionVersionCommand,
  PersonalizeClient,
} from '@aws-sdk/client-personalize';
import { GetRecommendationsCommand, PersonalizeRuntimeClient } from '@aws-sdk/client-personalize-runtime';
import { workspaces } from '../../package.json';

const ROOT = resolve(__dirname, '../..');
const PATIENCE_MS = 120_000;

const folder = mkdtempSync(join(tmpdir(), 'packages-'));
const bin = (name: string) => join(folder, 'node_modules', '.bin', name);
const running: ChildProcess[] = [];

const npm = (args: readonly string[], cwd: string) =>
  execFileSync('npm', [...args], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

beforeAll(() => {
  npm(['run', 'build'], ROOT);
  npm(['pack', '--workspaces', '--pack-destination', folder], ROOT);
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const tarballs = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  npm(
    ['install', '--no-audit', '--no-fund', '--prefer-offline', ...tarballs.map((name) => `./${name}`)],
    folder,
  );
});

afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** Starts an installed command; resolves with what it printed once that matches. */
async function start(name: string, args: readonly string[], pattern: RegExp): Promise<RegExpExecArray> {
  const child = spawn(bin(name), [...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  running.push(child);
  let output = '';
  return await new Promise((done, failed) => {
    const read = (data: Buffer) => {
      output += data;
      const match = pattern.exec(output);
      if (match) done(match);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', (code) => failed(new Error(`${name} ended with ${code}: ${output}`)));
  });
}

test('every package is packed', () => {
  expect(readdirSync(folder).filter((name) => name.endsWith('.tgz'))).toHaveLength(workspaces.length);
});

test.each(['emotion-gallery-personalize', 'emotion-gallery-aws'])('%s tells what it can do', (name) => {
  expect(execFileSync(bin(name), ['--help'], { encoding: 'utf8' })).toContain('--state');
});

test('a package holds what it runs, and neither sources nor tests', () => {
  for (const workspace of workspaces) {
    const installed = join(folder, 'node_modules/@emotion-gallery', workspace.replace('packages/', ''));
    expect(readdirSync(installed).sort()).toEqual(
      expect.arrayContaining(['CHANGELOG.md', 'LICENSE', 'README.md', 'dist', 'package.json']),
    );
    expect(existsSync(join(installed, 'src'))).toBe(false);
    expect(existsSync(join(installed, 'test'))).toBe(false);
  }
});

test('what runs the packages needs neither a compiler nor the CDK', () => {
  const installed = readdirSync(join(folder, 'node_modules'));
  for (const name of ['tsx', 'esbuild', 'typescript', 'aws-cdk-lib']) expect(installed).not.toContain(name);
});

/** Where a package is installed that one in the folder `from` needs. */
function installedAt(name: string, from: string): string {
  const found = [from, folder].map((at) => join(at, 'node_modules', name)).find((at) => existsSync(at));
  if (!found) throw new Error(`${name}, which ${from} needs, is not installed`);
  return found;
}

/** The folders of a package and of all that it needs. */
function needs(name: string, from = folder, found = new Set<string>()): Set<string> {
  const at = installedAt(name, from);
  if (found.has(at)) return found;
  found.add(at);
  const { dependencies = {} } = JSON.parse(readFileSync(join(at, 'package.json'), 'utf8'));
  for (const each of Object.keys(dependencies)) needs(each, at, found);
  return found;
}

const bytesIn = (at: string): number =>
  readdirSync(at, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((bytes, { parentPath, name }) => bytes + statSync(join(parentPath, name)).size, 0);

test('Amazon Personalize takes little room: 5 MB at the most beside the SDK', () => {
  const isSdk = (at: string) => /node_modules\/@(aws-sdk|aws|aws-crypto|smithy)\//.test(at);
  const own = [...needs('@emotion-gallery/personalize-local')].filter((at) => !isSdk(at));
  expect(own.length).toBeGreaterThan(2);
  expect(own.reduce((bytes, at) => bytes + bytesIn(at), 0)).toBeLessThanOrEqual(5e6);
});

test('a client imports, trains and gets recommendations from the installed Amazon Personalize', async () => {
  const s3 = join(folder, 's3');
  mkdirSync(join(s3, 'bucket'), { recursive: true });
  const rows = Array.from(
    { length: 1200 },
    (_, i) => `user-${i % 40},item-${(i * 7 + (i % 40)) % 30},${1_700_000_000 + i}`,
  );
  writeFileSync(join(s3, 'bucket/interactions.csv'), `USER_ID,ITEM_ID,TIMESTAMP\n${rows.join('\n')}\n`);
  const args = ['--port', '0', '--state', 'personalize', '--s3-dir', s3, '--speed', '100000', '--quiet'];
  const [, endpoint] = await start('emotion-gallery-personalize', args, /answers at (\S+),/);
  const settings = {
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
  };
  const client = new PersonalizeClient(settings);
  const runtime = new PersonalizeRuntimeClient(settings);
  const active = async (describe: () => Promise<object>) => {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const { status, failureReason } = Object.values(await describe())[0] as {
        status: string;
        failureReason?: string;
      };
      if (status === 'ACTIVE') return;
      if (failureReason || Date.now() > deadline) throw new Error(`${status}: ${failureReason}`);
      await new Promise((passed) => setTimeout(passed, 20));
    }
  };
  const { datasetGroupArn } = await client.send(new CreateDatasetGroupCommand({ name: 'alone' }));
  await active(() => client.send(new DescribeDatasetGroupCommand({ datasetGroupArn })));
  const fields = ['USER_ID', 'ITEM_ID'].map((name) => ({ name, type: 'string' }));
  const schema = JSON.stringify({
    type: 'record',
    name: 'Interactions',
    namespace: 'com.amazonaws.personalize.schema',
    fields: [...fields, { name: 'TIMESTAMP', type: 'long' }],
    version: '1.0',
  });
  const { schemaArn } = await client.send(new CreateSchemaCommand({ name: 'alone', schema }));
  const { datasetArn } = await client.send(
    new CreateDatasetCommand({ name: 'alone', datasetGroupArn, schemaArn, datasetType: 'Interactions' }),
  );
  await active(() => client.send(new DescribeDatasetCommand({ datasetArn })));
  const { datasetImportJobArn } = await client.send(
    new CreateDatasetImportJobCommand({
      jobName: 'alone',
      datasetArn,
      dataSource: { dataLocation: 's3://bucket/interactions.csv' },
      roleArn: 'arn:aws:iam::000000000000:role/Personalize',
    }),
  );
  await active(() => client.send(new DescribeDatasetImportJobCommand({ datasetImportJobArn })));
  const { solutionArn } = await client.send(
    new CreateSolutionCommand({
      name: 'alone',
      datasetGroupArn,
      recipeArn: 'arn:aws:personalize:::recipe/aws-user-personalization-v2',
      performAutoTraining: false,
    }),
  );
  await active(() => client.send(new DescribeSolutionCommand({ solutionArn })));
  const { solutionVersionArn } = await client.send(new CreateSolutionVersionCommand({ solutionArn }));
  await active(() => client.send(new DescribeSolutionVersionCommand({ solutionVersionArn })));
  const { campaignArn } = await client.send(new CreateCampaignCommand({ name: 'alone', solutionVersionArn }));
  await active(() => client.send(new DescribeCampaignCommand({ campaignArn })));
  const { itemList } = await runtime.send(
    new GetRecommendationsCommand({ campaignArn, userId: 'user-1', numResults: 5 }),
  );
  expect(itemList).toHaveLength(5);
  client.destroy();
  runtime.destroy();
});

test('somebody else’s CDK app is deployed to the installed AWS, works, and is destroyed', async () => {
  const [, exports = ''] = await start(
    'emotion-gallery-aws',
    ['--port', '0', '--site-port', '0', '--state', 'aws'],
    /export (.+)\n/,
  );
  const app = join(folder, 'app');
  mkdirSync(app);
  symlinkSync(join(ROOT, 'node_modules'), join(app, 'node_modules'));
  writeFileSync(join(app, 'cdk.json'), '{ "app": "node app.js" }');
  writeFileSync(
    join(app, 'app.js'),
    `const { App, CfnOutput, Stack } = require('aws-cdk-lib');
     const { Code, Function, Runtime } = require('aws-cdk-lib/aws-lambda');
     const stack = new Stack(new App(), 'somebody-else');
     const hello = new Function(stack, 'Hello', {
       runtime: Runtime.NODEJS_22_X,
       handler: 'index.handler',
       code: Code.fromInline('exports.handler = async ({ name }) => "hello " + name;'),
     });
     new CfnOutput(stack, 'Name', { value: hello.functionName });`,
  );
  const variables = Object.fromEntries(exports.split(' ').map((pair) => pair.split(/=(.*)/s).slice(0, 2)));
  const env = { PATH: process.env.PATH, HOME: folder, ...variables, CDK_DISABLE_CLI_TELEMETRY: 'true' };
  const cli = join(dirname(require.resolve('aws-cdk/package.json')), 'bin', 'cdk');
  const cdk = (...args: string[]) =>
    execFileSync(process.execPath, [cli, ...args], { cwd: app, env, encoding: 'utf8', stdio: 'pipe' });
  cdk('deploy', '--require-approval', 'never', '--outputs-file', 'outputs.json');
  const { LambdaClient, InvokeCommand } = await import('@aws-sdk/client-lambda');
  const { Name } = JSON.parse(readFileSync(join(app, 'outputs.json'), 'utf8'))['somebody-else'];
  const lambda = new LambdaClient({
    endpoint: variables.AWS_ENDPOINT_URL,
    region: variables.AWS_REGION,
    credentials: {
      accessKeyId: variables.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: variables.AWS_SECRET_ACCESS_KEY ?? '',
    },
  });
  const { Payload } = await lambda.send(new InvokeCommand({ FunctionName: Name, Payload: '{"name":"you"}' }));
  expect(JSON.parse(Buffer.from(Payload ?? []).toString())).toBe('hello you');
  cdk('destroy', '--force');
  await expect(lambda.send(new InvokeCommand({ FunctionName: Name }))).rejects.toThrow(/not found/i);
  lambda.destroy();
});
