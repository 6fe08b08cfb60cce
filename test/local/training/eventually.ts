/** Waits until `condition` gives something. */
export async function eventually<T>(
  condition: () => Promise<T | undefined>,
  what: string,
  seconds = 60,
): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const value = await condition();
    if (value !== undefined) return value;
    if (Date.now() > deadline) throw new Error(`${what} did not come within ${seconds} seconds`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
