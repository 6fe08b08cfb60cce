// One queue: its messages in memory and in the journal, who waits for them, and when they come back.
import { createHash, randomUUID } from 'node:crypto';
import type { StoredMap } from '@emotion-gallery/local-kit/store';
import { AwsError } from '../../service';

export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  /** Base64. */
  readonly BinaryValue?: string;
}

export interface StoredMessage {
  readonly id: string;
  readonly queue: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
  readonly sender: string;
  readonly group?: string;
  readonly traceHeader?: string;
  /** Milliseconds since the epoch. */
  readonly sentAt: number;
  readonly visibleAt: number;
  readonly receiveCount: number;
  readonly firstReceivedAt?: number;
  /** Proves the latest receive. */
  readonly receipt?: string;
  readonly deadLetterSource?: string;
}

export interface QueueRecord {
  readonly name: string;
  readonly createdAt: number;
  readonly modifiedAt: number;
  /** As the API has them, all strings. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

interface Waiter {
  readonly limit: number;
  readonly visibilityMs: number;
  readonly resolve: (messages: StoredMessage[]) => void;
  readonly reject: (error: unknown) => void;
  readonly timer: NodeJS.Timeout;
}

export interface RedrivePolicy {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

export class Queue {
  private readonly messages = new Map<string, StoredMessage>();
  private readonly waiters: Waiter[] = [];
  private wakeUp: NodeJS.Timeout | undefined;
  /** When it last had or lost a message, or was asked for one. Milliseconds since the epoch. */
  usedAt = Number.NEGATIVE_INFINITY;

  constructor(
    public record: QueueRecord,
    private readonly journal: StoredMap<StoredMessage>,
    private readonly now: () => number,
    /** Finds the queue that failed messages go to. */
    private readonly deadLetterQueue: (arn: string) => Queue | undefined,
    readonly arn: string,
  ) {}

  /** Takes over a message that the journal has. */
  restore(message: StoredMessage): void {
    this.usedAt = this.now();
    this.messages.set(message.id, message);
  }

  seconds(attribute: string, fallback: number): number {
    return Number(this.record.attributes[attribute] ?? fallback);
  }

  get redrive(): RedrivePolicy | undefined {
    const text = this.record.attributes.RedrivePolicy;
    if (!text) return undefined;
    const policy = JSON.parse(text) as { deadLetterTargetArn: string; maxReceiveCount: number | string };
    return {
      deadLetterTargetArn: policy.deadLetterTargetArn,
      maxReceiveCount: Number(policy.maxReceiveCount),
    };
  }

  send(
    message: Omit<StoredMessage, 'id' | 'queue' | 'sentAt' | 'receiveCount' | 'visibleAt'>,
    delayMs: number,
  ): StoredMessage {
    const now = this.now();
    const stored: StoredMessage = {
      ...message,
      id: randomUUID(),
      queue: this.record.name,
      sentAt: now,
      visibleAt: now + delayMs,
      receiveCount: 0,
    };
    this.store(stored);
    this.serveWaiters();
    return stored;
  }

