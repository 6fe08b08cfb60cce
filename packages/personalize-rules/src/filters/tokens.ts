// Splits a filter expression into words, quoted texts, numbers, parameters and symbols.
import { InvalidFilter } from './types';

export type TokenKind = 'word' | 'text' | 'number' | 'parameter' | 'symbol' | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** A text without its quotes, a parameter without its dollar sign. */
  readonly value: string;
  /** 1-based character where it starts. */
  readonly at: number;
}

const PATTERNS: ReadonlyArray<readonly [Exclude<TokenKind, 'end'>, RegExp]> = [
  ['number', /[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![A-Za-z_])/y],
  ['word', /[A-Za-z_][A-Za-z0-9_]*/y],
  ['parameter', /\$([A-Za-z0-9_]+)/y],
  ['symbol', /!=|<=|>=|[=<>(),.|*]/y],
];
const TEXT = /"((?:[^"\\]|\\.)*)"/y;

/** `\"` and `\\` inside quotes stand for the character itself. */
export const unescapeText = (raw: string): string => raw.replaceAll(/\\(["\\])/g, '$1');

/** @throws InvalidFilter */
export function invalidExpression(at: number, problem: string): InvalidFilter {
  return new InvalidFilter(`Could not create filter. Invalid Expression at character ${at}: ${problem}`, at);
}

/** @throws InvalidFilter at a character that starts no token */
export function tokenize(expression: string): Token[] {
  const tokens: Token[] = [];
  let position = 0;
  while (position < expression.length) {
    if (/\s/.test(expression[position] as string)) {
      position++;
      continue;
    }
    const { token, end } = tokenAt(expression, position);
    tokens.push(token);
    position = end;
  }
  tokens.push({ kind: 'end', value: '', at: expression.length + 1 });
  return tokens;
}

function tokenAt(expression: string, position: number): { token: Token; end: number } {
  const at = position + 1;
  if (expression[position] === '"') {
    TEXT.lastIndex = position;
    const match = TEXT.exec(expression);
    if (!match) throw invalidExpression(at, 'the text is not closed by a double quote.');
    return { token: { kind: 'text', value: unescapeText(match[1] ?? ''), at }, end: TEXT.lastIndex };
  }
  for (const [kind, pattern] of PATTERNS) {
    pattern.lastIndex = position;
    const match = pattern.exec(expression);
    if (match) return { token: { kind, value: match[1] ?? match[0], at }, end: pattern.lastIndex };
  }
  const character = expression[position];
  const hint = character === "'" ? ' Texts are written in double quotes.' : '';
  throw invalidExpression(at, `"${character}" is not part of the filter language.${hint}`);
}
