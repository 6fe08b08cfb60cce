// What a function's process prints, as events of its log stream, between the lines that AWS adds.
import { StringDecoder } from 'node:string_decoder';
import type { LogEvent } from '../../ports';

/** Output reaches us through a pipe, after the answer that was sent later; the end of an invocation waits this long for it. */
const OUTPUT_DELAY_MS = 5;
const TAIL_CHARACTERS = 4096;
/** Lines reach the log group together; AWS takes longer. */
const BATCH_MS = 100;

export interface FunctionLogProps {
  readonly format: 'Text' | 'JSON';
  /** MB. */
  readonly memorySize: number;
  readonly now: () => number;
  readonly write: (events: readonly LogEvent[]) => Promise<void>;
}

export class FunctionLog {
  private readonly decoder = new StringDecoder('utf8');
  private partial = '';
  /** The last 4 KB. */
  private recent = '';
  private events: LogEvent[] = [];
  private timer: NodeJS.Timeout | undefined;
  private written: Promise<unknown> = Promise.resolve();

  constructor(private readonly props: FunctionLogProps) {}

  output(data: Buffer): void {
    const lines = (this.partial + this.decoder.write(data)).split('\n');
    this.partial = lines.pop() ?? '';
    for (const line of lines) if (line !== '') this.line(line);
  }

  line(message: string): void {
    this.recent = (this.recent + (message.endsWith('\n') ? message : `${message}\n`)).slice(-TAIL_CHARACTERS);
    this.events.push({ timestamp: this.props.now(), message });
    this.timer ??= setTimeout(() => void this.flush(), BATCH_MS);
  }

  start(requestId: string): void {
    const record = { requestId, version: '$LATEST' };
    this.platform('platform.start', record, `START RequestId: ${requestId} Version: $LATEST\n`);
  }

  /** Resolves with the last of the invocation's log (at most 4 KB), when its last line is there. */
  async end(requestId: string, durationMs: number): Promise<string> {
    const { memorySize, format } = this.props;
    await new Promise((resolve) => {
      setTimeout(resolve, OUTPUT_DELAY_MS);
    });
    if (format === 'Text') this.line(`END RequestId: ${requestId}\n`);
    const billed = Math.ceil(durationMs);
    const record = {
      requestId,
      metrics: { durationMs, billedDurationMs: billed, memorySizeMB: memorySize },
    };
    const report = `REPORT RequestId: ${requestId}\tDuration: ${durationMs.toFixed(2)} ms\tBilled Duration: ${billed} ms\tMemory Size: ${memorySize} MB\n`;
    this.platform('platform.report', record, report);
    return this.recent.slice(Math.max(0, this.recent.indexOf(`START RequestId: ${requestId}`)));
  }

  /** Resolves when all lines so far have been written. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { events } = this;
    this.events = [];
    if (events.length > 0) this.written = Promise.all([this.written, this.props.write(events)]);
    await this.written;
  }

  private platform(type: string, record: object, text: string): void {
    const time = new Date(this.props.now()).toISOString();
    this.line(this.props.format === 'JSON' ? JSON.stringify({ time, type, record }) : text);
  }
}
