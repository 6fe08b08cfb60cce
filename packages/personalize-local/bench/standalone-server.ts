// A standalone Amazon Personalize in a process of its own, as the benchmarks talk to it: over HTTP, without an SDK.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { Agent, request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { parseBody, requestOf } from '../test/local/calls';

export const CONNECTIONS = 32;

export class StandaloneServer {
  private constructor(
    private readonly child: ChildProcess,
    private readonly url: string,
    /** From the start of the process to the first answer that it can give, milliseconds. */
    readonly startMs: number,
    private readonly agent: Agent,
  ) {}

  static async start(bundle: string, dir: string): Promise<StandaloneServer> {
    const startedAt = performance.now();
    const args = ['--port', '0', '--state', join(dir, 'state'), '--s3-dir', join(dir, 's3')];
    const child = spawn(process.execPath, [bundle, ...args, '--no-quotas', '--quiet', '--speed', '100000'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const killWithParent = () => child.kill();
    process.once('exit', killWithParent);
    child.once('exit', () => process.off('exit', killWithParent));
    let output = '';
    for await (const data of child.stdout ?? []) {
      output += data;
      const url = /answers at (\S+),/.exec(output)?.[1];
      if (!url) continue;
      const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
      return new StandaloneServer(child, url, performance.now() - startedAt, agent);
    }
    throw new Error('the server did not start');
  }

  call(name: string, body: object): Promise<Readonly<Record<string, unknown>>> {
    const { path, headers, body: bytes } = requestOf(name, body);
    return new Promise((resolve, reject) => {
      const options = { method: 'POST', headers, agent: this.agent };
      const outgoing = httpRequest(`${this.url}${path}`, options, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          if (incoming.statusCode === 200) resolve(parseBody(text));
          else reject(new Error(`${name}: ${incoming.statusCode} ${text}`));
        });
      });
      outgoing.on('error', reject);
      outgoing.end(bytes);
    });
  }

  async settle(name: string, body: object): Promise<void> {
    for (;;) {
      const [resource] = Object.values(await this.call(name, body)) as {
        status: string;
        failureReason?: string;
      }[];
      if (resource?.status === 'ACTIVE') return;
      if (resource?.failureReason) throw new Error(resource.failureReason);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** Largest resident memory so far in MB, where the system tells it. */
  peakMemory(): string {
    const file = `/proc/${this.child.pid}/status`;
    const kilobytes = existsSync(file) ? /VmHWM:\s+(\d+)/.exec(readFileSync(file, 'utf8'))?.[1] : undefined;
    return kilobytes === undefined ? 'not known here' : `${Math.round(Number(kilobytes) / 1024)} MB`;
  }

  /** Processor time of the server so far in seconds, where the system tells it. */
  cpuSeconds(): number | undefined {
    const file = `/proc/${this.child.pid}/stat`;
    if (!existsSync(file)) return undefined;
    // utime and stime, in hundredths of a second, are the 14th and 15th field; the 2nd ends with the last parenthesis.
    const fields = readFileSync(file, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  }

  async stop(): Promise<void> {
    const exited = new Promise((resolve) => this.child.once('exit', resolve));
    this.agent.destroy();
    this.child.kill('SIGTERM');
    await exited;
  }
}
