// The physical names of resources that the template does not name.
import { createHash } from 'node:crypto';
import type { StackRecord } from './stack';

const SUFFIX_LENGTH = 12;

/**
 * Makes names `<stack>-<logical id>-<suffix>`, no longer than the limit: the longer part is cut to what the shorter leaves, and both to
 * their halves where both are too long, as names of real resources show. Every operation on the stack has its own suffix, so that a
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
    // Some suffixes of CloudFormation have a character more, for which it leaves room.
    const room = maxLength - SUFFIX_LENGTH - 3;
    const half = Math.floor(room / 2);
    const ofStack = Math.max(half, room - logicalId.length);
    const ofLogicalId = Math.max(half, room - stack.name.length);
    return `${stack.name.slice(0, ofStack)}-${logicalId.slice(0, ofLogicalId)}-${suffix}`;
  };
}
