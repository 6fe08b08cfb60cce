// JSON that people wrote, with faults told in the words of the parser that AWS uses.

export class JsonTextError extends SyntaxError {
  constructor(
    message: string,
    readonly line: number,
    readonly column: number,
  ) {
    super(message);
  }
}

/** @throws JsonTextError */
export function parseJsonText(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw named(text) ?? new JsonTextError((error as Error).message, ...placeOf(text, text.length));
  }
}

/** The two commonest slips: bare words, and names in single quotes. */
function named(text: string): JsonTextError | undefined {
  const [, blanks = '', token] = /^(\s*)([\p{L}_$][\p{L}\p{N}_$]*)/u.exec(text) ?? [];
  if (token !== undefined) {
    const message = `Unrecognized token '${token}': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')`;
    return new JsonTextError(message, ...placeOf(text, blanks.length + token.length));
  }
  const quote = /^\s*\{\s*'/.exec(text);
  if (!quote) return undefined;
  const message = "Unexpected character (''' (code 39)): was expecting double-quote to start field name";
  return new JsonTextError(message, ...placeOf(text, quote[0].length));
}

function placeOf(text: string, at: number): [line: number, column: number] {
  const before = text.slice(0, at).split('\n');
  return [before.length, (before.at(-1)?.length ?? 0) + 1];
}
