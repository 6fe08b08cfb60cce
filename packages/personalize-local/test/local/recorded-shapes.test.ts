// Answers and errors in the form that recordings of the real service show: ../recorded/shapes.json has their members and
// forms, each with its source. What no recording shows is held to the API's own model: each answer has members that the model
// declares, of the types that it gives them.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { operations, type Shape } from '../../src/protocol/model';
import shapes from '../recorded/shapes.json';
import { requestOf } from './calls';
import { errorOf, type Harness, ROLE, startHarness } from './harness';
import { avro, makeWorld, recipe, SCHEMAS, settled, type World } from './world';

type Json = Readonly<Record<string, unknown>>;

let h: Harness;
let world: World;
/** The latest answer of each operation. */
const answers = new Map<string, Json>();

async function call(operation: string, input: Json): Promise<Json> {
  const answer = await h.service.call(operation, input);
  answers.set(operation, answer);
  return answer;
}

const textOf = (answer: Json, member: string): string => String(answer[member]);

/** Waits for a status of what a Describe operation shows under its only member. */
async function settledBy(operation: string, input: Json): Promise<string> {
  return settled(h, async () => {
    const [record] = Object.values(await call(operation, input)) as Json[];
    return record?.status as string;
  });
}

async function trainedBy(name: string): Promise<{ solutionArn: string; solutionVersionArn: string }> {
  const { datasetGroupArn } = world;
  const input = { name, datasetGroupArn, recipeArn: recipe(name), performAutoTraining: false };
  const solutionArn = textOf(await call('CreateSolution', input), 'solutionArn');
  await call('DescribeSolution', { solutionArn });
  const solutionVersionArn = textOf(
    await call('CreateSolutionVersion', { solutionArn }),
    'solutionVersionArn',
  );
  expect(await settledBy('DescribeSolutionVersion', { solutionVersionArn })).toBe('ACTIVE');
  return { solutionArn, solutionVersionArn };
}

async function campaignOf(name: string, solutionVersionArn: string): Promise<string> {
  const campaignArn = textOf(await call('CreateCampaign', { name, solutionVersionArn }), 'campaignArn');
  expect(await settledBy('DescribeCampaign', { campaignArn })).toBe('ACTIVE');
  return campaignArn;
}

async function jobOf(kind: 'Inference' | 'Segment', solutionVersionArn: string, line: Json): Promise<Json> {
  await mkdir(join(h.s3Dir, 'bucket', kind), { recursive: true });
  await writeFile(join(h.s3Dir, 'bucket', kind, 'in.json'), `${JSON.stringify(line)}\n`);
  const made = await call(`CreateBatch${kind}Job`, {
    jobName: kind,
    solutionVersionArn,
    roleArn: ROLE,
    jobInput: { s3DataSource: { path: `s3://bucket/${kind}/in.json` } },
    jobOutput: { s3DataDestination: { path: `s3://bucket/${kind}-out/` } },
  });
  expect(await settledBy(`DescribeBatch${kind}Job`, made)).toBe('ACTIVE');
  return JSON.parse(await readFile(join(h.s3Dir, 'bucket', `${kind}-out`, 'in.json.out'), 'utf8'));
}

let segments: Json;

beforeAll(async () => {
  h = await startHarness();
  world = await makeWorld(h, 'shapes');
  const { datasetGroupArn } = world;
  await call('CreateDatasetGroup', { name: 'other' });
  await call('ListDatasetGroups', {});
  const created = { name: 'other', schema: SCHEMAS.ITEMS };
  await call('CreateSchema', created);
  const arnOfOther = datasetGroupArn.replace('/shapes', '/other');
  await settledBy('DescribeDatasetGroup', { datasetGroupArn: arnOfOther });
  const interactions = { datasetGroupArn: arnOfOther, schemaArn: world.schemaArns.INTERACTIONS };
  const dataset = await call('CreateDataset', {
    name: 'other',
    datasetType: 'Interactions',
    ...interactions,
  });
  await call('CreateDatasetImportJob', {
    jobName: 'other',
    datasetArn: dataset.datasetArn,
    dataSource: { dataLocation: 's3://bucket/none.csv' },
    roleArn: ROLE,
  });
  await call('CreateEventTracker', { name: 'other', datasetGroupArn: arnOfOther });
  await call('ListRecipes', {});
  const { fields, name } = JSON.parse(SCHEMAS.ITEMS);
  const schema = avro(name, [...fields, { name: 'TITLE', type: ['null', 'string'] }]);
  const { schemaArn } = await call('CreateSchema', { name: 'wider', schema });
  await call('UpdateDataset', { datasetArn: world.datasetArns.ITEMS, schemaArn });
  await settledBy('DescribeDataset', { datasetArn: world.datasetArns.ITEMS });
  const ranking = await trainedBy('aws-personalized-ranking');
  const inputList = ['item-1', 'item-2', 'item-9'];
  const rankingArn = await campaignOf('ranking', ranking.solutionVersionArn);
  await call('GetPersonalizedRanking', { campaignArn: rankingArn, userId: 'user-1', inputList });
  segments = await jobOf('Segment', (await trainedBy('aws-item-affinity')).solutionVersionArn, {
    itemId: 'item-9',
  });
  const personal = await trainedBy('aws-user-personalization');
  await call('GetSolutionMetrics', { solutionVersionArn: personal.solutionVersionArn });
  await jobOf('Inference', personal.solutionVersionArn, { userId: 'user-1' });
  const campaignArn = await campaignOf('personal', personal.solutionVersionArn);
  await call('GetRecommendations', { campaignArn, userId: 'user-1' });
  await call('DeleteCampaign', { campaignArn });
  const event = { eventType: 'like', itemId: 'item-1', sentAt: 1_764_547_200 };
  const { trackingId } = world;
  await call('PutEvents', { trackingId, userId: 'user-1', sessionId: 's', eventList: [event] });
});
afterAll(() => h.stop());

