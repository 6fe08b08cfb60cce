// A disk that is full while all services work: what they refuse is refused, what they acknowledged is there after a restart, and they
// go on when there is room.
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { seededRandom } from '@emotion-gallery/local-kit/random';
import type { Actor, Call } from './actor';
import { AsynchronousInvoker, EventSender, ExecutionStarter, MessageSender } from './delivery-actors';
import { PersonalizeUser } from './personalize-actor';
import { ServicesProcess } from './process';
import { ObjectWriter, SecretWriter, TransactionWriter } from './storage-actors';

export interface FullDiskReport {
  readonly problems: readonly string[];
  readonly acknowledged: number;
  readonly refused: number;
}

const STEPS_EACH = 6;

/** The disk that the state is on. */
export interface Disk {
  fill(running: ServicesProcess): Promise<void>;
  /** `running` is absent when the process was killed meanwhile. */
  makeRoom(running?: ServicesProcess): Promise<void>;
}

/** The process has no room from now on, wherever it writes. */
export const injected: Disk = {
  fill: (running) => running.setFull(true),
  makeRoom: async (running) => running?.setFull(false),
};

/** A small file system, which a file fills. */
export function ballastIn(folder: string): Disk {
  const file = join(folder, 'ballast');
  return {
    async fill() {
      const descriptor = openSync(file, 'a');
      try {
        for (let size = 1 << 16; size >= 1; ) {
          try {
            if (writeSync(descriptor, Buffer.alloc(size)) < size) size >>= 1;
          } catch (error) {
            if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
            size >>= 1;
          }
        }
      } finally {
        closeSync(descriptor);
      }
    },
    makeRoom: async () => rmSync(file, { force: true }),
  };
}

/** The same seed does the same operations. */
export async function fullDiskRounds(
  dir: string,
  disk: Disk,
  rounds: number,
  seed: number,
): Promise<FullDiskReport> {
  const random = seededRandom(seed);
  const actors: readonly Actor[] = [
    new ObjectWriter(),
    new TransactionWriter(),
    new SecretWriter(),
    new MessageSender(),
    new EventSender(),
    new ExecutionStarter(),
    new PersonalizeUser({ trainingsMayFail: true }),
    new AsynchronousInvoker(join(dir, 'invocations.txt')),
  ];
  const problems: string[] = [];
  let refused = 0;
  let running = await ServicesProcess.start(join(dir, 'state'));
  const call: Call = (service, operation, input) => running.call(service, operation, input);
  const work = (actor: Actor) => steps(actor, call, random);
  try {
    for (const actor of actors) await actor.setUp(call);
    for (let round = 1; round <= rounds; round += 1) {
      await Promise.all(actors.map(work));
      const working = Promise.all(actors.map(work));
      await disk.fill(running);
      await working;
      for (const failures of await Promise.all(actors.map(work))) refused += failures.length;
      if (round % 2 === 0) {
        // What was refused is no reason not to start.
        await running.kill();
        await disk.makeRoom();
        running = await ServicesProcess.start(join(dir, 'state'));
      } else await disk.makeRoom(running);
      for (const failures of await Promise.all(actors.map(work)))
        problems.push(...failures.map((failure) => `round ${round}, with room again: ${failure}`));
      await running.kill();
      running = await ServicesProcess.start(join(dir, 'state'));
      for (const actor of actors) {
        for (const problem of await actor.verify(call)) problems.push(`round ${round}: ${problem}`);
      }
    }
  } finally {
    await running.kill();
  }
  return { problems, refused, acknowledged: actors.reduce((sum, actor) => sum + actor.acknowledged, 0) };
}

/** What of some steps was refused, in the service's words. */
async function steps(actor: Actor, call: Call, random: () => number): Promise<string[]> {
  const refusals: string[] = [];
  for (let i = 0; i < STEPS_EACH; i += 1) {
    try {
      await actor.step(call, random);
    } catch (error) {
      refusals.push(String(error));
    }
  }
  return refusals;
}
