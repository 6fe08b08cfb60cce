// Somebody who works with one service, remembers what was acknowledged, and compares it with what a restart finds.
import type { Shape } from '../../../src/service';
import { Killed } from './process';

export type Call = (service: string, operation: string, input: Shape) => Promise<Shape>;

export interface Actor {
  setUp(call: Call): Promise<void>;
  /** One random operation. Rejects with Killed when the process dies meanwhile. */
  step(call: Call, random: () => number): Promise<void>;
  /** What is not as it must be, after a restart. */
  verify(call: Call): Promise<string[]>;
  /** Operations that were acknowledged. */
  readonly acknowledged: number;
}

const DEADLINE_MS = 120_000;

/** Looks again and again until nothing is missing; returns what still is. */
export async function untilNone(missing: () => Promise<string[]>): Promise<string[]> {
  const deadline = Date.now() + DEADLINE_MS;
  for (;;) {
    const found = await missing();
    if (found.length === 0 || Date.now() > deadline) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** A value that is written again and again: after a crash it is the acknowledged one, or the one under way. What was refused is not. */
export class Register {
  private possible: (string | undefined)[] = [undefined];

  async write(value: string | undefined, call: () => Promise<unknown>): Promise<void> {
    const before = this.possible;
    this.possible = [...before, value];
    try {
      await call();
      this.possible = [value];
    } catch (error) {
      if (!(error instanceof Killed)) this.possible = before;
      throw error;
    }
  }

  /** Whether the last write of this value was acknowledged, and none is under way. */
  isSurely(value: string | undefined): boolean {
    return this.possible.length === 1 && this.possible[0] === value;
  }

  check(name: string, actual: string | undefined): string[] {
    const isPossible = this.possible.includes(actual);
    const expected = this.possible.map((value) => value?.slice(0, 20)).join(' or ');
    this.possible = [actual];
    return isPossible ? [] : [`${name} is ${actual?.slice(0, 20)}, not ${expected}`];
  }
}

/** Takes all messages out of a queue. */
export async function drain(call: Call, QueueUrl: string): Promise<string[]> {
  const bodies: string[] = [];
  for (;;) {
    const input = { QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 600 };
    const { Messages } = await call('sqs', 'ReceiveMessage', input);
    const messages = (Messages ?? []) as readonly { Body: string; ReceiptHandle: string }[];
    if (messages.length === 0) return bodies;
    for (const { Body, ReceiptHandle } of messages) {
      await call('sqs', 'DeleteMessage', { QueueUrl, ReceiptHandle });
      bodies.push(Body);
    }
  }
}
