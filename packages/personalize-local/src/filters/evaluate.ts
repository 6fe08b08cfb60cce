// Evaluates a checked filter for one request: each condition is one pass over a column and marks the ids that meet it;
// AND, OR, INCLUDE and EXCLUDE combine the marks. The last mark stands for ids that the dataset group does not know.
import {
  type BoundFields,
  type Comparison,
  type Condition,
  type Expression,
  type FilterTarget,
  InvalidFilterValues,
  type Operand,
  parseFilterValue,
} from '@emotion-gallery/personalize-rules/filters';
import type { SchemaField } from '@emotion-gallery/personalize-rules/schemas';
import type { DatasetGroupData, EntityColumns, IdDictionary } from '../data';
import type { FilterRequest, IdSet } from './types';

/** Interactions of a user that filters look at, per event type. Source: developer guide, "Filter expressions". */
const LATEST_INTERACTIONS = 100;
const LATEST_ACTION_INTERACTIONS = 300;

type Marks = Uint8Array;

/** Values that a condition compares with; `any` is the asterisk. */
interface ConditionValues {
  readonly texts: readonly string[];
  readonly any: boolean;
}

const ENTITIES = { ITEM: 'ITEMS', USER: 'USERS', ACTION: 'ACTIONS' } as const;

export function evaluateFilter(
  expressions: readonly Expression[],
  fields: BoundFields,
  request: FilterRequest,
): IdSet {
  const evaluation = new Evaluation(expressions[0]?.target ?? 'ITEM', fields, request);
  return evaluation.run(expressions);
}

class Evaluation {
  private readonly columns: EntityColumns | undefined;
  private readonly ids: IdDictionary | undefined;
  private readonly size: number;

  constructor(
    private readonly target: FilterTarget,
    private readonly fields: BoundFields,
    private readonly request: FilterRequest,
  ) {
    const { data } = request;
    this.columns = data.entityColumns(ENTITIES[target]);
    const index = data.interactionIndex(target === 'ACTION' ? 'ACTION_INTERACTIONS' : 'INTERACTIONS');
    this.ids = this.columns?.ids ?? (target === 'USER' ? index?.users : index?.targets);
    this.size = this.ids?.size ?? 0;
  }

  run(expressions: readonly Expression[]): IdSet {
    this.requireParameters(expressions);
    const included: Marks[] = [];
    const excluded: Marks[] = [];
    for (const expression of expressions) {
      const marks = this.expression(expression);
      if (marks) (expression.action === 'INCLUDE' ? included : excluded).push(marks);
    }
    const allowed =
      included.length === 0 ? new Uint8Array(this.size + 1).fill(1) : union(included, this.size + 1);
    for (const marks of excluded) for (let i = 0; i <= this.size; i++) if (marks[i]) allowed[i] = 0;
    return this.idSet(allowed);
  }

  private idSet(allowed: Marks): IdSet {
    const { ids, size, target } = this;
    const { data } = this.request;
    return {
      has: (id) => allowed[Math.min(ids?.code(id) ?? size, size)] === 1,
      *ids() {
        for (let code = 0; ids && code < size; code++) {
          if (allowed[code] === 1 && isKnown(data, target, ids.id(code))) yield ids.id(code);
        }
      },
    };
  }

  /** @throws InvalidFilterValues when an INCLUDE lacks a value, whether or not its IF holds */
  private requireParameters(expressions: readonly Expression[]): void {
    for (const { action, where, when } of expressions) {
      if (action !== 'INCLUDE') continue;
      for (const operand of [...where.flat(), ...when].flatMap(({ operands }) => operands)) {
        if (operand.kind !== 'parameter' || Object.hasOwn(this.request.values ?? {}, operand.name)) continue;
        throw new InvalidFilterValues(
          `The filter needs a value for the parameter ${operand.name}: all parameters of an INCLUDE must be given in filterValues.`,
        );
      }
    }
  }

  /** Undefined when the expression does not apply: its IF does not hold, or its values were left out of an EXCLUDE. */
  private expression(expression: Expression): Marks | undefined {
    const { when, where } = expression;
    for (const condition of when) {
      const values = this.values(condition);
      if (values === undefined || !this.userMeets(condition, values)) return undefined;
    }
    const alternatives = where.flatMap((conditions) => {
      const parts = conditions.flatMap((condition) => {
        const values = this.values(condition);
        return values ? [this.marks(condition, values)] : [];
      });
      return parts.length > 0 ? [intersection(parts, this.size + 1)] : [];
    });
    return alternatives.length > 0 ? union(alternatives, this.size + 1) : undefined;
  }

  /** Undefined when a parameter was not given. @throws InvalidFilterValues */
  private values(condition: Condition): ConditionValues | undefined {
    const column = this.fields.bind(condition.field);
    const texts: string[] = [];
    let any = false;
    for (const operand of condition.operands) {
      if (operand.kind === 'any') any = true;
      else if (operand.kind === 'text') texts.push(operand.value);
      else if (operand.kind === 'number') texts.push(String(operand.value));
      else if (operand.kind === 'field') texts.push(...this.currentItem(operand));
      else {
        const given = this.parameter(operand.name, column);
        if (given === undefined) return undefined;
        if (given.length > 1 && condition.operator !== 'IN') {
          throw new InvalidFilterValues(
            `Filter value for parameter ${operand.name} must be one value, because it is compared by ${condition.operator}; ${given.length} were given.`,
          );
        }
        texts.push(...given);
      }
    }
    return { texts, any: any || (isInteraction(condition) && texts.includes('*')) };
  }

