// A recursive-descent parser of the filter language:
//
//   filter     := expression ("|" expression)*
//   expression := ("INCLUDE" | "EXCLUDE") ("ItemID" | "UserID" | "ActionID") "WHERE" conditions ["IF" user ("AND" user)*]
//   conditions := condition (("AND" | "OR") condition)*          AND binds more tightly than OR
//   condition  := dataset "." column operator
//   user       := "CurrentUser" "." column operator
//   operator   := ["NOT"] "IN" "(" value ("," value)* ")" | "IN" current-item
//               | ("=" | "!=" | "<" | "<=" | ">" | ">=") (number | text | parameter | current-item)
//
// Keywords and dataset names are read without regard to case.
// Source: Amazon Personalize developer guide, "Filter expression structure and elements".
import type { DatasetType } from '../schemas/types';
import type { Comparison, Condition, Expression, FieldRef, Operand } from './ast';
import { invalidExpression, type Token, tokenize } from './tokens';
import { type FilterTarget, InvalidFilter } from './types';

const MAX_LENGTH = 2500;
const COMPARISONS: readonly string[] = ['=', '!=', '<', '<=', '>', '>='];
const TARGETS: Readonly<Record<string, FilterTarget>> = {
  ITEMID: 'ITEM',
  USERID: 'USER',
  ACTIONID: 'ACTION',
};
const DATASETS: Readonly<Record<string, DatasetType>> = {
  ITEMS: 'ITEMS',
  INTERACTIONS: 'INTERACTIONS',
  USERS: 'USERS',
  ACTIONS: 'ACTIONS',
  ACTION_INTERACTIONS: 'ACTION_INTERACTIONS',
};

/** @throws InvalidFilter naming the character and what was expected there */
export function parseFilter(text: string): Expression[] {
  if (text.length > MAX_LENGTH) {
    throw new InvalidFilter(
      `Could not create filter. Invalid Expression: it has ${text.length} characters, at most ${MAX_LENGTH} are allowed.`,
    );
  }
  return new Parser(tokenize(text)).filter();
}

class Parser {
  private position = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  private get token(): Token {
    return this.tokens[Math.min(this.position, this.tokens.length - 1)] as Token;
  }

  private isWord(word: string): boolean {
    return this.token.kind === 'word' && this.token.value.toUpperCase() === word;
  }

  private isSymbol(symbol: string): boolean {
    return this.token.kind === 'symbol' && this.token.value === symbol;
  }

  private take(): Token {
    const { token } = this;
    this.position++;
    return token;
  }

  private accept(what: string): boolean {
    const matches = /^[A-Z]/.test(what) ? this.isWord(what) : this.isSymbol(what);
    if (matches) this.position++;
    return matches;
  }

  private expect(what: string): void {
    if (!this.accept(what)) throw this.expected(`"${what}"`);
  }

  private expected(what: string): InvalidFilter {
    const { kind, value, at } = this.token;
    const written = kind === 'parameter' ? `$${value}` : value;
    const found = kind === 'end' ? 'the expression ends' : `found "${written}"`;
    return invalidExpression(at, `expected ${what}, ${found}.`);
  }

  filter(): Expression[] {
    const expressions = [this.expression()];
    while (this.accept('|')) expressions.push(this.expression());
    if (this.token.kind !== 'end') {
      throw this.expected(
        expressions.at(-1)?.when.length ? 'AND, "|" or the end' : 'AND, OR, IF, "|" or the end',
      );
    }
    return expressions;
  }

  private expression(): Expression {
    const { at } = this.token;
    const action = this.accept('INCLUDE') ? 'INCLUDE' : this.accept('EXCLUDE') ? 'EXCLUDE' : undefined;
    if (action === undefined) throw this.expected('INCLUDE or EXCLUDE');
    const target = this.token.kind === 'word' ? TARGETS[this.token.value.toUpperCase()] : undefined;
    if (target === undefined) throw this.expected('ItemID, UserID or ActionID');
    this.take();
    this.expect('WHERE');
    const where = this.conditions();
    const when: Condition[] = [];
    if (this.accept('IF')) {
      do when.push(this.userCondition());
      while (this.accept('AND'));
      if (this.isWord('OR')) {
        throw invalidExpression(this.token.at, 'conditions of IF can only be joined by AND.');
      }
    }
    return { action, target, where, when, at };
  }

  private conditions(): Condition[][] {
    const alternatives = [[this.condition()]];
    for (;;) {
      if (this.accept('AND')) alternatives.at(-1)?.push(this.condition());
      else if (this.accept('OR')) alternatives.push([this.condition()]);
      else return alternatives;
    }
  }

  private condition(): Condition {
    const { at } = this.token;
    if (this.isWord('CURRENTUSER')) {
      throw invalidExpression(
        at,
        'CurrentUser can only be used in an IF condition at the end of an expression.',
      );
    }
    const dataset = this.token.kind === 'word' ? DATASETS[this.token.value.toUpperCase()] : undefined;
    if (dataset === undefined) {
      throw this.expected('a dataset (Items, Interactions, Users, Actions or Action_Interactions)');
    }
    this.take();
    return this.operation({ source: dataset, column: this.column(), at });
  }

  private userCondition(): Condition {
    const { at } = this.token;
    if (!this.accept('CURRENTUSER')) throw this.expected('CurrentUser');
    return this.operation({ source: 'CURRENT_USER', column: this.column(), at });
  }

  private column(): string {
    this.expect('.');
    if (this.token.kind !== 'word') throw this.expected('a column');
    return this.take().value;
  }

  private operation(field: FieldRef): Condition {
    if (this.token.kind === 'symbol' && COMPARISONS.includes(this.token.value)) {
      return {
        field,
        operator: this.take().value as Comparison,
        operands: [this.operand('a number, a text, a parameter or CurrentItem')],
      };
    }
    if (this.accept('NOT')) {
      this.expect('IN');
      return { field, operator: 'NOT IN', operands: this.list(true) };
    }
    if (!this.accept('IN')) throw this.expected('IN, NOT IN or a comparison (=, !=, <, <=, >, >=)');
    const operands = this.isWord('CURRENTITEM') ? [this.operand('CurrentItem')] : this.list(false);
    return { field, operator: 'IN', operands };
  }

  private list(negated: boolean): Operand[] {
    this.expect('(');
    const operands: Operand[] = [];
    do {
      if (negated && this.token.kind === 'parameter') {
        throw new InvalidFilter(
          `Could not create filter. Invalid input symbol: $${this.token.value}. Placeholders are not allowed with NOT_IN operator.`,
          this.token.at,
        );
      }
      if (this.isSymbol('*')) operands.push({ kind: 'any', at: this.take().at });
      else if (this.isWord('CURRENTITEM')) throw this.expected('a value in double quotes or a parameter');
      else operands.push(this.operand('a value in double quotes or a parameter'));
    } while (this.accept(','));
    if (!this.accept(')')) throw this.expected('"," or ")"');
    return operands;
  }

  private operand(expected: string): Operand {
    const { kind, value, at } = this.token;
    if (this.isWord('CURRENTITEM')) {
      this.take();
      return { kind: 'field', field: { source: 'CURRENT_ITEM', column: this.column(), at }, at };
    }
    if (kind !== 'text' && kind !== 'number' && kind !== 'parameter') throw this.expected(expected);
    this.take();
    if (kind === 'text') return value === '*' ? { kind: 'any', at } : { kind, value, at };
    return kind === 'number' ? { kind, value: Number(value), at } : { kind, name: value, at };
  }
}
