// Runs AWS on localhost on the state of a deployed app, in a process that a test may kill.
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Ready } from '../../../local/start/ready';

export interface EndpointProps {
  readonly app: Ready & { readonly stateDir: string };
  /** Fault rules of Amazon Personalize, for example `PutEvents:throttle:0.2`. */
  readonly faults?: readonly string[];
  /** How much faster than on AWS schedules go, and how much sooner queues show a message again. @default 1 */
  readonly speed?: number;
}

export class EndpointProcess {
  private constructor(
    private readonly child: ChildProcess,
    private readonly ended: Promise<void>,
  ) {}

  /** Resolves when it answers, on the ports that the app was deployed with. */
  static async start({ app, faults = [], speed = 1 }: EndpointProps): Promise<EndpointProcess> {
    const settings = {
      stateDir: app.stateDir,
      awsPort: Number(new URL(app.awsEndpoint).port),
      sitePort: Number(new URL(app.siteUrl).port),
      speed,
      personalizeSpeed: 600,
      faults,
    };
    const script = join(__dirname, 'endpoint-process.ts');
    const child = spawn(
      process.execPath,
      ['--conditions=source', '--import', 'tsx', script, JSON.stringify(settings)],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const ended = new Promise<void>((done) => child.once('exit', () => done()));
    await new Promise<void>((resolve, reject) => {
      createInterface({ input: child.stdout }).once('line', () => resolve());
      child.once('exit', (code) => reject(new Error(`the endpoint ended with ${code}`)));
    });
    return new EndpointProcess(child, ended);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** SIGINT ends it in order, SIGKILL at once; the functions' processes are not touched. */
  async end(signal: 'SIGINT' | 'SIGKILL'): Promise<void> {
    this.child.kill(signal);
    await this.ended;
  }
}
