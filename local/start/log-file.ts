// A log whose lines reach the file together: opening it for each costs a request more than what the line tells about.
import { appendFileSync } from 'node:fs';

const BATCH_MS = 100;

export class LogFile {
  private lines: string[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly path: string) {
    // The last lines are there after a crash too, and they are the ones that matter then.
    process.once('exit', () => this.flush());
  }

  write(line: string): void {
    this.lines.push(`${new Date().toISOString()} ${line}\n`);
    this.timer ??= setTimeout(() => this.flush(), BATCH_MS).unref();
  }

  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.lines.length === 0) return;
    const text = this.lines.join('');
    this.lines = [];
    try {
      appendFileSync(this.path, text);
    } catch (error) {
      // A full disk is no reason to end the gallery for its log.
      console.error(`the log cannot be written: ${String(error)}`);
    }
  }
}
