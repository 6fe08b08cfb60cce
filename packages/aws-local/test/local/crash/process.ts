// Starts the process that is killed, calls its services, kills it.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Shape } from '../../../src/service';
import type { Reply, Request } from './child';

/** The process died before it answered: what was asked may have happened or not. */
export class Killed extends Error {}

export class ServicesProcess {
  private readonly waiting = new Map<number, (reply: Reply | undefined) => void>();
  private last = 0;

  private constructor(private readonly child: ChildProcess) {
    child.on('message', (reply: Reply) => {
      this.waiting.get(reply.id)?.(reply);
      this.waiting.delete(reply.id);
    });
    child.on('exit', () => {
      for (const answer of this.waiting.values()) answer(undefined);
      this.waiting.clear();
    });
  }

  /** Resolves when the services have taken up what the state folder holds. */
  static async start(stateDir: string): Promise<ServicesProcess> {
    const child = fork(join(__dirname, 'child.ts'), [stateDir], {
      execArgv: ['--conditions=source', '--import', 'tsx'],
      serialization: 'advanced',
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const process = new ServicesProcess(child);
    await process.reply(0);
    return process;
  }

  /** @throws Killed, and Error with what the service answered */
  async call(service: string, operation: string, input: Shape): Promise<Shape> {
    this.last += 1;
    const reply = this.reply(this.last);
    if (this.child.connected) {
      // An error here is the death of the process, which ends the wait.
      this.child.send({ id: this.last, service, operation, input } satisfies Request, () => undefined);
    }
    const { output, error } = await reply;
    if (error !== undefined) throw new Error(`${operation}: ${error}`);
    return output ?? {};
  }

  /** Whether every write of the process finds the disk full from now on. */
  async setFull(isFull: boolean): Promise<void> {
    await this.call('disk', isFull ? 'Fill' : 'MakeRoom', {});
  }

  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }

  private reply(id: number): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const answer = (reply: Reply | undefined) => (reply ? resolve(reply) : reject(new Killed('killed')));
      if (this.child.exitCode !== null || this.child.signalCode !== null) answer(undefined);
      else this.waiting.set(id, answer);
    });
  }
}
