// Tasks that move the messages of a dead-letter queue back to where they came from, or to another queue (API reference, StartMessageMoveTask;
// errors and answers as recorded).
import { randomUUID } from 'node:crypto';
import type { Cancel } from '@emotion-gallery/local-kit/clock';
import type { StoredMap } from '@emotion-gallery/local-kit/store';
import { z } from 'zod';
import { AwsError, type ServiceContext, type Shape } from '../../service';
import { type Caller, type Operations, operation } from '../shared/operations';
import { invalid } from './messages';
import type { Queue } from './queue';

export interface MoveTask {
  readonly id: string;
  readonly sourceArn: string;
  readonly destinationArn?: string;
  readonly perSecond?: number;
  readonly status: 'RUNNING' | 'COMPLETED' | 'CANCELLED' | 'FAILED';
  readonly failureReason?: string;
  readonly moved: number;
  readonly toMove: number;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

export interface MoveTasksProps {
  readonly context: ServiceContext;
  /** By id, in the order of their start. */
  readonly tasks: StoredMap<MoveTask>;
  readonly queues: () => readonly Queue[];
  /** @throws AccessDenied */
  readonly authorize: (caller: Caller, action: string, arn: string) => void;
}

const TURN_MS = 1000;
/** Messages a second where nobody says how many: as many as anybody may say. */
const FASTEST = 500;
/** How many of a queue's tasks are remembered, as many as are listed at most. */
const REMEMBERED = 10;

const START = z.object({
  SourceArn: z.string(),
  DestinationArn: z.string().optional(),
  MaxNumberOfMessagesPerSecond: z.number().int().min(1).max(FASTEST).optional(),
});

export class MoveTasks {
  private readonly turns = new Map<string, Cancel>();

  constructor(private readonly props: MoveTasksProps) {
    for (const { id, status } of props.tasks.values()) if (status === 'RUNNING') this.takeTurn(id, TURN_MS);
  }

  readonly operations: Operations = {
    StartMessageMoveTask: operation(START, (input, caller) => ({
      TaskHandle: handleOf(this.start(input, caller)),
    })),
    ListMessageMoveTasks: operation(
      z.object({ SourceArn: z.string(), MaxResults: z.number().int().min(1).max(REMEMBERED).default(1) }),
      (input, caller) => {
        this.props.authorize(caller, 'ListMessageMoveTasks', input.SourceArn);
        this.require(input.SourceArn, 'SourceArn');
        const newestFirst = this.of(input.SourceArn).reverse();
        return { Results: newestFirst.slice(0, input.MaxResults).map(describe) };
      },
    ),
    CancelMessageMoveTask: operation(z.object({ TaskHandle: z.string() }), (input, caller) => {
      const { taskId, sourceArn } = readHandle(input.TaskHandle);
      this.props.authorize(caller, 'CancelMessageMoveTask', sourceArn);
      this.require(sourceArn, 'SourceArn');
      const task = this.props.tasks.get(taskId);
      if (task?.status !== 'RUNNING') throw notFound('Task does not exist.');
      this.put({ ...task, status: 'CANCELLED' });
      this.stop(taskId);
      return { ApproximateNumberOfMessagesMoved: task.moved };
    }),
  };

  close(): void {
    for (const cancel of this.turns.values()) cancel();
  }

  private start(input: z.output<typeof START>, caller: Caller): MoveTask {
    const { authorize, queues, context } = this.props;
    const { SourceArn: sourceArn, DestinationArn: destinationArn } = input;
    // A task does what its caller may (developer guide, "Configuring a dead-letter queue redrive").
    for (const action of ['StartMessageMoveTask', 'ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes']) {
      authorize(caller, action, sourceArn);
    }
    const source = this.require(sourceArn, 'SourceArn');
    const failing = queues().filter(({ redrive }) => redrive?.deadLetterTargetArn === sourceArn);
    if (failing.length === 0) throw invalid('Source queue must be configured as a Dead Letter Queue.');
    for (const arn of destinationArn ? [destinationArn] : failing.map((queue) => queue.arn)) {
      authorize(caller, 'SendMessage', arn);
    }
    if (destinationArn) this.require(destinationArn, 'DestinationArn');
    const before = this.of(sourceArn);
    if (before.some(({ status }) => status === 'RUNNING')) {
      throw invalid(
        'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
      );
    }
    const forgotten = before.slice(0, Math.max(0, before.length + 1 - REMEMBERED));
    for (const { id } of forgotten) this.props.tasks.delete(id);
    const task: MoveTask = {
      ...{ id: randomUUID(), sourceArn, destinationArn, perSecond: input.MaxNumberOfMessagesPerSecond },
      ...{ status: 'RUNNING', moved: 0, toMove: source.counts().visible, startedAt: context.clock.now() },
    };
    this.put(task);
    this.takeTurn(task.id, 0);
    return task;
  }

