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
  const exitCode = await run([configCheck], ['config-check', file, ...args], output);
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
