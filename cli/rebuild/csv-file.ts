// A CSV file with exactly the columns of a dataset's schema, written row by row.
import { type FileHandle, open } from 'node:fs/promises';
import { UserError } from '../command';
import type { Row } from './rows';

export interface Column {
  readonly name: string;
  readonly nullable: boolean;
}

/** As Amazon Personalize reads it: quotes only where they must be, with `\` before quotes and backslashes. */
const cell = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll(/[\\"]/g, '\\$&')}"` : text);

/** Characters that are kept before they are written. */
const CHUNK = 1 << 16;

export class CsvFile {
  rows = 0;
  private chunk: string;

  private constructor(
    readonly path: string,
    private readonly file: FileHandle,
    /** Of the dataset, for errors. */
    private readonly name: string,
    private readonly columns: readonly Column[],
  ) {
    this.chunk = `${columns.map((column) => column.name).join(',')}\n`;
  }

  static async create(path: string, name: string, columns: readonly Column[]): Promise<CsvFile> {
    return new CsvFile(path, await open(path, 'w'), name, columns);
  }

  /** @throws UserError when a column that must not be empty is; whatever the disk fails with */
  async add(row: Row): Promise<void> {
    const cells = this.columns.map(({ name, nullable }) => {
      const value = row[name] ?? '';
      if (value === '' && !nullable) throw this.missing(name, row);
      return cell(value);
    });
    this.rows += 1;
    this.chunk += `${cells.join(',')}\n`;
    if (this.chunk.length >= CHUNK) await this.write();
  }

  private async write(): Promise<void> {
    await this.file.appendFile(this.chunk);
    this.chunk = '';
  }

  private missing(column: string, row: Row): UserError {
    const problem =
      column in row
        ? `${column} of ${row.ITEM_ID ?? row.USER_ID} is empty in the table, and the schema does not let it be null`
        : `the schema requires ${column}, which the tables do not have`;
    return new UserError(`${this.name}: ${problem}. Nothing was uploaded.`);
  }

  /** Writes what is left. */
  async close(): Promise<void> {
    try {
      await this.write();
    } finally {
      await this.file.close();
    }
  }
}
