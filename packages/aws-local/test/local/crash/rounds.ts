// Rounds of random work that ends with a SIGKILL, each followed by a restart and a comparison.
import { join } from 'node:path';
import { seededRandom as randomFrom } from '@emotion-gallery/local-kit/random';
import type { Actor, Call } from './actor';
import { AsynchronousInvoker, EventSender, ExecutionStarter, MessageSender } from './delivery-actors';
import { PersonalizeUser } from './personalize-actor';
import { Killed, ServicesProcess } from './process';
import { ObjectWriter, SecretWriter, TransactionWriter } from './storage-actors';

export interface CrashReport {
  readonly problems: readonly string[];
  /** Operations that the services acknowledged, over all rounds. */
  readonly acknowledged: number;
}

/** Answers until a round's kill, so that a busy machine kills as late in the work as an idle one. */
const FEWEST_ANSWERS = 10;
const MOST_ANSWERS = 120;
/** The kill comes at any moment of the operations that follow the last counted answer. */
const LONGEST_AIM_MS = 10;

/** Works until the process is killed. */
async function work(actor: Actor, call: Call, random: () => number): Promise<void> {
  try {
    for (;;) {
      await actor.step(call, random);
      await new Promise((resolve) => setTimeout(resolve, random() * 5));
    }
  } catch (error) {
    if (!(error instanceof Killed)) throw error;
  }
}

/** Runs `rounds` rounds over a fresh folder. The same seed does the same operations; when each kill hits is up to the machine. */
export async function crashRounds(dir: string, rounds: number, seed: number): Promise<CrashReport> {
  const random = randomFrom(seed);
  const actors: readonly Actor[] = [
    new ObjectWriter(),
    new TransactionWriter(),
    new SecretWriter(),
    new MessageSender(),
    new EventSender(),
    new ExecutionStarter(),
    new PersonalizeUser(),
    new AsynchronousInvoker(join(dir, 'invocations.txt')),
  ];
  const problems: string[] = [];
  let running = await ServicesProcess.start(join(dir, 'state'));
  let answers = 0;
  let onAnswer: (() => void) | undefined;
  const call: Call = async (service, operation, input) => {
    const output = await running.call(service, operation, input);
    answers += 1;
    onAnswer?.();
    return output;
  };
  const moreAnswers = (count: number) => {
    const goal = answers + count;
    return new Promise<void>((resolve) => {
      onAnswer = () => answers >= goal && resolve();
    });
  };
  try {
    for (const actor of actors) await actor.setUp(call);
    for (let round = 1; round <= rounds; round += 1) {
      const enough = moreAnswers(FEWEST_ANSWERS + Math.floor(random() * (MOST_ANSWERS - FEWEST_ANSWERS)));
      const workers = actors.map((actor) => work(actor, call, randomFrom(Math.floor(random() * 2 ** 32))));
      // A worker that fails ends the round.
      await Promise.race([enough, Promise.all(workers)]);
      await new Promise((resolve) => setTimeout(resolve, random() * LONGEST_AIM_MS));
      await running.kill();
      await Promise.all(workers);
      running = await ServicesProcess.start(join(dir, 'state'));
      for (const actor of actors) {
        for (const problem of await actor.verify(call)) problems.push(`round ${round}: ${problem}`);
      }
    }
  } finally {
    await running.kill();
  }
  return { problems, acknowledged: actors.reduce((sum, actor) => sum + actor.acknowledged, 0) };
}
