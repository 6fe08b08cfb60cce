// The catalogues: complete in both languages, right in the plural.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { en } from '../../../enabler-web/i18n/en';
import { ko } from '../../../enabler-web/i18n/ko';
import { chooseLanguage, storeLanguage } from '../../../enabler-web/i18n/language';
import { createMemoryStore } from '../../../enabler-web/likes/storage';

/** Every text of a catalogue by its path; functions are called with plain numbers. */
function texts(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value === 'function') return [[path, String(value(1, 2, 3))]];
  return Object.entries(value as object).flatMap(([key, inner]) => texts(inner, `${path}.${key}`));
}

test('both languages have the same texts, none of them empty', () => {
  expect(texts(ko).map(([path]) => path)).toEqual(texts(en).map(([path]) => path));
  for (const [, text] of [...texts(en), ...texts(ko)]) expect(text.trim()).not.toBe('');
});

test('the Korean catalogue is in Korean', () => {
  const keysOnly = /^\.shortcuts\.\d\.0$/;
  const foreign = texts(ko).filter(([path, text]) => !keysOnly.test(path) && !/[가-힣]/.test(text));
  expect(foreign).toEqual([]);
});

test('each reason for which the catalogue refuses a file has its Korean words', () => {
  const folder = join(__dirname, '../../../lambda/catalog');
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(folder, name), 'utf8'));
  const thrown = sources.flatMap((source) => [
    ...source.matchAll(/new RefusedPicture\(\s*['`]([^'`]+)['`]/g),
    ...source.matchAll(/^ {2}\w+: '(\w+ cannot be read[^']+)'/gm),
    ...source.matchAll(/^const NO_PICTURE = '([^']+)'/gm),
  ]);
  const reasons = thrown.map(([, reason = '']) => reason.replaceAll(/\$\{(?:[^{}]|\{[^}]*\})*\}/g, '7'));
  expect(reasons.length).toBeGreaterThan(15);
  const { refusal } = ko.console.curation;
  expect(reasons.filter((reason) => /영문|\$/.test(refusal(reason)))).toEqual([]);
  expect(refusal('6000 by 9000 pixels, more than 50 million: make it smaller')).toContain('6000×9000픽셀');
  expect(refusal('something new')).toBe('something new (영문)');
});

test.each([
  [1, 1, 'Still missing: 1 person with two likes and 1 like.'],
  [12, 1430, 'Still missing: 12 people with two likes each and 1,430 likes.'],
  [0, 3, 'Still missing: 3 likes.'],
  [2, 0, 'Still missing: 2 people with two likes each.'],
])('%i people and %i likes missing are said in proper English', (people, likes, words) => {
  expect(en.missing(people, likes)).toBe(words);
});

test('a number beyond the minimum is not said to be one of it', () => {
  expect(en.ofMinimum(120, 1000)).toBe('120 of 1,000');
  expect(en.ofMinimum(1200, 1000)).toBe('1,200 (1,000 needed)');
  expect(ko.ofMinimum(30, 25)).toBe('30 (최소 25)');
});

test('Korean says what is missing with counters', () => {
  expect(ko.missing(12, 1430)).toBe('아직 필요해요: 좋아요를 두 번 이상 누른 사람 12명, 좋아요 1,430개.');
});

test.each([
  [['ko-KR', 'en'], 'ko'],
  [['fr', 'ko'], 'ko'],
  [['de-DE'], 'en'],
  [[], 'en'],
])('a browser that prefers %j gets %s', (preferred, language) => {
  expect(chooseLanguage(createMemoryStore(), preferred)).toBe(language);
});

test('a choice wins over the browser', () => {
  const store = createMemoryStore();
  storeLanguage(store, 'en');
  expect(chooseLanguage(store, ['ko'])).toBe('en');
});
