// Wildcards and policy variables: `s3:Get*`, `arn:aws:s3:::bucket/${aws:username}/*`.

const compiled = new Map<string, RegExp>();
const MAX_COMPILED = 5_000;

/** Tells whether a text matches a pattern with `*` (any characters) and `?` (one character). */
export function matchesWildcard(pattern: string, text: string, ignoreCase = false): boolean {
  if (pattern === '*') return true;
  const cacheKey = ignoreCase ? `i${pattern}` : `c${pattern}`;
  let expression = compiled.get(cacheKey);
  if (!expression) {
    const source = pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replace(/\*/g, '[\\s\\S]*')
      .replace(/\?/g, '[\\s\\S]');
    expression = new RegExp(`^${source}$`, ignoreCase ? 'i' : '');
    if (compiled.size >= MAX_COMPILED) compiled.clear();
    compiled.set(cacheKey, expression);
  }
  return expression.test(text);
}

/** Values of condition keys by lower-case name. */
export type Context = Readonly<Record<string, string | readonly string[]>>;

/**
 * Replaces `${key}` and `${key, 'default'}` by the context's values; undefined when a variable has no value, in which case the
 * element matches nothing. `${*}`, `${?}` and `${$}` stand for the characters themselves.
 */
export function substituteVariables(text: string, context: Context): string | undefined {
  if (!text.includes('${')) return text;
  let missing = false;
  const replaced = text.replace(/\$\{([^}]*)\}/g, (_whole, expression: string) => {
    if (expression === '*' || expression === '?' || expression === '$') return expression;
    const [key = '', fallback] = expression.split(/\s*,\s*/);
    const value = context[key.trim().toLowerCase()];
    if (typeof value === 'string') return value;
    if (fallback !== undefined) return fallback.replace(/^'|'$/g, '');
    missing = true;
    return '';
  });
  return missing ? undefined : replaced;
}

/** ARN patterns match segment by segment: a wildcard does not reach over a colon before the resource part. */
export function matchesArn(pattern: string, arn: string): boolean {
  if (pattern === '*') return true;
  const split = (text: string) => {
    const parts = text.split(':');
    return [...parts.slice(0, 5), parts.slice(5).join(':')];
  };
  const want = split(pattern);
  const have = split(arn);
  if (want.length !== have.length || want.length < 6) return matchesWildcard(pattern, arn);
  return want.every((part, index) => matchesWildcard(part, have[index] ?? ''));
}
