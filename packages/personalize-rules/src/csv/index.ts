// CSV files of import jobs: splitting them into rows, and all rules of headers and cells.
export { numberCell, textCell } from './cells';
export * from './read';
export { CsvTokenizer, MalformedCsv } from './tokenizer';
