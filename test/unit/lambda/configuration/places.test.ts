// Where files lie: our own places, and those of our predecessors' instructions.
import type { Configuration } from '../../../../lambda/shared/configuration/configuration';
import { declarationOf } from '../../../../lambda/shared/configuration/declare';
import { isConfiguration } from '../../../../lambda/shared/configuration/places';

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
const importsOf = (name: string) =>
  declarationOf(config, {
    source: { name, declaredAt: '2026-11-01T00:00:00Z' },
    bucket: 'b',
    serviceRoleArn: 'r',
    galleryGroup: 'gallery',
    gate: { metric: 'm', minimumRatioToBaseline: 1, minimumRatioToServed: 1, standardErrors: 1 },
  }).imports.map(({ prefix, file }) => (file ? [prefix, file] : prefix));

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
