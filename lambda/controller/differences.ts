// What is declared otherwise than it is. Only declared members count: the service fills in others.
import type { Difference } from './actions';

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether `there` has all that is declared, lists with the same length and order. */
function isCovered(declared: unknown, there: unknown): boolean {
  if (declared === undefined) return true;
  if (Array.isArray(declared)) {
    return (
      Array.isArray(there) &&
      there.length === declared.length &&
      declared.every((each, index) => isCovered(each, there[index]))
    );
  }
  if (isObject(declared)) {
    return Object.entries(declared).every(([key, value]) =>
      isCovered(value, isObject(there) ? there[key] : undefined),
    );
  }
  return Object.is(declared, there);
}

/** Members of objects are told one by one (`solutionConfig.hpoConfig`), two levels deep; lists as a whole. */
export function differences(declared: unknown, there: unknown, what = ''): Difference[] {
  if (isCovered(declared, there)) return [];
  const isDeep = what.split('.').length >= 3;
  if (!isObject(declared) || isDeep) return [{ what, from: there ?? null, to: declared }];
  return Object.entries(declared).flatMap(([key, value]) =>
    differences(value, isObject(there) ? there[key] : undefined, what === '' ? key : `${what}.${key}`),
  );
}

/** Old → new, for people. */
export const inWords = (list: readonly Difference[]): string =>
  list.map(({ what, from, to }) => `${what}: ${JSON.stringify(from)} → ${JSON.stringify(to)}`).join('; ');
