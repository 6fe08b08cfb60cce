// What a converter makes: a table for each dataset, and their suggested schemas.
import { basename } from 'node:path';
import { UserError } from '../../command';
import { Column, schemaDocument } from '../columns';
import { type Kind, kindName } from '../kinds';
import type { OutputFile } from '../write';
import { csvLine } from '../write';

/** A table that is written row by row. */
export class Table {
  rows = 0;
  private readonly columns: readonly Column[];

  constructor(
    readonly kind: Kind,
    header: readonly string[],
    readonly output: OutputFile,
  ) {
    this.columns = header.map((name) => new Column(name));
    output.add(csvLine(header));
  }

  add(cells: readonly string[]): void {
    this.rows++;
    for (const [index, column] of this.columns.entries()) column.add(cells[index] ?? '');
    this.output.add(csvLine(cells));
  }

  get schema(): object {
    return schemaDocument(
      this.kind,
      this.columns.map((column) => column.field(this.kind)),
    );
  }
}

export const fileNames = (kind: Kind): readonly [string, string] => [
  `${kindName(kind)}.csv`,
  `${kindName(kind)}.schema.json`,
];

export const wrong = (file: string, line: number, text: string): UserError =>
  new UserError(`${basename(file)}, line ${line}: ${text}. Nothing was written.`);
