// Where files lie: our own places, and those of our predecessors' instructions.
import type { Configuration } from '../../../../lambda/shared/configuration/configuration';
import { declarationOf } from '../../../../lambda/shared/configuration/declare';
import { belongsElsewhere, isConfiguration } from '../../../../lambda/shared/configuration/places';

test.each(['personalize/config/shop.json', 'params.json', 'train/films/config.json', 'train/films.json'])(
  '%s is a configuration file',
  (key) => {
    expect(isConfiguration(key)).toBe(true);
  },
);

test.each([
  'readme.txt',
  'emotions/happy/a.json',
  'personalize/data/shop/Items/a.json',
  'train/films/users.csv',
])('%s is none', (key) => {
  expect(isConfiguration(key)).toBe(false);
});

const dataset = (name: string) => ({
  serviceConfig: { name },
  schema: { serviceConfig: { name, schema: { type: 'record' } } },
});
const config: Configuration = {
  datasetGroup: { serviceConfig: { name: 'films' } },
  datasets: { interactions: dataset('clicks'), items: dataset('films') },
};
const declared = (name: string, file = config) =>
  declarationOf(file, {
    source: { name, declaredAt: '2026-11-01T00:00:00Z' },
    bucket: 'b',
    serviceRoleArn: 'r',
    galleryGroup: 'gallery',
    gate: { metric: 'm', minimumRatioToBaseline: 1, minimumRatioToServed: 1, standardErrors: 1 },
  });
const importsOf = (name: string) =>
  declared(name).imports.map(({ prefix, file }) => (file ? [prefix, file] : prefix));
const batchOf = (name: string) => {
  const recipeArn = 'arn:aws:personalize:::recipe/aws-user-personalization';
  const solution = {
    serviceConfig: { name: 'likes', recipeArn },
    batchInferenceJobs: [{ serviceConfig: {} }],
  };
  const [made] = declared(name, { ...config, solutions: [solution] }).solutions;
  return made?.batchJobs.map(({ input, output }) => [input, output]);
};

test('a file of our own has its data by dataset group and type', () => {
  expect(importsOf('personalize/config/x.json')).toEqual([
    'personalize/data/films/Interactions/',
    'personalize/data/films/Items/',
  ]);
});

test('a file in the root of the bucket has its data in the folders beside it', () => {
  expect(importsOf('params.json')).toEqual(['Interactions/', 'Items/']);
});

test('a file under train/ has its data beside it, in folders or as one file each', () => {
  expect(importsOf('train/movies/config.json')).toEqual([
    ['train/movies/interactions/', 'train/movies/interactions.csv'],
    ['train/movies/items/', 'train/movies/items.csv'],
  ]);
});

test('a batch job of a file under train/ reads and writes under batch/, one of any other file under personalize/', () => {
  expect(batchOf('train/movies/config.json')).toEqual([
    ['s3://b/batch/films/likes/job_config.json', 's3://b/batch/films/likes/likes-inference-1/'],
  ]);
  const place = 's3://b/personalize/batch/films/likes-inference-1';
  expect(batchOf('params.json')).toEqual([[`${place}/input/`, `${place}/output/`]]);
});

test.each([
  ['config/shop.json', /under personalize\/config\//],
  ['personalize/shop.json', /under personalize\/config\//],
  [
    'personalize/data/shop/interactions/likes.csv',
    /data\/<dataset group>\/<type>\/.*Interactions, Items, Users/,
  ],
  ['personalize/data/shop/likes.csv', /<dataset group>/],
  ['interactions/likes.csv', /<dataset group>/],
  ['batch/shop/people.json', /batch\/<dataset group>\/<solution>\/job_config\.json/],
  ['likes.CSV', /<dataset group>/],
  ['train/shop/Interactions/likes.csv', /<dataset group>/],
])('%s is read by nobody, and it is said where it belongs', (key, place) => {
  expect(belongsElsewhere(key)).toMatch(place);
});

test.each([
  'personalize/config/shop.json',
  'shop.json',
  'train/shop/shop.json',
  'personalize/data/shop/Action_Interactions/taken.csv',
  'Interactions/likes.csv',
  'train/shop/interactions.csv',
  'train/shop/items/all.csv',
  'personalize/batch/shop/a-inference-1/input/people.json',
  'batch/shop/likes/job_config.json',
  'batch/shop/likes/likes-inference-1/job_config.json.out',
  'personalize/exports/1/items.csv',
  'site/board.json',
  'emotions/calm/001.svg',
  'notes.txt',
])('%s is where it belongs, or nothing that anybody would read', (key) => {
  expect(belongsElsewhere(key)).toBeUndefined();
});
