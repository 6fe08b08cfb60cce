// npm run config:check FILE.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configCheck } from '../../../cli/commands/config-check';
import { run } from '../../../cli/run';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'config-check-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const ROLE = 'arn:aws:iam::111122223333:role/personalize';
const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/k';
const outputs = {
  DatasetGroupArn: 'arn:aws:personalize:eu-west-1:111122223333:dataset-group/g',
  BucketName: 'b',
};
const cloudFormation = {
  send: async () => ({
    Stacks: [
      {
        Outputs: Object.entries({ ...outputs, RolesForFiles: ROLE, KeysForFiles: KEY }).map(
          ([OutputKey, OutputValue]) => ({ OutputKey, OutputValue }),
        ),
      },
    ],
  }),
} as never;

async function check(text: string, ...args: string[]) {
  const file = join(folder, 'shop.json');
  writeFileSync(file, text);
  const [printed, errors]: [string[], string[]] = [[], []];
  const output = {
    now: () => 0,
    progress: (line: string) => errors.push(line),
    print: (line: string) => printed.push(line),
    printError: (line: string) => errors.push(line),
  };
  const exitCode = await run(
    [configCheck({ cloudFormation } as never)],
    ['config-check', file, ...args],
    output,
  );
  return { exitCode, out: printed.join('\n'), errors: errors.join('\n').replaceAll(folder, '') };
}

const solution = {
  serviceConfig: { name: 'likes', recipeArn: 'arn:aws:personalize:::recipe/aws-popularity-count' },
};

it('says what a good file would do', async () => {
  const { exitCode, out } = await check(JSON.stringify({ solutions: [solution] }));
  expect(exitCode).toBe(0);
  expect(out).toMatch(/shop\.json is good\. Dataset group: the gallery's own; solutions: likes\.$/);
});

it('names every fault with its line and column', async () => {
  const { exitCode, errors } = await check('{\n  "solutions": [{ "serviceConfig": {} }],\n  "filtre": []\n}');
  expect(exitCode).toBe(1);
  expect(errors).toMatch(/^\/shop\.json:2:\d+ {2}solutions\[0\]\.serviceConfig\.name: is missing/m);
  expect(errors).toMatch(/^\/shop\.json:3:\d+ {2}filtre: there is no such setting/m);
  expect(errors).toMatch(/\d faults; nothing was sent anywhere$/);
});

it('tells what will be done at the times of a file', async () => {
  const scheduled = { ...solution, workflowConfig: { schedules: { full: 'rate(7 days)' } } };
  expect((await check(JSON.stringify({ solutions: [scheduled] }))).out).toMatch(
    /solutions: likes\.\n {2}rate\(7 days\): train likes \(FULL\)$/,
  );
});

const withGroup = (serviceConfig: object) => ({
  datasetGroup: { serviceConfig: { name: 'shop', ...serviceConfig } },
  datasets: {
    interactions: {
      serviceConfig: { name: 'shop-interactions' },
      schema: {
        serviceConfig: {
          name: 'shop-interactions-schema',
          schema: {
            ...{ type: 'record', name: 'Interactions', version: '1.0' },
            namespace: 'com.amazonaws.personalize.schema',
            fields: ['USER_ID', 'ITEM_ID', 'TIMESTAMP'].map((name) => ({
              ...{ name, type: name === 'TIMESTAMP' ? 'long' : 'string' },
            })),
          },
        },
      },
    },
  },
});

it('refuses a role and a key that the deployment may not pass, at their places, and says what to do', async () => {
  const good = JSON.stringify(withGroup({ roleArn: ROLE, kmsKeyArn: KEY }));
  expect(await check(good, '--stack-prefix', 'g')).toMatchObject({ exitCode: 0, errors: '' });
  const other = JSON.stringify(withGroup({ roleArn: `${ROLE}-admin`, kmsKeyArn: `${KEY}2` }), null, 1);
  const { exitCode, errors } = await check(other, '--stack-prefix', 'g');
  expect(exitCode).toBe(1);
  expect(errors).toMatch(
    /json:5:\d+ {2}datasetGroup\.serviceConfig\.roleArn: .* may not pass .*personalize-admin.* setting rolesForFiles/,
  );
  expect(errors).toMatch(
    /json:6:\d+ {2}datasetGroup\.serviceConfig\.kmsKeyArn: .* may not use the key .*k2.* setting keysForFiles/,
  );
  // Without a deployment nobody can know, and that is said.
  expect((await check(other)).out).toMatch(/was not looked at: name one with --stack-prefix\.$/);
});

it('refuses the gallery’s own dataset group by name: its datasets are the stacks’', async () => {
  const text = JSON.stringify(withGroup({ name: 'g' }));
  const { exitCode, errors } = await check(text, '--stack-prefix', 'g');
  expect(exitCode).toBe(1);
  expect(errors).toMatch(
    /datasetGroup\.serviceConfig\.name: g is the gallery's own .* leave datasetGroup and/,
  );
});

it('gives the read configuration as JSON', async () => {
  const { out } = await check(JSON.stringify({ solutions: [solution] }), '--json');
  expect(JSON.parse(out)).toEqual({ configuration: { solutions: [solution] }, notes: [] });
});

it('writes a file of a predecessor in our own format, tells what it put right, and overwrites nothing', async () => {
  const predecessors = {
    solution: solution.serviceConfig,
    filters: [{ name: 'f', filterExpression: "INCLUDE ItemID WHERE Items.EMOTION IN ('happy')" }],
  };
  const to = join(folder, 'ours.json');
  const { exitCode, out } = await check(JSON.stringify(predecessors), '--convert', to);
  expect(exitCode).toBe(0);
  expect(out).toMatch(
    /shop\.json:1:\d+ {2}filters\[0\]\.filterExpression: texts are written in double quotes/,
  );
  const ours = {
    filters: [
      { serviceConfig: { name: 'f', filterExpression: 'INCLUDE ItemID WHERE Items.EMOTION IN ("happy")' } },
    ],
    solutions: [solution],
  };
  expect(JSON.parse(readFileSync(to, 'utf8'))).toEqual(ours);
  expect((await check(JSON.stringify(ours))).exitCode).toBe(0);
  expect(await check(JSON.stringify(ours), '--convert', to)).toMatchObject({ exitCode: 1 });
});
