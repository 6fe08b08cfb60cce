// What the statuses of Amazon Personalize tell, and its way to say that something is not there.
/** Whether the service is working on it: neither deletable nor settled. */
export const isInProgress = (status: string): boolean => /PENDING|IN[ _]PROGRESS|STOPPING/.test(status);

/** Undefined instead of the error when the resource does not exist (any more). */
export async function unlessGone<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof Error && error.name === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}
