// Reads the CSV files of an import job row by row, as a stream, and hands what is right to a sink: a table, or nothing at all where
// files are only checked.
// Source of the rules and texts: Amazon Personalize developer guide, "Preparing training data" and "Error messages".
import { MIN_IMPORT_INTERACTIONS } from '../limits/data';
import { DATASET_RULES } from '../schemas/schema-rules';
import type { DatasetSchema, DatasetType, SchemaField } from '../schemas/types';
import { numberCell, textCell } from './cells';
import { CsvTokenizer, MalformedCsv } from './tokenizer';

/** A CSV file to read; `open` is called once, when its turn comes. */
export interface CsvFile {
  /** For messages, for example `s3://bucket/interactions.csv`. */
  readonly name: string;
  open(): Promise<AsyncIterable<Uint8Array>>;
}

export interface ImportResult {
  readonly records: number;
  readonly bytes: number;
}

/** An import, export or deletion job failed; the message is its failureReason. Nothing has been changed. */
export class DataJobFailed extends Error {
  override readonly name = 'DataJobFailed';
}

/** Takes one cell of a column. Returns what is wrong with it, undefined when nothing. */
export type CellTaker = (row: number, text: string) => string | undefined;

/** Where the rows go. */
export interface RowSink {
  /** Called for each column of the schema that a file has. */
  column(field: SchemaField): CellTaker;
  /** Starts a row; returns its number. */
  startRow(): number;
  /** All cells of the row were taken. */
  endRow(row: number): void;
}

/** Takes nothing: the files are only checked. */
const nowhere: RowSink = {
  column(field) {
    const read = field.type === 'string' ? textCell(field) : numberCell(field);
    return (_row, text) => {
      const cell = read(text);
      return typeof cell === 'object' ? cell.problem : undefined;
    };
  },
  startRow: () => 0,
  endRow: () => undefined,
};

/** So many problems are named in the failure; reading stops when there are more than MAX_PROBLEMS. */
const NAMED_PROBLEMS = 5;
const MAX_PROBLEMS = 1000;

export const importFailure = (type: DatasetType, reason: string): DataJobFailed =>
  new DataJobFailed(
    `Failed to create a data import job for ${DATASET_RULES[type].recordName} dataset. ${reason}`,
  );

/**
 * Reads the files of one job; without a sink they are only checked.
 * @throws DataJobFailed naming the first problems with file and line
 */
export async function readCsvFiles(
  schema: DatasetSchema,
  files: readonly CsvFile[],
  sink: RowSink = nowhere,
): Promise<ImportResult> {
  const reading = new CsvReading(schema, sink);
  for (const file of files) await reading.read(file);
  reading.finish();
  return { records: reading.records, bytes: reading.bytes };
}

class CsvReading {
  records = 0;
  bytes = 0;
  private readonly problems: string[] = [];
  private problemCount = 0;
  private header: readonly string[] | undefined;

  constructor(
    private readonly schema: DatasetSchema,
    private readonly sink: RowSink,
  ) {}

  async read(file: CsvFile): Promise<void> {
    const decoder = new TextDecoder('utf-8', { fatal: true });
    let takeRow: ((cells: readonly string[], line: number) => void) | undefined;
    const tokenizer = new CsvTokenizer((cells, line) => {
      if (takeRow) takeRow(cells, line);
      else takeRow = this.rowReader(file, cells);
    });
    try {
      for await (const chunk of await file.open()) {
        this.bytes += chunk.length;
        tokenizer.push(decoder.decode(chunk, { stream: true }));
        if (this.problemCount > MAX_PROBLEMS) break;
      }
      if (this.problemCount <= MAX_PROBLEMS) {
        tokenizer.push(decoder.decode());
        tokenizer.end();
      }
    } catch (error) {
      if (error instanceof MalformedCsv) throw this.failure(`${error.message} (${file.name})`);
      if ((error as NodeJS.ErrnoException).code === 'ERR_ENCODING_INVALID_ENCODED_DATA') {
        throw this.failure(`${file.name} is not UTF-8.`);
      }
      throw error;
    }
    if (takeRow === undefined) throw this.failure(`${file.name} has no header row.`);
  }

  /** Checks the header and returns what takes the rows below it. */
  private rowReader(
    file: CsvFile,
    cells: readonly string[],
  ): (cells: readonly string[], line: number) => void {
    const header = cells.map((name) => name.trim());
    this.checkHeader(file, header);
    const columns = this.schema.fields.flatMap((field) => {
      const index = header.indexOf(field.name);
      return index < 0 ? [] : [{ index, take: this.sink.column(field) }];
    });
    const { sink } = this;
    const width = header.length;
    return (row, line) => {
      if (row.length !== width) {
        this.problem(file, line, `${row.length} cells, the header has ${width}.`);
        return;
      }
      const number = sink.startRow();
      for (const { index, take } of columns) {
        const problem = take(number, row[index] as string);
        if (problem !== undefined) this.problem(file, line, problem);
      }
      this.records++;
      sink.endRow(number);
    };
  }

  private checkHeader(file: CsvFile, header: readonly string[]): void {
    if (this.header && this.header.join() !== header.join()) {
      throw this.failure(
        `${file.name} has the columns ${header.join(', ')}; the files before have ${this.header.join(', ')}. All files of a job need the same header.`,
      );
    }
    this.header = header;
    const repeated = header.find((name, index) => header.indexOf(name) !== index);
    if (repeated !== undefined) throw this.failure(`${file.name} has the column ${repeated} twice.`);
    const missing = this.schema.fields.filter((field) => !field.nullable && !header.includes(field.name));
    if (missing.length > 0) {
      throw this.failure(
        `Input CSV is missing the following columns:[${missing.map((field) => field.name).join(', ')}].`,
      );
    }
  }

  private problem(file: CsvFile, line: number, text: string): void {
    this.problemCount++;
    if (this.problems.length < NAMED_PROBLEMS) this.problems.push(`${text} (${file.name}, line ${line})`);
  }

  private failure(reason: string): DataJobFailed {
    return importFailure(this.schema.type, reason);
  }

  /** @throws DataJobFailed when any row was wrong or there are too few */
  finish(): void {
    if (this.problemCount > 0) {
      const more = this.problemCount - this.problems.length;
      const atLeast = this.problemCount > MAX_PROBLEMS ? 'at least ' : '';
      const rest = more > 0 ? ` … and ${atLeast}${more} more.` : '';
      throw this.failure(`${this.problems.join(' ')}${rest}`);
    }
    if (this.schema.type === 'INTERACTIONS' && this.records < MIN_IMPORT_INTERACTIONS) {
      throw this.failure(
        `The input has ${this.records} records; an import of interactions needs at least ${MIN_IMPORT_INTERACTIONS}.`,
      );
    }
    if (this.records === 0) throw this.failure('The input has no records.');
  }
}
