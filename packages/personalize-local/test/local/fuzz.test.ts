// 5,000 mutated requests: no crash, no 500, and a refused request changes nothing.
import { join } from 'node:path';
import { seededRandom } from '@emotion-gallery/local-kit/random';
import { readStore } from '@emotion-gallery/local-kit/store';
import { operations, type Shape } from '../../src/protocol/model';
import { requestOf } from './calls';
import { type Harness, startHarness } from './harness';
import { makeWorld, type World } from './world';

const REQUESTS = 5000;

/** Values that break something: types, sizes, characters, numbers. */
const ODDITIES: readonly unknown[] = [
  null,
  '',
  ' ',
  0,
  -1,
  1.7e308,
  2 ** 53,
  1.5,
  true,
  [],
  {},
  [null],
  { a: null },
  'x'.repeat(70_000),
  '\u0000',
  '💥',
  '__proto__',
  '$LATEST',
  'arn:aws:personalize:eu-central-1:123456789012:campaign/none',
  's3://bucket/key',
];

describe('mutated requests', () => {
  let h: Harness;
  let world: World;
  const random = seededRandom(4711);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;

  beforeAll(async () => {
    h = await startHarness();
    world = await makeWorld(h, 'fuzz');
  });
  afterAll(() => h.stop());

  /** A value that may well be right: known ARNs, small numbers, words. */
  function plausible(shape: Shape, name: string): unknown {
    switch (shape.kind) {
      case 'structure': {
        const members = [...shape.members].filter(([member]) => shape.required.has(member) || random() < 0.4);
        return Object.fromEntries(members.map(([member, inner]) => [member, plausible(inner, member)]));
      }
      case 'list':
        return Array.from({ length: 1 + Math.floor(random() * 3) }, () => plausible(shape.member, name));
      case 'map':
        return { [pick(['a', 'ITEMS', 'explorationWeight'])]: plausible(shape.value, name) };
      case 'number':
      case 'integer':
        return pick([0, 1, 2, 10, 100, 0.5]);
      case 'boolean':
        return random() < 0.5;
      case 'timestamp':
        return pick([0, 1_700_000_000, -5]);
      case 'string':
        return pick(shape.limits.enum ?? textsFor(name));
    }
  }

  function textsFor(name: string): readonly string[] {
    const { datasetArns, schemaArns } = world;
    const known: Record<string, readonly string[]> = {
      datasetGroupArn: [world.datasetGroupArn],
      datasetArn: Object.values(datasetArns),
      schemaArn: Object.values(schemaArns),
      solutionArn: [world.solutionArn],
      solutionVersionArn: [world.solutionVersionArn, `${world.solutionArn}/$LATEST`],
      campaignArn: [world.campaignArn],
      eventTrackerArn: [world.eventTrackerArn],
      resourceArn: [world.datasetGroupArn],
      trackingId: [world.trackingId],
      recipeArn: ['arn:aws:personalize:::recipe/aws-popularity-count'],
      roleArn: ['arn:aws:iam::123456789012:role/R'],
      properties: ['{"emotion":"happy"}', '{', '[]', '{"emotion":[]}', 'null'],
      filterExpression: ['INCLUDE ItemID WHERE Items.EMOTION IN ($X)', 'EXCLUDE ItemID WHERE (', 'INCLUDE'],
      schema: ['{}', '{"type":"record","name":"Items","fields":[]}', 'null', '[', '{"type":{}}'],
      datasetType: ['Items', 'ACTIONS', 'toString'],
    };
    return known[name] ?? ['name', 'happy', 'item-1', 'user-1', `n${Math.floor(random() * 1e6)}`];
  }

  /** Replaces one value, somewhere, by an oddity, or removes it. */
  function mutate(value: unknown): unknown {
    if (random() < 0.3 || typeof value !== 'object' || value === null) return pick(ODDITIES);
    const keys = Object.keys(value);
    if (keys.length === 0) return pick(ODDITIES);
    const copy = structuredClone(value) as Record<string, unknown>;
    const key = pick(keys);
    if (random() < 0.15) delete copy[key];
    else copy[key] = mutate(copy[key]);
    return copy;
  }

  function bodyOf(name: string): string {
    const operation = operations.get(name);
    if (!operation) throw new Error(`no operation ${name}`);
    const value = plausible(operation.input, '');
    const mutated = random() < 0.15 ? value : mutate(value);
    const text = JSON.stringify(mutated) ?? '';
    const fate = random();
    if (fate < 0.03) return text.slice(0, Math.floor(random() * text.length));
    if (fate < 0.05) return `${text}}`;
    return text;
  }

  it('are answered without a 500, and change nothing when they are refused', async () => {
    const names = [...operations.keys()].filter((name) => !name.startsWith('Delete'));
    const state = () => JSON.stringify([...readStore(join(h.dir, 'state', 'store'))('resources')]);
    const failures: string[] = [];
    const counts = { accepted: 0, refused: 0 };
    for (let i = 0; i < REQUESTS; i++) {
      const name = pick(names);
      const body = bodyOf(name);
      const before = state();
      const { status, headers } = await h.service.handle(requestOf(name, body));
      const note = () => `${name} ${status} ${headers['x-amzn-errortype'] ?? ''}: ${body.slice(0, 300)}`;
      if (status >= 500 || status === 0) failures.push(note());
      if (status === 200) counts.accepted++;
      else {
        counts.refused++;
        if (state() !== before) failures.push(`changed the state: ${note()}`);
      }
    }
    expect(failures).toEqual([]);
    expect(counts.accepted).toBeGreaterThan(100);
    expect(counts.refused).toBeGreaterThan(1000);
  });

  it('leave the service working', async () => {
    const { status } = await h.service.handle(
      requestOf('GetRecommendations', { campaignArn: world.campaignArn, userId: 'user-1' }),
    );
    expect(status).toBe(200);
  });
});