  /** One second's messages, and the next second's after that. */
  private takeTurn(id: string, afterMs: number): void {
    const { clock, log } = this.props.context;
    const turn = () => {
      this.turns.delete(id);
      try {
        if (this.move(id)) this.takeTurn(id, TURN_MS);
      } catch (error) {
        // A full disk, for example: what was not moved is where it was.
        log(`sqs: a move task could not go on: ${String(error)}`);
        this.takeTurn(id, TURN_MS);
      }
    };
    this.turns.set(id, clock.after(afterMs, turn));
  }

  /** @returns whether there is more to do */
  private move(id: string): boolean {
    const task = this.props.tasks.get(id);
    if (task?.status !== 'RUNNING') return false;
    const source = this.find(task.sourceArn);
    // Not what was moved and has come back since: a message that fails again would be moved for ever.
    const visible = (limit: number) => source?.visible(limit, task.startedAt) ?? [];
    const messages = visible(task.perSecond ?? FASTEST);
    let { moved } = task;
    for (const message of messages) {
      const arn = task.destinationArn ?? message.deadLetterSource;
      const target = arn === undefined ? undefined : this.find(arn);
      if (!source || !target) {
        const failureReason =
          arn === undefined ? 'CouldNotDetermineMessageSource' : 'AWS.SimpleQueueService.NonExistentQueue';
        this.put({ ...task, moved, status: 'FAILED', failureReason });
        return false;
      }
      source.move(message, target);
      moved += 1;
    }
    const isDone = visible(1).length === 0;
    this.put({ ...task, moved, status: isDone ? 'COMPLETED' : 'RUNNING' });
    return !isDone;
  }

  private stop(id: string): void {
    this.turns.get(id)?.();
    this.turns.delete(id);
  }

  private put(task: MoveTask): void {
    this.props.tasks.put(task.id, task);
  }

  private of(sourceArn: string): MoveTask[] {
    return [...this.props.tasks.values()].filter((task) => task.sourceArn === sourceArn);
  }

  private find(arn: string): Queue | undefined {
    return this.props.queues().find((queue) => queue.arn === arn);
  }

  /** @throws ResourceNotFoundException */
  private require(arn: string, member: string): Queue {
    const queue = this.find(arn);
    if (queue) return queue;
    throw notFound(`The resource that you specified for the ${member} parameter doesn't exist.`);
  }
}

const notFound = (message: string) => new AwsError('ResourceNotFoundException', message, 404);

const handleOf = ({ id, sourceArn }: MoveTask): string =>
  Buffer.from(JSON.stringify({ taskId: id, sourceArn })).toString('base64');

const HANDLE = z.object({ taskId: z.string(), sourceArn: z.string() });

/** @throws InvalidParameterValueException */
function readHandle(handle: string): z.output<typeof HANDLE> {
  try {
    return HANDLE.parse(JSON.parse(Buffer.from(handle, 'base64').toString('utf8')));
  } catch {
    throw invalid('Value for parameter TaskHandle is invalid.');
  }
}

function describe(task: MoveTask): Shape {
  return {
    TaskHandle: task.status === 'RUNNING' ? handleOf(task) : undefined,
    Status: task.status,
    SourceArn: task.sourceArn,
    DestinationArn: task.destinationArn,
    MaxNumberOfMessagesPerSecond: task.perSecond,
    ApproximateNumberOfMessagesMoved: task.moved,
    ApproximateNumberOfMessagesToMove: task.toMove,
    FailureReason: task.failureReason,
    StartedTimestamp: task.startedAt,
  };
}
