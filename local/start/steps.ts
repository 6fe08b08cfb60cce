// Prints the steps of the start, each with the time it took.

export class Steps {
  private readonly startedAt = performance.now();
  private lastAt = this.startedAt;

  constructor(private readonly print: (line: string) => void) {}

  /** A step is finished; the time is since the one before. */
  done(what: string, seconds?: number): void {
    const now = performance.now();
    const took = seconds ?? (now - this.lastAt) / 1000;
    this.lastAt = now;
    this.print(`  ✔ ${what.padEnd(52)} ${took.toFixed(1)} s`);
  }

  failed(what: string): void {
    this.print(`  ✘ ${what}`);
  }

  /** Seconds since the start. */
  get total(): number {
    return (performance.now() - this.startedAt) / 1000;
  }
}