  private parameter(name: string, column: SchemaField): string[] | undefined {
    const raw = this.request.values;
    if (raw === undefined || !Object.hasOwn(raw, name)) return undefined;
    return parseFilterValue(name, raw[name] as string, column.name, column.type === 'string');
  }

  private currentItem(operand: Extract<Operand, { kind: 'field' }>): string[] {
    const { data, itemId } = this.request;
    if (itemId === undefined) {
      throw new InvalidFilterValues('The filter uses CurrentItem: the request needs an itemId.');
    }
    const value = data.metadata('ITEMS', itemId)?.[this.fields.bind(operand.field).name];
    if (value === undefined) return [];
    return typeof value === 'string' ? [...new Set([value, ...value.split('|')])] : [String(value)];
  }

  private userMeets(condition: Condition, values: ConditionValues): boolean {
    const { data, userId } = this.request;
    const column = this.fields.bind(condition.field);
    const value = userId === undefined ? undefined : data.metadata('USERS', userId)?.[column.name];
    if (column.type !== 'string') {
      return meetsNumber(condition.operator, typeof value === 'number' ? value : Number.NaN, values.texts);
    }
    const parts = typeof value === 'string' ? [value, ...value.split('|')] : [];
    const equal = values.texts.some((text) => parts.includes(text));
    return isNegated(condition.operator) ? !equal : equal;
  }

  private marks(condition: Condition, values: ConditionValues): Marks {
    const { source } = condition.field;
    if (source === 'INTERACTIONS' || source === 'ACTION_INTERACTIONS') {
      return this.interactionMarks(source, condition, values);
    }
    const column = this.fields.bind(condition.field);
    return column.type === 'string'
      ? this.stringMarks(column.name, isNegated(condition.operator), values.texts)
      : this.numberMarks(column.name, condition.operator, values.texts);
  }

  private stringMarks(column: string, negated: boolean, texts: readonly string[]): Marks {
    const marks = new Uint8Array(this.size + 1);
    const cells = this.columns?.strings(column);
    const matching = cells?.marks(texts);
    const [equal, other] = negated ? [0, 1] : [1, 0];
    if (negated) marks.fill(1);
    const { codes } = cells ?? { codes: new Int32Array(0) };
    for (let code = 0; code < codes.length; code++) {
      const cell = codes[code] as number;
      marks[code] = cell >= 0 && matching?.[cell] === 1 ? equal : other;
    }
    return marks;
  }

  private numberMarks(column: string, operator: Condition['operator'], texts: readonly string[]): Marks {
    const marks = new Uint8Array(this.size + 1);
    const cells = this.columns?.numbers(column);
    const meets = numberTest(operator, texts);
    if (meets(Number.NaN)) marks.fill(1);
    const { values } = cells ?? { values: new Float64Array(0) };
    for (let code = 0; code < values.length; code++) marks[code] = meets(values[code] as number) ? 1 : 0;
    return marks;
  }

  private interactionMarks(
    source: 'INTERACTIONS' | 'ACTION_INTERACTIONS',
    condition: Condition,
    values: ConditionValues,
  ): Marks {
    const marks = new Uint8Array(this.size + 1);
    const types = new Set(values.texts.map((text) => text.toLowerCase()));
    const negated = isNegated(condition.operator);
    const matches = (type: string) => (values.any || types.has(type.toLowerCase())) !== negated;
    const test = values.any && !negated ? undefined : matches;
    const index = this.request.data.interactionIndex(source);
    if (this.target === 'USER') {
      for (const user of index?.usersWith(test) ?? []) marks[user] = 1;
    } else if (this.request.userId !== undefined) {
      const limit = source === 'INTERACTIONS' ? LATEST_INTERACTIONS : LATEST_ACTION_INTERACTIONS;
      for (const code of index?.targetsOf(this.request.userId, limit, test) ?? []) marks[code] = 1;
    }
    return marks;
  }
}

const isInteraction = ({ field }: Condition): boolean => field.source === 'INTERACTIONS';

const isNegated = (operator: Condition['operator']): boolean => operator === 'NOT IN' || operator === '!=';

const isKnown = (data: DatasetGroupData, target: FilterTarget, id: string): boolean => {
  if (target === 'USER') return data.hasUser(id);
  return target === 'ITEM' ? data.hasItem(id) : data.metadata('ACTIONS', id) !== undefined;
};

function union(parts: readonly Marks[], size: number): Marks {
  const marks = new Uint8Array(size);
  for (const part of parts) for (let i = 0; i < size; i++) if (part[i]) marks[i] = 1;
  return marks;
}

function intersection(parts: readonly Marks[], size: number): Marks {
  const marks = new Uint8Array(size).fill(1);
  for (const part of parts) for (let i = 0; i < size; i++) if (!part[i]) marks[i] = 0;
  return marks;
}

const meetsNumber = (operator: Condition['operator'], value: number, texts: readonly string[]): boolean =>
  numberTest(operator, texts)(value);

/** A null (NaN) meets NOT IN and nothing else; a comparison with nothing (CurrentItem without the field) is never met. */
function numberTest(operator: Condition['operator'], texts: readonly string[]): (value: number) => boolean {
  const numbers = new Set(texts.map(Number));
  if (operator === 'IN') return (value) => numbers.has(value) && !Number.isNaN(value);
  if (operator === 'NOT IN') return (value) => !numbers.has(value);
  const [number] = numbers;
  if (number === undefined) return () => false;
  const compare = COMPARE[operator];
  return (value) => !Number.isNaN(value) && compare(value, number);
}

const COMPARE: Readonly<Record<Comparison, (a: number, b: number) => boolean>> = {
  '=': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};
