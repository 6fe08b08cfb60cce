// What may go wrong in the workshop: each is told with its place and a remedy, and changes nothing.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { Workshop } from '../../../scripts/workshop/perform';

const GROUP = ['--dataset-group', 'films'];
const FILES = ['--train', 'films/interactions.train.csv', '--test', 'films/interactions.test.csv'];

let workshop: Workshop;
const call = (...words: string[]) => workshop.call([...words, '--lang', 'en']);
/** What it tells; it has to fail, and to print no result and no stack. */
async function failing(...words: string[]): Promise<string> {
  const { exitCode, out, told } = await call(...words);
  expect({ words, exitCode: exitCode > 0, out }).toEqual({ words, exitCode: true, out: '' });
  expect(told).not.toMatch(/^ {4}at /m);
  return told;
}

beforeAll(async () => {
  workshop = await Workshop.open(['CreateSolutionVersion:fail:#1']);
  await call('data', 'sample', '--out', 'films');
  await call('data', 'split', 'films/interactions.csv', '--out', 'films');
});
afterAll(() => workshop.close());

test.each([
  ['compare', '--recipes', 'sims'],
  ['serve'],
  ['batch', 'films/users.csv', '--solution', 's'],
  ['look', 'u001'],
  ['evaluate', ...FILES],
  ['remove'],
])('%s of a group that is not there names those that are, and what makes one', async (...words) => {
  expect(await failing(...words, '--dataset-group', 'nobodys')).toMatch(
    /there is no dataset group nobodys .*there are: none\. "data load" makes one/,
  );
});

describe('data load', () => {
  const nothing = async () =>
    expect(await failing('remove', ...GROUP)).toContain('there is no dataset group films');
  const load = (...files: string[]) => failing('data', 'load', ...GROUP, ...files);

  test('makes nothing of a file that is not there, or of which a row is wrong', async () => {
    expect(await load('films/interactions.csv', 'films/nowhere.csv')).toContain('there is no such file');
    writeFileSync(
      'films/wrong.csv',
      `${readFileSync('films/interactions.csv', 'utf8')}u001,f001,soon,view\n`,
    );
    const told = await load('films/wrong.csv', 'films/items.csv');
    expect(told).toContain('films/wrong.csv, line 9386: TIMESTAMP must be a whole number');
    expect(told).toContain('Nothing was made.');
    await nothing();
  });

  test('nor of two files of a kind, or with a name that is none', async () => {
    expect(await load('films/items.csv', 'films/items.csv')).toContain('one of each is loaded');
    expect(await failing('data', 'load', '--dataset-group', 'a b', 'films/items.csv')).toContain(
      '--dataset-group must be letters, digits',
    );
    await nothing();
  });

  test('of right files it makes the group', async () => {
    expect(await call('data', 'load', ...GROUP, 'films/interactions.train.csv')).toMatchObject({
      exitCode: 0,
    });
  });

  test('a file that does not fit the schema that is there is not uploaded', async () => {
    const rows = readFileSync('films/interactions.train.csv', 'utf8').replaceAll(/,(view|like)$/gm, '');
    writeFileSync('films/narrow.csv', rows.replace(',EVENT_TYPE', ''));
    const told = await load('films/narrow.csv');
    expect(told).toContain('EVENT_TYPE');
    expect(told).toContain('Nothing was uploaded.');
  });
});

test('what is missing is named with the command that makes it', async () => {
  expect(await failing('serve', ...GROUP)).toContain('films has nothing that is trained; "compare" trains');
  expect(await failing('look', 'u001', ...GROUP)).toContain('no campaign that is up; "serve" makes some');
  expect(await failing('evaluate', ...GROUP, ...FILES)).toContain('no campaign that is up');
  expect(await failing('batch', 'films/users.csv', ...GROUP, '--solution', 'films-sims')).toMatch(
    /films has no solution films-sims; there are: none; "compare" makes some/,
  );
});

test('a recipe and a metric that there are not are told with those that there are', async () => {
  expect(await failing('compare', ...GROUP, '--recipes', 'telepathy')).toMatch(
    /there is no recipe telepathy; there are: .*aws-sims/,
  );
  expect(await failing('evaluate', ...GROUP, ...FILES, '--by', 'taste')).toContain(
    '--by must be one of hr@5',
  );
});

test('a training that fails is told with its reason beside those that did not, and the same command trains it again', async () => {
  const words = ['compare', ...GROUP, '--recipes', 'sims,popularity-count'];
  const failed = await call(...words);
  expect(failed.exitCode).toBe(1);
  expect(failed.out).toMatch(
    /the training of films-sims failed: .+\nOnce the cause is gone, run the same command again/,
  );
  expect(failed.out).toContain('Best by ndcg@10: films-popularity-count');
  expect(await call(...words)).toMatchObject({ exitCode: 0 });
  expect(await call('serve', ...GROUP, '--solutions', 'films-popularity-count')).toMatchObject({
    exitCode: 0,
  });
});

test('batch names the row that has no id, and writes nothing', async () => {
  writeFileSync('films/ids.csv', 'USER_ID,AGE\nu001,3\n,4\n');
  const batch = ['batch', 'films/ids.csv', ...GROUP, '--solution', 'films-popularity-count'];
  expect(await failing(...batch, '--out', 'films/lists.csv')).toBe(
    'films/ids.csv, line 3: USER_ID is empty\nNo batch job was started.',
  );
  expect(await failing('batch', 'films/items.csv', ...batch.slice(2))).toContain(
    'there is no column USER_ID',
  );
  expect(await failing(...batch, '--all')).toContain('either a file says for whom, or --all');
  expect(existsSync('films/lists.csv')).toBe(false);
});

test('unknown users are answered for, and told', async () => {
  const { exitCode, told } = await call(
    'look',
    'nobody',
    ...GROUP,
    '--history',
    'films/interactions.train.csv',
  );
  expect({ exitCode, told }).toMatchObject({
    exitCode: 0,
    told: expect.stringContaining('nobody is not in'),
  });
});

test('evaluate tells files that do not belong together, and what is no earlier evaluation', async () => {
  const rows = readFileSync('films/interactions.test.csv', 'utf8').replaceAll(/^u/gm, 'x');
  writeFileSync('films/strangers.csv', rows);
  const strangers = ['--train', 'films/interactions.train.csv', '--test', 'films/strangers.csv'];
  expect(await failing('evaluate', ...GROUP, ...strangers)).toContain('are both parts of one "data split"?');
  expect(await failing('evaluate', ...GROUP, ...FILES, '--against', 'films/items.csv')).toContain(
    'is no evaluation that "evaluate --save" wrote',
  );
});

test('evaluate does not mind the order of its files', async () => {
  const systems = async (test: string) => {
    const files = ['--train', 'films/interactions.train.csv', '--test', test];
    const { out } = await call('evaluate', ...GROUP, ...files, '--json');
    return JSON.parse(out).systems.filter(({ name }: { name: string }) => name !== 'random');
  };
  const [header, ...rows] = readFileSync('films/interactions.test.csv', 'utf8').trim().split('\n');
  writeFileSync('films/backwards.csv', `${[header, ...rows.reverse()].join('\n')}\n`);
  const round = (value: unknown) =>
    JSON.parse(JSON.stringify(value), (_, each) =>
      typeof each === 'number' ? Number(each.toFixed(9)) : each,
    );
  expect(round(await systems('films/backwards.csv'))).toEqual(
    round(await systems('films/interactions.test.csv')),
  );
});
