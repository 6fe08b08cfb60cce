// What a column's cells are like, and the schema that follows from it: a suggestion, to be edited.
import { MAX_CATEGORICAL_LENGTH } from '@emotion-gallery/personalize-rules/schemas';
import { type Kind, knownColumns } from './kinds';

/** More different values than this are only counted up to here. */
const MOST_VALUES = 10_000;
/** A string column of which more than this share is different names things, and is no category. */
const NAMES_FROM = 0.5;
/** Characters from which a column is text to be read. */
const TEXT_FROM = 200;
const WHOLE = /^[+-]?\d{1,15}$/;
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const INT_MAX = 2 ** 31 - 1;

type Scalar = 'string' | 'int' | 'long' | 'float' | 'double' | 'boolean';

export interface ColumnSummary {
  readonly name: string;
  readonly empty: number;
  /** Counted up to MOST_VALUES. */
  readonly values: number;
  readonly examples: readonly string[];
}

export interface SuggestedField {
  readonly name: string;
  readonly type: Scalar | readonly ['null', Scalar];
  readonly categorical?: true;
}

export class Column {
  private empty = 0;
  private cells = 0;
  private longest = 0;
  private isWhole = true;
  private isInt = true;
  private isNumber = true;
  private isBoolean = true;
  private hasParts = false;
  private readonly values = new Map<string, number>();

  constructor(readonly name: string) {}

  add(text: string): void {
    if (text === '') {
      this.empty++;
      return;
    }
    this.cells++;
    if (text.length > this.longest) this.longest = text.length;
    const known = this.values.get(text);
    if (known !== undefined) this.values.set(text, known + 1);
    else {
      if (this.values.size < MOST_VALUES) {
        this.values.set(Buffer.from(text, 'utf16le').toString('utf16le'), 1);
      }
      this.learn(text);
    }
  }

  private learn(text: string): void {
    if (this.isWhole && !WHOLE.test(text)) this.isWhole = false;
    if (this.isWhole && Math.abs(Number(text)) > INT_MAX) this.isInt = false;
    if (this.isNumber && !DECIMAL.test(text)) this.isNumber = false;
    if (this.isBoolean && !/^(true|false)$/i.test(text)) this.isBoolean = false;
    if (text.includes('|')) this.hasParts = true;
  }

  get summary(): ColumnSummary {
    return {
      name: this.name,
      empty: this.empty,
      values: this.values.size,
      examples: [...this.values.keys()].slice(0, 3).map((text) => text.slice(0, 40)),
    };
  }

  /** Most frequent first. */
  get frequencies(): { readonly value: string; readonly count: number }[] {
    return [...this.values]
      .map(([value, count]) => ({ value, count }))
      .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
  }

  field(kind: Kind): SuggestedField {
    const rule = knownColumns(kind).find(({ name }) => name === this.name);
    if (rule) {
      const [type = 'string'] = rule.types;
      return { name: this.name, type: rule.nullable ? ['null', type] : type };
    }
    const type = this.scalar();
    if (type !== 'string') return { name: this.name, type: ['null', type] };
    const isName = !this.hasParts && this.values.size > NAMES_FROM * this.cells;
    const isText = this.longest > TEXT_FROM;
    return {
      name: this.name,
      type: ['null', type],
      ...(!isName && !isText && this.longest <= MAX_CATEGORICAL_LENGTH && { categorical: true as const }),
    };
  }

  private scalar(): Scalar {
    if (this.cells === 0) return 'string';
    if (this.isBoolean) return 'boolean';
    if (this.isWhole) return this.isInt ? 'int' : 'long';
    return this.isNumber ? 'float' : 'string';
  }
}

const RECORD = { INTERACTIONS: 'Interactions', ITEMS: 'Items', USERS: 'Users' } as const;

/** The Avro document that CreateSchema takes. */
export const schemaDocument = (kind: Kind, fields: readonly SuggestedField[]) => ({
  type: 'record',
  name: RECORD[kind],
  namespace: 'com.amazonaws.personalize.schema',
  fields,
  version: '1.0',
});
