// DynamoDB's expression language, as far as the functions use it, on plain rows.

export type Row = Record<string, unknown>;

export interface ExpressionNames {
  readonly names?: Record<string, string>;
  readonly values: Row;
}

const TOKEN = /\s*(\(|\)|,|>=|<=|<|>|=|[#:]?\w+)/gy;

function tokenize(expression: string): string[] {
  const tokens = [...expression.matchAll(TOKEN)].map(([, token = '']) => token);
  if (tokens.join('') !== expression.replace(/\s/g, '')) throw new Error(`unknown expression: ${expression}`);
  return tokens;
}

class Evaluator {
  private position = 0;

  constructor(
    private readonly tokens: readonly string[],
    private readonly row: Row,
    private readonly lookups: ExpressionNames,
  ) {}

  get done(): boolean {
    return this.position === this.tokens.length;
  }

  peek(): string | undefined {
    return this.tokens[this.position];
  }

  take(expected?: string): string {
    const token = this.tokens[this.position] ?? 'the end';
    if (expected !== undefined && token !== expected) throw new Error(`expected ${expected}, got ${token}`);
    this.position += 1;
    return token;
  }

  path(): string {
    const token = this.take();
    if (!token.startsWith('#')) return token;
    const name = this.lookups.names?.[token];
    if (name === undefined) throw new Error(`no name for ${token}`);
    return name;
  }

  or(): boolean {
    let result = this.and();
    while (this.peek() === 'OR') {
      this.take();
      const right = this.and();
      result = result || right;
    }
    return result;
  }

  private and(): boolean {
    let result = this.term();
    while (this.peek() === 'AND') {
      this.take();
      const right = this.term();
      result = result && right;
    }
    return result;
  }

  private term(): boolean {
    if (this.peek() === '(') {
      this.take();
      const result = this.or();
      this.take(')');
      return result;
    }
    const start = this.peek() ?? '';
    if (start === 'attribute_exists' || start === 'attribute_not_exists') {
      this.take();
      this.take('(');
      const exists = this.row[this.path()] !== undefined;
      this.take(')');
      return exists === (start === 'attribute_exists');
    }
    const left = this.operand();
    const operator = this.take();
    const right = this.operand();
    if (left === undefined || typeof left !== typeof right) return false;
    const [a, b] = [left as number, right as number];
    const results: Record<string, boolean> = {
      '=': a === b,
      '<': a < b,
      '>': a > b,
      '<=': a <= b,
      '>=': a >= b,
    };
    const result = results[operator];
    if (result === undefined) throw new Error(`unknown operator ${operator}`);
    return result;
  }

  operand(): unknown {
    const token = this.peek() ?? '';
    if (token.startsWith(':')) {
      this.take();
      if (!(token in this.lookups.values)) throw new Error(`no value for ${token}`);
      return this.lookups.values[token];
    }
    if (token === 'if_not_exists') {
      this.take();
      this.take('(');
      const present = this.row[this.path()];
      this.take(',');
      const otherwise = this.operand();
      this.take(')');
      return present ?? otherwise;
    }
    return this.row[this.path()];
  }
}

export function holds(expression: string | undefined, row: Row, lookups: ExpressionNames): boolean {
  if (expression === undefined) return true;
  const evaluator = new Evaluator(tokenize(expression), row, lookups);
  const result = evaluator.or();
  if (!evaluator.done) throw new Error(`unexpected ${evaluator.peek()} in ${expression}`);
  return result;
}

const CLAUSES = new Set(['SET', 'REMOVE', 'ADD']);

/** The row after the update; the row given is not changed, as all operands see the old values. */
export function updated(expression: string, row: Row, lookups: ExpressionNames): Row {
  const evaluator = new Evaluator(tokenize(expression), row, lookups);
  const result = { ...row };
  let clause = '';
  while (!evaluator.done) {
    const token = evaluator.peek() ?? '';
    if (CLAUSES.has(token)) clause = evaluator.take();
    else if (token === ',') evaluator.take();
    const path = evaluator.path();
    if (clause === 'SET') {
      evaluator.take('=');
      result[path] = evaluator.operand();
    } else if (clause === 'ADD') {
      result[path] = Number(row[path] ?? 0) + Number(evaluator.operand());
    } else {
      delete result[path];
    }
  }
  return result;
}
