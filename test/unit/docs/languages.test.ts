// Documents that there are in Korean too say the same in both languages: as many headings of the same rank, the same commands,
// code and figures, the same tables, the same links.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../../..');
const KOREAN = [
  'README.ko.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true }).map((name) => join('docs', String(name))),
]
  .filter((name) => name.endsWith('.ko.md') && existsSync(join(ROOT, name)))
  .sort();
const english = (name: string) => name.replace(/\.ko\.md$/, '.md');

const withoutBlocks = (text: string) => text.replaceAll(/```[\s\S]*?```/g, '');
/** Code for a shell or a file, without comments; what a command prints is in the reader's language. */
const code = (text: string) =>
  [...text.matchAll(/```(\w+)\n([\s\S]*?)```/g)]
    .filter(([, kind]) => kind !== 'text')
    .map(([, kind, body = '']) => `${kind}\n${body.replaceAll(/\s+#.*$/gm, '')}`);
const spans = (text: string) =>
  [...withoutBlocks(text).matchAll(/`([^`\n]+)`/g)].map(([, span]) => span).sort();
/** Numbers of three digits or more, or with a decimal point: smaller ones may be words in one language. */
const figures = (text: string) =>
  [...withoutBlocks(text).matchAll(/(?<![\w.-])\d[\d,]*(?:\.\d+)?/g)]
    .map(([figure]) => figure.replace(/,$/, ''))
    .filter((figure) => /\.|\d{3}/.test(figure))
    .sort();
const headings = (text: string) => [...withoutBlocks(text).matchAll(/^(#+) /gm)].map(([, marks]) => marks);
/** Cells by row of all tables. */
const tables = (text: string) =>
  withoutBlocks(text)
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.replaceAll(/`[^`]*`/g, '').split('|').length);
/** A Korean document leads to Korean ones where there are some. */
const links = (text: string) =>
  [...withoutBlocks(text).matchAll(/\]\(([^)]+)\)/g)]
    .map(([, target = '']) => target.replace(/#.*$/, '').replace(/\.ko\.md$/, '.md'))
    .sort();

const read = (name: string) => readFileSync(join(ROOT, name), 'utf8');

test('there are Korean documents', () => expect(KOREAN.length).toBeGreaterThan(8));

describe.each(KOREAN)('%s', (name) => {
  const [korean, original] = [read(name), read(english(name))];

  test.each([
    ['headings', headings],
    ['commands and code', code],
    ['names in code', spans],
    ['figures', figures],
    ['tables', tables],
  ])('has the same %s as the English document', (_, of) => expect(of(korean)).toEqual(of(original)));

  test('has the same links, and each leads to something', () => {
    // Each leads to itself in the other language.
    const others = (text: string) => links(text).filter((target) => !english(name).endsWith(target));
    expect(others(korean)).toEqual(others(original));
    const folder = join(ROOT, name, '..');
    for (const [, target = ''] of korean.matchAll(/\]\(([^)#]+)[^)]*\)/g)) {
      if (!target.startsWith('http'))
        expect({ target, exists: existsSync(join(folder, target)) }).toEqual({ target, exists: true });
    }
  });
});