const at = (answer: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((value, key) => (value as Json | undefined)?.[key], answer);

/** What is wrong with a value by the form that was recorded: a pattern, or the name of a form. */
function problemWith(value: unknown, form: string): string | undefined {
  const decimals = (most: number) =>
    typeof value === 'number' && Math.abs(value * 10 ** most - Math.round(value * 10 ** most)) < 1e-6;
  const fits: Readonly<Record<string, boolean>> = {
    boolean: typeof value === 'boolean',
    object: typeof value === 'object' && value !== null,
    // Epoch seconds with milliseconds.
    time: typeof value === 'number' && value > 1.5e9 && decimals(3),
    score: typeof value === 'number' && value > 0 && value <= 1 && decimals(7),
    metric: typeof value === 'number' && value >= 0 && decimals(4),
  };
  const right = form.startsWith('^') ? new RegExp(form).test(String(value)) : fits[form];
  return right ? undefined : `${JSON.stringify(value)} is not of the form ${form}`;
}

test.each(shapes.answers)('$operation answers as recorded on $recorded', ({ operation, members }) => {
  const answer = answers.get(operation);
  expect(answer).toBeDefined();
  const problems = Object.entries(members).flatMap(
    ([path, form]) => problemWith(at(answer, path), form as string) ?? [],
  );
  expect(problems).toEqual([]);
  if (Object.keys(members).length === 0) expect(answer).toEqual({});
});

test.each(shapes.lines)('a line of $file is as recorded on $recorded', ({ members }) => {
  const problems = Object.entries(members).flatMap(
    ([path, form]) => problemWith(at(segments, path), form) ?? [],
  );
  expect(problems).toEqual([]);
});

test('an empty answer of the events service has no body and is JSON all the same, as recorded', async () => {
  const { trackingId } = world;
  const eventList = [{ eventType: 'like', itemId: 'item-1', sentAt: 1_764_547_200 }];
  const response = await h.service.handle(requestOf('PutEvents', { trackingId, sessionId: 's', eventList }));
  expect(response).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' } });
  expect(response.body).toHaveLength(0);
});

test.each(shapes.errors)(
  '$operation refuses as recorded on $recorded',
  async ({ operation, code, message }) => {
    const { datasetGroupArn, solutionArn } = world;
    const arn =
      operation === 'DeleteDatasetGroup'
        ? datasetGroupArn.replace('/shapes', '/nowhere')
        : textOf(await h.service.call('CreateSolutionVersion', { solutionArn }), 'solutionVersionArn');
    const input = operation === 'DeleteDatasetGroup' ? { datasetGroupArn: arn } : { solutionVersionArn: arn };
    expect(await errorOf(h.service.call(operation, input))).toMatchObject({
      name: code,
      message: message.replace('{arn}', arn),
    });
  },
);

/** Where a value is not what the API's model says. */
function unlike(shape: Shape, value: unknown, path: string): string[] {
  const wrong = (is: boolean) => (is ? [] : [`${path}: ${JSON.stringify(value)} is no ${shape.kind}`]);
  switch (shape.kind) {
    case 'structure':
      return Object.entries(value as Json).flatMap(([name, inner]) => {
        const member = shape.members.get(name);
        return member ? unlike(member, inner, `${path}.${name}`) : [`${path} has a member ${name}`];
      });
    case 'list':
      return Array.isArray(value)
        ? value.flatMap((item, i) => unlike(shape.member, item, `${path}.${i}`))
        : wrong(false);
    case 'map':
      return Object.entries(value as Json).flatMap(([key, inner]) =>
        unlike(shape.value, inner, `${path}.${key}`),
      );
    case 'timestamp':
    case 'number':
      return wrong(typeof value === 'number');
    case 'integer':
      return wrong(Number.isInteger(value));
    default:
      // Patterns are for requests: the recorded name of a version has a slash, which the model's pattern does not take.
      return wrong(typeof value === shape.kind);
  }
}

test('every answer is of the API’s own model', () => {
  const problems = [...answers].flatMap(([name, answer]) => {
    const operation = operations.get(name);
    return operation ? unlike(operation.output, answer, name) : [`${name} is no operation`];
  });
  expect(problems).toEqual([]);
  expect(answers.size).toBeGreaterThanOrEqual(shapes.answers.length);
});
