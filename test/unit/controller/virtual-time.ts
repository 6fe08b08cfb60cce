// Time that passes only when everybody sleeps: then it is at once when the first of them wakes.

export class VirtualTime {
  private readonly sleepers: { readonly until: number; readonly wake: () => void }[] = [];
  private isTicking = false;

  constructor(public now: number) {}

  readonly sleep = (ms: number): Promise<void> =>
    new Promise((wake) => {
      this.sleepers.push({ until: this.now + ms, wake });
      this.tick();
    });

  /** Whoever was asleep before is not waked: what it was doing has ended. */
  forget(): void {
    this.sleepers.length = 0;
  }

  private tick(): void {
    if (this.isTicking) return;
    this.isTicking = true;
    // After all promises that are settled already.
    setImmediate(() => {
      this.isTicking = false;
      this.sleepers.sort((a, b) => a.until - b.until);
      const first = this.sleepers.shift();
      if (!first) return;
      this.now = Math.max(this.now, first.until);
      first.wake();
      if (this.sleepers.length > 0) this.tick();
    });
  }
}
