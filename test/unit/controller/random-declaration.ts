// Declarations like those that people write, and change.
import type { Domain } from '@aws-sdk/client-personalize';
import {
  type Declaration,
  type DeclaredBatchJob,
  type DeclaredImport,
  type DeclaredSolution,
  emptyDeclaration,
} from '../../../lambda/controller/declaration';
import type { Random } from './random';

export const DEPLOYMENT = 'gallery';
export const NAME = 'shop';
export const SOURCE = 'personalize/config/shop.json';
const HOUR = 3_600_000;
const ROLE = 'arn:aws:iam::123456789012:role/personalize';

const schemaDocument = (type: string, columns: readonly string[]): string =>
  JSON.stringify({
    ...{ type: 'record', name: type, namespace: 'com.amazonaws.personalize.schema' },
    fields: columns.map((name) => ({ name, type: name.startsWith('NEW') ? ['string', 'null'] : 'string' })),
    version: '1.0',
  });

const recipes = ['aws-user-personalization-v2', 'aws-popularity-count', 'aws-similar-items'];

export interface Kind {
  /** Made by stacks, as the gallery's group is. */
  readonly isElsewhere: boolean;
  readonly domain?: Domain;
}

export function randomDeclaration(random: Random, { isElsewhere, domain }: Kind, now: number): Declaration {
  const source = { name: SOURCE, declaredAt: new Date(Math.floor(now / 1000) * 1000).toISOString() };
  const base = emptyDeclaration({ name: NAME, isMadeElsewhere: isElsewhere, domain }, DEPLOYMENT);
  if (random.chance(0.1)) return base;
  const types = isElsewhere
    ? []
    : (['Interactions', ...(random.chance(0.5) ? (['Items'] as const) : [])] as const);
  const schema = (type: string) =>
    schemaDocument(type, ['ITEM_ID', 'A', ...(random.chance(0.2) ? [random.pick(['NEW', 'B'])] : [])]);
  const solutions = [0, 1, 2].filter(() => random.chance(0.6)).map((index) => randomSolution(random, index));
  return {
    ...base,
    sources: [source],
    allowReplace: random.chance(0.4),
    datasets: types.map((type) => ({
      ...{ type, name: `shop-${type.toLowerCase()}`, source: SOURCE },
      schema: { name: `shop-${type.toLowerCase()}-schema`, document: schema(type) },
    })),
    imports: types.map(
      (type): DeclaredImport => ({
        ...{ type, name: `shop-${type.toLowerCase()}`, source: SOURCE, bucket: 'b', prefix: `${type}/` },
        ...{ mode: random.pick(['FULL', 'INCREMENTAL'] as const), roleArn: ROLE },
        schedules: random.chance(0.2) ? { full: 'rate(12 hours)' } : {},
      }),
    ),
    ...(!isElsewhere && random.chance(0.4) && { eventTracker: { name: 'shop-tracker', source: SOURCE } }),
    filters: [0, 1]
      .filter(() => random.chance(0.4))
      .map((index) => ({
        ...{ name: `shop-filter-${index}`, source: SOURCE },
        filterExpression: `INCLUDE ItemID WHERE Items.A IN ("${random.pick(['x', 'x', 'y'])}")`,
      })),
    recommenders: domain
      ? [
          {
            ...{
              name: 'shop-recommender',
              source: SOURCE,
              recipeArn: 'arn:aws:personalize:::recipe/aws-ecomm-popular-items-by-views',
            },
            recommenderConfig: { minRecommendationRequestsPerSecond: random.whole(1, 2) },
          },
        ]
      : [],
    solutions,
  };
}

function randomSolution(random: Random, index: number): DeclaredSolution {
  const name = `shop-solution-${index}`;
  const job = (): DeclaredBatchJob => ({
    ...{
      kind: 'inference',
      name: `${name}-inference-1`,
      source: SOURCE,
      input: 's3://b/in/',
      output: 's3://b/out/',
      roleArn: ROLE,
    },
    ...(random.chance(0.4) && { schedule: 'rate(1 day)' }),
  });
  const isServed = random.chance(0.7);
  return {
    ...{ name, source: SOURCE },
    settings: {
      recipeArn: `arn:aws:personalize:::recipe/${random.chance(0.9) ? recipes[index] : random.pick(recipes)}`,
      ...(random.chance(0.2) && { performAutoTraining: true }),
    },
    training: {
      mode: random.pick(['FULL', 'FULL', 'UPDATE']),
      withEachUpload: random.chance(0.5),
      ...(random.chance(0.3) && { maxAge: 6 * HOUR }),
      schedules: random.chance(0.3) ? { [random.pick(['full', 'update'])]: 'rate(1 day)' } : {},
    },
    ...(isServed && {
      gate: {
        ...{
          metric: 'normalized_discounted_cumulative_gain_at_25',
          baseline: 'shop-solution-1',
          standardErrors: 1,
        },
        ...{ minimumRatioToBaseline: 1, minimumRatioToServed: 0.95 },
      },
    }),
    campaigns: isServed
      ? [{ name: `shop-campaign-${index}`, source: SOURCE, minProvisionedTPS: random.whole(1, 2) }]
      : [],
    batchJobs: random.chance(0.2) ? [job()] : [],
  };
}
