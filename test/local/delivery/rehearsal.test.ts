// The deployment by a CI pipeline, rehearsed on localhost: the commands of the workflow, in its order, against an AWS that is empty at first.
import { execFile } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Check } from '../../../cli/checks';
import { childEnvironment } from '../../../local/start/account';
import { type LocalAws, root, startLocalAws } from '../aws/support/cli';
import { BreakableGallery, PREFIX, ringing } from './broken';
import { SkippingClock } from './skipping-clock';

jest.setTimeout(600_000);

interface Workflow {
  readonly jobs: Readonly<
    Record<string, { readonly steps: readonly { readonly run?: string; readonly uses?: string }[] }>
  >;
}

const workflow: Workflow = parse(readFileSync(join(root, '.github/workflows/deploy.yml'), 'utf8'));
const commandsOf = (job: string) => workflow.jobs[job]?.steps.flatMap(({ run }) => run ?? []) ?? [];

const clock = new SkippingClock();
let aws: LocalAws;

beforeAll(async () => {
  aws = await startLocalAws(undefined, clock);
});

afterAll(async () => {
  await aws?.dispose();
  rmSync(join(root, 'cdk.out.rehearsal'), { recursive: true, force: true });
});

/** A command as the runner's shell runs it; never rejects. The assembly goes where no other test's goes. */
function shell(command: string): Promise<{ exitCode: number; output: string; stdout: string }> {
  const env = {
    ...childEnvironment(process.env, aws.endpoint),
    // The production settings: versions, protection, retained data.
    ENVIRONMENT: 'prod',
  };
  const text = command.replaceAll('cdk.out', 'cdk.out.rehearsal');
  return new Promise((done) => {
    execFile(
      'bash',
      ['-eo', 'pipefail', '-c', text],
      { cwd: root, env, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) =>
        done({ exitCode: error ? Number(error.code ?? 1) : 0, output: stdout + stderr, stdout }),
    );
  });
}

test('the packages are installed without their scripts, in each job first', () => {
  for (const job of ['synthesize', 'deploy']) expect(commandsOf(job)[0]).toBe('npm ci --ignore-scripts');
});

test('the workflow synthesizes, looks, deploys and verifies, and each step succeeds', async () => {
  const commands = [...commandsOf('synthesize'), ...commandsOf('deploy')].filter(
    (run) => !run.startsWith('npm ci'),
  );
  expect(commands.map((run) => /cdk \w+|gallery -- \w+/.exec(run)?.[0])).toEqual([
    'cdk synth',
    'gallery -- preflight',
    'cdk deploy',
    'gallery -- verify',
  ]);
  for (const run of commands) {
    const { exitCode, output } = await shell(run);
    if (exitCode !== 0) throw new Error(`${run}\n${output}`);
  }
});

async function verified(
  options: string,
): Promise<{ exitCode: number; checks: Readonly<Record<string, Check>> }> {
  const { exitCode, stdout } = await shell(
    `npm run --silent gallery -- verify --json --stack-prefix ${PREFIX} ${options}`,
  );
  const { checks } = JSON.parse(stdout) as { checks: Check[] };
  return { exitCode, checks: Object.fromEntries(checks.map((each) => [each.name, each])) };
}

test('verify leaves nothing behind: the totals are what they were', async () => {
  const { stdout } = await shell(`npm run --silent gallery -- status --json --stack-prefix ${PREFIX}`);
  expect(JSON.parse(stdout).likes).toMatchObject({ users: 0, interactions: 0 });
});

describe('what the runbook is for', () => {
  let gallery: BreakableGallery;
  beforeAll(async () => {
    gallery = await BreakableGallery.of(aws.endpoint, clock);
  });
  afterAll(() => gallery?.close());

  test('what goes wrong rings its alarm, whose text names the entry', async () => {
    await gallery.break();
    expect(await gallery.ring()).toEqual(
      ringing.map(({ alarm, entry }) => `${alarm}: docs/runbook.md#${entry}`),
    );
  });

  test('what is mended as the entries say answers again', async () => {
    await gallery.mend();
    expect(await gallery.ask()).toBe(200);
  });
});

test('a deployment that somebody has opened or silenced is told, by an exit code too', async () => {
  const { Stacks } = await aws.endpoint.call('cloudformation', 'DescribeStacks', {
    StackName: `${PREFIX}-storage`,
  });
  const [{ Outputs } = { Outputs: [] }] = Stacks as {
    Outputs: { OutputKey: string; OutputValue: string }[];
  }[];
  const Bucket = Outputs.find(({ OutputKey }) => OutputKey === 'BucketName')?.OutputValue;
  await aws.endpoint.call('s3', 'DeletePublicAccessBlock', { Bucket });
  await aws.endpoint.call('monitoring', 'DeleteAlarms', {
    AlarmNames: [`${PREFIX}-function-errors-like-alarm`],
  });
  const { exitCode, checks } = await verified('--quick');
  expect(exitCode).toBe(1);
  expect(checks.bucket).toMatchObject({ outcome: 'fails', found: 'public access is not blocked' });
  expect(checks.alarms).toMatchObject({
    outcome: 'fails',
    found: expect.stringContaining('function-errors-like'),
  });
  expect(checks.pages).toMatchObject({ outcome: 'ok' });
});

test('preflight tells what stands in the way: names that are taken, a region without the service', async () => {
  await aws.endpoint.call('personalize', 'CreateDatasetGroup', { name: 'somebody-else' });
  const { exitCode, stdout } = await shell(
    'npm run --silent gallery -- preflight --json --context "prefix=somebody-else"',
  );
  expect(exitCode).toBe(1);
  const checks = Object.fromEntries((JSON.parse(stdout).checks as Check[]).map((each) => [each.name, each]));
  expect(checks.names).toMatchObject({ outcome: 'fails', found: 'taken: dataset group somebody-else' });
  expect(checks.credentials).toMatchObject({ outcome: 'ok' });
  expect(checks.bootstrap).toMatchObject({ outcome: 'ok' });
});
