// Ratings with a header, JSON lines, and logs of events, as interactions: one record at a time, whatever its form.
import { extname } from 'node:path';
import { type Rim, UserError } from '../../command';
import { both } from '../../text';
import { noProblems, readRows, refuseProblems } from '../rows';
import type { OutputFile } from '../write';
import { linesOf } from './lines';
import { type Chosen, columnsOf, INTERACTION_COLUMNS, type InteractionColumn } from './names';
import { Table, wrong } from './tables';
import { secondsOf } from './times';

type Json = Readonly<Record<string, unknown>>;

export const isJsonLines = (file: string): boolean => /^\.(jsonl|ndjson|json|log)$/i.test(extname(file));

class Converter {
  table: Table | undefined;
  private columns: Chosen = {};
  private header: readonly InteractionColumn[] = [];

  constructor(
    private readonly file: string,
    private readonly chosen: Chosen,
    private readonly output: OutputFile,
  ) {}

  begin(names: readonly string[]): void {
    this.columns = columnsOf(this.file, names, this.chosen);
    this.header = INTERACTION_COLUMNS.filter((column) => this.columns[column] !== undefined);
    this.table = new Table('INTERACTIONS', this.header, this.output);
  }

  /** @throws UserError for a record without user, item or time */
  add(value: (name: string) => unknown, line: number): void {
    const cells = this.header.map((column) => {
      const found = value(this.columns[column] as string);
      if (column === 'TIMESTAMP') {
        const seconds = secondsOf(found);
        if (seconds === undefined)
          throw wrong(
            this.file,
            line,
            `"${found ?? ''}" is no time: seconds, milliseconds or ISO 8601 are read`,
          );
        return String(seconds);
      }
      const text = found === undefined || found === null ? '' : String(found);
      if (text === '' && column !== 'EVENT_VALUE')
        throw wrong(this.file, line, `${this.columns[column]} is empty`);
      return text;
    });
    this.table?.add(cells);
  }
}

export async function convertRecords(
  file: string,
  chosen: Chosen,
  output: OutputFile,
  rim: Rim,
): Promise<Table> {
  const converter = new Converter(file, chosen, output);
  if (isJsonLines(file)) await fromJson(file, converter, output, rim);
  else await fromCsv(file, converter, rim);
  if (!converter.table || converter.table.rows === 0) {
    throw new UserError(
      both(
        `${file} has no records. Nothing was written.`,
        `${file}에 레코드가 없습니다. 아무것도 쓰지 않았습니다.`,
      ),
    );
  }
  return converter.table;
}

async function fromCsv(file: string, converter: Converter, rim: Rim): Promise<void> {
  const problems = noProblems();
  await readRows(
    file,
    (header) => {
      converter.begin(header);
      const places = new Map(header.map((name, index) => [name, index]));
      return (cells, line) => converter.add((name) => cells[places.get(name) ?? -1], line);
    },
    problems,
    rim,
  );
  refuseProblems(problems, both('Nothing was written.', '아무것도 쓰지 않았습니다.'));
}

async function fromJson(file: string, converter: Converter, output: OutputFile, rim: Rim): Promise<void> {
  for await (const lines of linesOf(file, rim)) {
    for (const { text, number } of lines) {
      for (const record of recordsOf(parsed(file, text, number))) {
        if (!converter.table) converter.begin(Object.keys(record));
        converter.add((name) => record[name], number);
      }
    }
    if (output.isFull) await output.flush();
  }
}

function parsed(file: string, text: string, line: number): Json {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw wrong(file, line, `no JSON (${(error as Error).message}); each line has to be one object`);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  throw wrong(file, line, 'no JSON object');
}

/** A line may be a whole request of PutEvents: its events are the records then. */
function recordsOf(value: Json): readonly Json[] {
  if (!Array.isArray(value.eventList)) return [value];
  return (value.eventList as readonly Json[]).map(({ eventType, itemId, sentAt, eventValue, properties }) => {
    const { itemId: inProperties, eventValue: valueInProperties } = propertiesOf(properties);
    return {
      userId: value.userId ?? value.sessionId,
      itemId: itemId ?? inProperties,
      timestamp: sentAt,
      eventType,
      eventValue: eventValue ?? valueInProperties,
    };
  });
}

const propertiesOf = (properties: unknown): Json =>
  typeof properties === 'string' ? JSON.parse(properties) : ((properties ?? {}) as Json);
