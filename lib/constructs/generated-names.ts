// Names that CloudFormation makes: <stack>-<logical id>-<12 or 13 characters>. Where that is longer than a name of its kind may be, the
// longer part is cut to what the shorter leaves, and both to their halves where both are too long. Its documentation does not say so; names
// of real resources do (64 characters: buildkite-elasticstack-nano-Autoscal-ExecutionRole-…, mylongerapp-playground-ne-InstancesLifecycleHandle-…).

/** Characters that every name of a kind may have. */
export const LONGEST = { bucket: 63, function: 64, role: 64, queue: 80, table: 255, topic: 256 } as const;

/** The suffix, and the hyphens before and after the logical id. */
const BESIDES = 15;

/**
 * A pattern that every generated name fits whose stack begins with `start`, whatever its logical id is.
 *
 * @param logicalIdLength of the logical id, where it is known. @default - it may be long
 */
export function namesFrom(start: string, kind: keyof typeof LONGEST, logicalIdLength?: number): string {
  const room = LONGEST[kind] - BESIDES;
  const half = Math.floor(room / 2);
  const kept = logicalIdLength === undefined ? half : Math.max(half, room - logicalIdLength);
  return `${start.slice(0, kept)}*`;
}