  /** Up to `limit` visible messages, at once or as soon as there are any. */
  receive(limit: number, visibilityMs: number, waitMs: number): Promise<StoredMessage[]> {
    const messages = this.take(limit, visibilityMs);
    if (messages.length > 0 || waitMs === 0) return Promise.resolve(messages);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiters.splice(this.waiters.indexOf(waiter), 1);
        resolve([]);
      }, waitMs);
      const waiter: Waiter = { limit, visibilityMs, resolve, reject, timer };
      this.waiters.push(waiter);
      this.scheduleWakeUp();
    });
  }

  /** Deletes a message by its latest receipt; an old receipt deletes nothing, as in SQS. @throws ReceiptHandleIsInvalid */
  delete(receipt: string): undefined {
    const message = this.byReceipt(receipt);
    if (message?.receipt === receipt) this.remove(message);
  }

  /**
   * Any receipt of the message will do, and it need not be in flight any more, as recorded.
   * @throws ReceiptHandleIsInvalid, InvalidParameterValueException
   */
  changeVisibility(receipt: string, visibilityMs: number): undefined {
    const message = this.byReceipt(receipt);
    if (!message) {
      throw new AwsError(
        'InvalidParameterValueException',
        `Value ${receipt} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`,
      );
    }
    this.store({ ...message, visibleAt: this.now() + visibilityMs });
    this.serveWaiters();
  }

  purge(): void {
    for (const message of [...this.messages.values()]) this.remove(message);
  }

  /** The oldest messages that a receive would get, of those that were sent until then; they stay as they are. */
  visible(limit: number, sentUntil: number): StoredMessage[] {
    const now = this.now();
    const found: StoredMessage[] = [];
    for (const message of this.messages.values()) {
      if (found.length >= limit) break;
      if (message.visibleAt <= now && message.sentAt <= sentUntil) found.push(message);
    }
    return found;
  }

  /** Gives a message to another queue, where it is a new one (developer guide, "dead-letter queue redrive"). */
  move(message: StoredMessage, target: Queue): void {
    const { body, attributes, sender, group, traceHeader } = message;
    const now = this.now();
    const arrived: StoredMessage = {
      ...{ body, attributes, sender, group, traceHeader },
      ...{ id: randomUUID(), queue: target.record.name, sentAt: now, visibleAt: now, receiveCount: 0 },
    };
    this.handOver(message, arrived, target);
  }

  counts(): { visible: number; inFlight: number; delayed: number } {
    const now = this.now();
    const counts = { visible: 0, inFlight: 0, delayed: 0 };
    for (const message of this.messages.values()) {
      if (message.visibleAt <= now) counts.visible += 1;
      else if (message.receiveCount > 0) counts.inFlight += 1;
      else counts.delayed += 1;
    }
    return counts;
  }

  /** How long the oldest message has been there; a dead-letter queue's, since it was first sent. */
  oldestAgeMs(): number {
    let oldest = this.now();
    for (const { sentAt } of this.messages.values()) oldest = Math.min(oldest, sentAt);
    return this.now() - oldest;
  }

  /** Ends every long poll with nothing. */
  close(): void {
    clearTimeout(this.wakeUp);
    for (const waiter of this.waiters.splice(0)) {
      clearTimeout(waiter.timer);
      waiter.resolve([]);
    }
  }

  private take(limit: number, visibilityMs: number): StoredMessage[] {
    const now = this.now();
    this.usedAt = now;
    const oldest = now - this.seconds('MessageRetentionPeriod', 345_600) * 1000;
    const taken: StoredMessage[] = [];
    for (const message of this.messages.values()) {
      if (taken.length >= limit) break;
      if (message.sentAt < oldest) {
        this.remove(message);
        continue;
      }
      if (message.visibleAt > now || this.moveToDeadLetters(message)) continue;
      const received: StoredMessage = {
        ...message,
        visibleAt: now + visibilityMs,
        receiveCount: message.receiveCount + 1,
        firstReceivedAt: message.firstReceivedAt ?? now,
        receipt: Buffer.from(`${message.id} ${randomUUID()}`).toString('base64url'),
      };
      this.store(received);
      taken.push(received);
    }
    return taken;
  }

  private moveToDeadLetters(message: StoredMessage): boolean {
    const policy = this.redrive;
    if (!policy || message.receiveCount < policy.maxReceiveCount) return false;
    const target = this.deadLetterQueue(policy.deadLetterTargetArn);
    if (!target) return false;
    const { receipt: _receipt, ...moved } = message;
    // How often it was received is still told.
    const arrived: StoredMessage = {
      ...moved,
      queue: target.record.name,
      deadLetterSource: this.arn,
    };
    this.handOver(message, arrived, target);
    return true;
  }

  /** One commit, so that a crash neither loses nor doubles the message. */
  private handOver(message: StoredMessage, arrived: StoredMessage, target: Queue): void {
    const gone = message.id === arrived.id ? [] : [{ key: message.id, removed: true as const }];
    this.journal.commit([...gone, { key: arrived.id, value: arrived }]);
    this.messages.delete(message.id);
    target.restore(arrived);
    target.serveWaiters();
  }

  private serveWaiters(): void {
    while (this.waiters.length > 0) {
      const waiter = this.waiters[0];
      if (!waiter) return;
      const taken = this.takeFor(waiter);
      if (!taken) break;
      this.waiters.shift();
      clearTimeout(waiter.timer);
      taken();
    }
    this.scheduleWakeUp();
  }

  /** How the waiter ends, if it does: with messages, or with what the disk says. Whoever sent a message is not told of that. */
  private takeFor({ limit, visibilityMs, resolve, reject }: Waiter): (() => void) | undefined {
    try {
      const messages = this.take(limit, visibilityMs);
      return messages.length === 0 ? undefined : () => resolve(messages);
    } catch (error) {
      return () => reject(error);
    }
  }

  /** Somebody waits: look again when the next hidden message becomes visible. */
  private scheduleWakeUp(): void {
    clearTimeout(this.wakeUp);
    if (this.waiters.length === 0 || this.messages.size === 0) return;
    let next = Number.POSITIVE_INFINITY;
    for (const { visibleAt } of this.messages.values()) next = Math.min(next, visibleAt);
    this.wakeUp = setTimeout(() => this.serveWaiters(), Math.max(1, next - this.now() + 1));
  }

  private byReceipt(receipt: string): StoredMessage | undefined {
    const [id = '', nonce = ''] = Buffer.from(receipt, 'base64url').toString('utf8').split(' ');
    if (!/^[\da-f-]{36}$/.test(nonce)) {
      throw new AwsError(
        'ReceiptHandleIsInvalid',
        `The input receipt handle "${receipt}" is not a valid receipt handle.`,
      );
    }
    return this.messages.get(id);
  }

  private store(message: StoredMessage): void {
    this.usedAt = this.now();
    this.journal.put(message.id, message);
    this.messages.set(message.id, message);
  }

  private remove(message: StoredMessage): void {
    this.journal.delete(message.id);
    this.messages.delete(message.id);
  }
}

export function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

/** The digest of message attributes that SDKs check. */
export function md5OfAttributes(attributes: Readonly<Record<string, MessageAttribute>>): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const hash = createHash('md5');
  const field = (bytes: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const name of names) {
    const attribute = attributes[name];
    if (!attribute) continue;
    field(Buffer.from(name));
    field(Buffer.from(attribute.DataType));
    const isBinary = attribute.DataType.startsWith('Binary');
    hash.update(Buffer.from([isBinary ? 2 : 1]));
    field(
      isBinary
        ? Buffer.from(attribute.BinaryValue ?? '', 'base64')
        : Buffer.from(attribute.StringValue ?? ''),
    );
  }
  return hash.digest('hex');
}
