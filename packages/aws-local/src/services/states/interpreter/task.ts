// A Task state: handed to its service, whose answer or failure is kept before anything else happens.
import type { Cancel } from '@emotion-gallery/local-kit/clock';
import { parseDocument, textOf } from '../language/document';
import { StateFailure, Stopped } from '../language/failure';
import { limit } from '../language/limits';
import { type Branch, unlessAborted } from './branch';
import { resultOf, type ScheduledTask } from './checkpoint';
import type { EventDraft } from './history';
import type { StateLanguage, Step, TaskFields } from './step';

/** One call of a service, and what is told of it. */
export interface TaskCall {
  readonly resource: string;
  readonly input: unknown;
  readonly token: string;
  /** Milliseconds since the epoch. */
  readonly scheduledAt: number;
  /** An earlier process may have made the call already. */
  readonly isRepeated: boolean;
  /** The execution that an earlier process started for this task. */
  readonly submitted: string | undefined;
  /** Aborted when the task must not do anything any more. */
  readonly signal: AbortSignal;
  /** Aborted when the process ends. Answers of calls that were made are waited for, other executions are not. */
  readonly closing: AbortSignal;
  /** Keeps that an execution was started. */
  readonly submit: (executionArn: string, answer: unknown) => void;
}

export interface TaskService {
  /** @throws StateFailure, Stopped */
  run(call: TaskCall): Promise<unknown>;
  /** Told of the task in the history, by its life: Scheduled, Started, Submitted, Succeeded, Failed, TimedOut. */
  readonly events: (resource: string) => TaskEvents;
}

export interface TaskEvents {
  /** What the task is called where its result is too large. */
  readonly name: string;
  scheduled(fields: TaskFields): EventDraft;
  started(): EventDraft;
  submitted(answer: string): EventDraft;
  succeeded(result: string): EventDraft;
  failed(failure: StateFailure): EventDraft;
  timedOut(failure: StateFailure): EventDraft;
}

/** Returns the result. @throws StateFailure, Stopped */
export async function runTask(
  branch: Branch,
  step: Step,
  language: StateLanguage,
  service: TaskService,
): Promise<unknown> {
  if (branch.at.outcome) return resultOf(branch.at.outcome);
  const events = service.events(String(step.state.Resource));
  const isRepeated = branch.at.task !== undefined;
  const task = branch.at.task ?? (await schedule(branch, step, language, events));
  const { signal, closing } = branch.props;
  const timeout = new AbortController();
  try {
    const call = service.run({
      resource: String(step.state.Resource),
      input: parseDocument(task.input),
      token: task.token,
      scheduledAt: task.at,
      isRepeated,
      submitted: task.submitted,
      signal: AbortSignal.any([signal, timeout.signal]),
      closing,
      submit: (submitted, answer) =>
        branch.record({ task: { ...task, submitted } }, [events.submitted(textOf(answer))]),
    });
    const result = await withinTime(branch, task, unlessAborted(call, [signal]));
    limit(events.name, result);
    const text = textOf(result);
    branch.record({ outcome: { result: text } }, [events.succeeded(text)]);
    return result;
  } catch (thrown) {
    timeout.abort();
    // What fails because all services end is tried by the next process.
    if (!(thrown instanceof StateFailure) || closing.aborted)
      throw thrown instanceof StateFailure ? new Stopped() : thrown;
    const { error, reason: cause } = thrown;
    const event = thrown instanceof TaskTimeout ? events.timedOut(thrown) : events.failed(thrown);
    branch.record({ outcome: { failure: { error, cause } } }, [event]);
    throw thrown;
  }
}

async function schedule(
  branch: Branch,
  step: Step,
  language: StateLanguage,
  events: TaskEvents,
): Promise<ScheduledTask> {
  const fields = await language.task(step);
  const { timeoutSeconds } = fields;
  limit(step.name, fields.input);
  branch.check();
  const task: ScheduledTask = {
    input: textOf(fields.input),
    at: branch.delay(0).since,
    token: branch.token(),
    ...(timeoutSeconds !== undefined && { timeoutSeconds }),
  };
  branch.record({ task }, [events.scheduled(fields), events.started()]);
  return task;
}

class TaskTimeout extends StateFailure {
  constructor() {
    super('States.Timeout');
  }
}

async function withinTime(branch: Branch, task: ScheduledTask, work: Promise<unknown>): Promise<unknown> {
  const { timeoutSeconds, at } = task;
  if (timeoutSeconds === undefined) return work;
  const { clock } = branch.props;
  const left = timeoutSeconds * 1000 - (clock.now() - at) * clock.speed;
  let cancel: Cancel = () => undefined;
  const timeout = new Promise<never>((_, reject) => {
    cancel = clock.after(Math.max(0, left), () => reject(new TaskTimeout()));
  });
  try {
    return await Promise.race([work, timeout]);
  } finally {
    cancel();
  }
}
