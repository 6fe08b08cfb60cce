// The physical names of resources that the template does not name.
import { createHash } from 'node:crypto';
import type { StackRecord } from './stack';

const SUFFIX_LENGTH = 12;

/**
 * Makes names `<stack>-<logical id>-<suffix>`, no longer than the limit. Every operation on the stack has its own suffix, so that a
 * replacement does not collide with what it replaces.
 *
 * @param startedAt when the operation began
 */
export function nameGenerator(
  stack: StackRecord,
  logicalId: string,
  startedAt: number,
): (maxLength: number) => string {
  const suffix = createHash('sha256')
    .update(`${stack.id}|${logicalId}|${startedAt}`)
    .digest('hex')
    .slice(0, SUFFIX_LENGTH);
  return (maxLength) => {
    const room = maxLength - SUFFIX_LENGTH - 1;
    const readable = `${stack.name}-${logicalId}`;
    const half = Math.floor((room - 1) / 2);
    const cut =
      readable.length <= room ? readable : `${stack.name.slice(0, half)}-${logicalId.slice(0, half)}`;
    return `${cut}-${suffix}`;
  };
}
