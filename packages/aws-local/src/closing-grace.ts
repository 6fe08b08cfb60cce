// An endpoint that is closed lets what it has begun come to its end, for a moment.

const CLOSING_GRACE_MS = 2_000;

/** Resolves when the work has ended, and after two seconds if it has not: what is under way then is for the next start, as after a crash. */
export async function withinGrace(work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const grace = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, CLOSING_GRACE_MS);
  });
  await Promise.race([work, grace]);
  clearTimeout(timer);
}
