// Lets dynalite parse an expression once where its meaning is in its text alone. Its parser costs more than the write that the
// expression guards, and functions send the same few expressions all day.
import conditionParser from 'dynalite/db/conditionParser';
import projectionParser from 'dynalite/db/projectionParser';

interface Parser {
  parse(expression: string, options: ParserOptions): unknown;
}

interface ParserOptions {
  readonly context: { readonly isKeyCondition?: boolean };
}

const MOST_EXPRESSIONS = 500;

/** Placeholders for names and values stand for what comes with the request, so their expressions are parsed every time. */
function remember(parser: Parser): void {
  const parse = parser.parse.bind(parser);
  const parsed = new Map<string, unknown>();
  parser.parse = (expression, options) => {
    // Key conditions are rewritten by who asked for them.
    if (options.context.isKeyCondition || /[#:]/.test(expression)) return parse(expression, options);
    const known = parsed.get(expression);
    if (known !== undefined) return known;
    const result = parse(expression, options);
    if (parsed.size >= MOST_EXPRESSIONS) parsed.clear();
    parsed.set(expression, result);
    return result;
  };
}

let isInstalled = false;

/** Once a process: dynalite has one parser of each kind. */
export function cacheExpressions(): void {
  if (isInstalled) return;
  isInstalled = true;
  remember(conditionParser);
  remember(projectionParser);
}
