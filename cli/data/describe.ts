// data describe's work: every row of every file is read and checked, once.
import { MIN_IMPORT_INTERACTIONS } from '@emotion-gallery/personalize-rules/limits';
import { type DatasetSchema, readSchema } from '@emotion-gallery/personalize-rules/schemas';
import { type Rim, UserError } from '../command';
import { both } from '../text';
import { type CellCheck, cellCheck } from './cell-checks';
import { Column, type ColumnSummary, schemaDocument } from './columns';
import { Ids } from './ids';
import { Interactions, type InteractionsSummary } from './interactions';
import { type Kind, kindName, kindOf } from './kinds';
import { addProblem, noProblems, type Problems, readRows, type TakeRow } from './rows';

export interface FileDescription {
  readonly file: string;
  readonly kind: Kind;
  readonly rows: number;
  readonly problems: Problems;
  /** What Amazon Personalize would refuse beside single rows. */
  readonly refusals: readonly string[];
  readonly columns: readonly ColumnSummary[];
  /** A suggestion, or the one that was given. */
  readonly schema: object;
  readonly interactions?: InteractionsSummary;
  /** Ids of this file that the others do not know, and the other way round. */
  readonly against: readonly Against[];
}

export interface Against {
  readonly file: string;
  readonly what: 'users' | 'items';
  /** In this file, not in the other. */
  readonly onlyHere: number;
  readonly onlyThere: number;
}

/** A schema that is given for the files of its kind. */
export interface GivenSchema {
  readonly document: object;
  readonly schema: DatasetSchema;
}

class FileReading {
  readonly problems = noProblems();
  readonly interactions = new Interactions();
  /** Of a file of items or users. */
  readonly ids = new Ids();
  kind: Kind = 'INTERACTIONS';
  rows = 0;
  private columns: readonly Column[] = [];

  constructor(
    readonly file: string,
    private readonly given: Readonly<Partial<Record<Kind, GivenSchema>>>,
  ) {}

  async read(rim: Rim): Promise<void> {
    this.rows = await readRows(this.file, (header) => this.begin(header), this.problems, rim);
  }

  private begin(header: readonly string[]): TakeRow {
    this.kind = kindOf(this.file, header);
    const { kind, given, problems, file } = this;
    const schema = given[kind]?.schema;
    const missing = schema?.fields.find(({ name, nullable }) => !nullable && !header.includes(name));
    if (missing)
      throw new UserError(
        both(
          `${file}, line 1: the column ${missing.name} of the schema is missing`,
          `${file}, 1행: 스키마의 ${missing.name} 열이 없습니다`,
        ),
      );
    this.columns = header.map((name) => new Column(name));
    const own = new Set(header.filter((name) => !/^(USER_ID|ITEM_ID|TIMESTAMP|EVENT_TYPE)$/.test(name)));
    const checks: readonly CellCheck[] = header.map((name) => cellCheck(kind, name, schema));
    const take = kind === 'INTERACTIONS' ? this.interactionsOf(header) : this.entitiesOf(header);
    const kept = this.columns.map(({ name }) => own.has(name));
    return (cells, line) => {
      let isRight = true;
      for (let i = 0; i < checks.length; i++) {
        const cell = cells[i] as string;
        const problem = (checks[i] as CellCheck)(cell);
        if (problem !== undefined) {
          addProblem(problems, file, line, problem);
          isRight = false;
        } else if (kept[i]) (this.columns[i] as Column).add(cell);
      }
      if (isRight) take(cells, line);
    };
  }

  private interactionsOf(header: readonly string[]): TakeRow {
    const [user, item, time, type] = ['USER_ID', 'ITEM_ID', 'TIMESTAMP', 'EVENT_TYPE'].map((name) =>
      header.indexOf(name),
    ) as [number, number, number, number];
    const { interactions } = this;
    return (cells) =>
      interactions.add(
        cells[user] as string,
        cells[item] as string,
        Number(cells[time]),
        type < 0 ? undefined : cells[type],
      );
  }

  private entitiesOf(header: readonly string[]): TakeRow {
    const id = header.indexOf(this.kind === 'ITEMS' ? 'ITEM_ID' : 'USER_ID');
    return (cells, line) => {
      const known = this.ids.size;
      if (this.ids.add(cells[id] as string) < known) {
        addProblem(this.problems, this.file, line, `${cells[id]} is there already: ids must be unique`);
      }
    };
  }

  idsOf(what: 'users' | 'items'): Ids | undefined {
    if (this.kind === 'INTERACTIONS') return this.interactions[what];
    return this.kind === what.toUpperCase() ? this.ids : undefined;
  }

  describe(others: readonly FileReading[]): FileDescription {
    const { file, kind, rows, problems } = this;
    const known = ['USER_ID', 'ITEM_ID', 'TIMESTAMP', 'EVENT_TYPE'];
    const document =
      this.given[kind]?.document ??
      schemaDocument(
        kind,
        this.columns.map((column) => column.field(kind)),
      );
    const { schema, problems: faults } = readSchema(document);
    const hasRows = kind === 'INTERACTIONS' && this.interactions.users.size > 0;
    const tooFew =
      kind === 'INTERACTIONS' && rows < MIN_IMPORT_INTERACTIONS
        ? [`${rows} rows; an import of interactions needs at least ${MIN_IMPORT_INTERACTIONS}.`]
        : [];
    return {
      file,
      kind,
      rows,
      problems,
      refusals: [
        ...faults.map(({ message }) => message),
        ...tooFew,
        ...(hasRows && schema ? this.interactions.refusals(schema) : []),
      ],
      columns: this.columns.filter(({ name }) => !known.includes(name)).map(({ summary }) => summary),
      schema: document,
      ...(hasRows && { interactions: this.interactions.summary() }),
      against: others.flatMap((other) => this.against(other)),
    };
  }

  private against(other: FileReading): Against[] {
    return (['users', 'items'] as const).flatMap((what) => {
      const [here, there] = [this.idsOf(what), other.idsOf(what)];
      if (!here || !there) return [];
      let both = 0;
      for (const name of here.names()) if (there.find(name) !== undefined) both++;
      return [{ file: other.file, what, onlyHere: here.size - both, onlyThere: there.size - both }];
    });
  }
}

/**
 * @param given schemas to check by, instead of suggesting them
 * @throws UserError for a file that cannot be read or understood at all; wrong rows are in the result
 */
export async function describeFiles(
  files: readonly string[],
  given: Readonly<Partial<Record<Kind, GivenSchema>>>,
  rim: Rim,
): Promise<FileDescription[]> {
  const readings: FileReading[] = [];
  for (const file of files) {
    const reading = new FileReading(file, given);
    await reading.read(rim);
    readings.push(reading);
  }
  return readings.map((reading, index) => reading.describe(readings.slice(0, index)));
}

export const isRight = ({ problems, refusals }: FileDescription): boolean =>
  problems.count === 0 && refusals.length === 0;

export { kindName };
