// CSV text into rows, whatever the chunks.
import fc from 'fast-check';
import { CsvTokenizer, MalformedCsv } from '../../src/csv';

function rowsOf(text: string, chunkSize = text.length || 1): { cells: string[]; line: number }[] {
  const rows: { cells: string[]; line: number }[] = [];
  const tokenizer = new CsvTokenizer((cells, line) => rows.push({ cells: [...cells], line }));
  for (let i = 0; i < text.length; i += chunkSize) tokenizer.push(text.slice(i, i + chunkSize));
  tokenizer.end();
  return rows;
}

const cellsOf = (text: string, chunkSize?: number) => rowsOf(text, chunkSize).map(({ cells }) => cells);

test('rows end with a newline, a carriage return and newline, or the text', () => {
  expect(cellsOf('a,b\nc,d\r\ne,f')).toEqual([
    ['a', 'b'],
    ['c', 'd'],
    ['e', 'f'],
  ]);
});

test('empty cells are kept, blank lines are not rows', () => {
  expect(cellsOf('a,,\n\n,b,\r\n\r\n')).toEqual([
    ['a', '', ''],
    ['', 'b', ''],
  ]);
});

test('quoted cells may have commas, newlines, and quotes escaped by a backslash or doubled', () => {
  expect(cellsOf('1,"a, b"\n2,"x\ny"\n3,"say \\"hi\\" and ""bye"""\n4,"back\\\\slash \\n"\r\n')).toEqual([
    ['1', 'a, b'],
    ['2', 'x\ny'],
    ['3', 'say "hi" and "bye"'],
    ['4', 'back\\slash \\n'],
  ]);
});

test('a quote inside an unquoted cell is an ordinary character', () => {
  expect(cellsOf('a"b,c\n')).toEqual([['a"b', 'c']]);
});

test('rows know the line on which they start', () => {
  expect(rowsOf('a\n"x\ny"\n\nb').map(({ line }) => line)).toEqual([1, 2, 5]);
});

test('an unclosed quote and text after a closing quote are named with their line', () => {
  expect(() => rowsOf('a\n"b\nc')).toThrow(new MalformedCsv('Line 2: a quote is not closed.'));
  expect(() => rowsOf('a\nb,"c"d\n')).toThrow(new MalformedCsv('Line 2: text after a closing quote.'));
});

const cell = fc.string({ unit: fc.constantFrom('a', 'é', '"', '\\', ',', '\n', '\r', ' '), maxLength: 6 });
const quoted = (text: string) => `"${text.replaceAll(/[\\"]/g, '\\$&')}"`;

test('any cells come back as they were written, for every size of chunk', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 5 }),
      fc.integer({ min: 1, max: 7 }),
      fc.constantFrom('\n', '\r\n'),
      (rows, chunkSize, newline) => {
        const text = rows.map((row) => `${row.map(quoted).join(',')}${newline}`).join('');
        expect(cellsOf(text, chunkSize)).toEqual(rows);
      },
    ),
    { numRuns: 300 },
  );
});
