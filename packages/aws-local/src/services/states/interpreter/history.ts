// The events of an execution's history, with the members that the API gives them.
// https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
import type { Variables } from '../query/jsonata';

/** AWS ends an execution whose history gets longer. */
export const MOST_EVENTS = 25_000;

export interface HistoryEvent {
  readonly id: number;
  readonly previousEventId: number;
  readonly type: string;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  /** The member with the details, named by the event's type. */
  readonly [details: `${string}EventDetails`]: Readonly<Record<string, unknown>>;
}

/** An event before it has its place. */
export interface EventDraft {
  readonly type: string;
  readonly details?: Readonly<Record<string, unknown>>;
  /** @default - the branch's last event */
  readonly follows?: number;
  /** The branch's next event does not follow this one. */
  readonly isAside?: true;
}

export function toEvent(draft: EventDraft, id: number, follows: number, timestamp: number): HistoryEvent {
  const { type, details } = draft;
  const event = { id, previousEventId: draft.follows ?? follows, type, timestamp };
  if (details === undefined) return event;
  const member = /^\w+State(Entered|Exited)$/.exec(type);
  const name = member ? `State${member[1]}` : type;
  return { ...event, [`${name.charAt(0).toLowerCase()}${name.slice(1)}EventDetails`]: details };
}

const WHOLE = { truncated: false };

export const entered = (type: string, name: string, input: string): EventDraft => ({
  type: `${type}StateEntered`,
  details: { name, input, inputDetails: WHOLE },
});

export const exited = (
  type: string,
  name: string,
  output: string,
  assigned: Variables | undefined,
): EventDraft => ({
  type: `${type}StateExited`,
  details: {
    name,
    output,
    outputDetails: WHOLE,
    ...(assigned &&
      Object.keys(assigned).length > 0 && {
        assignedVariables: Object.fromEntries(
          Object.entries(assigned).map(([variable, value]) => [variable, JSON.stringify(value)]),
        ),
        assignedVariablesDetails: WHOLE,
      }),
  },
});

export const executionStarted = (input: string, roleArn: string): EventDraft => ({
  type: 'ExecutionStarted',
  details: { input, inputDetails: WHOLE, roleArn },
});

export const executionSucceeded = (output: string): EventDraft => ({
  type: 'ExecutionSucceeded',
  details: { output, outputDetails: WHOLE },
});

/** @param outputs Members that carry data; each gets its details. */
export function withData(
  details: Readonly<Record<string, unknown>>,
  ...data: string[]
): Record<string, unknown> {
  return { ...details, ...Object.fromEntries(data.map((name) => [`${name}Details`, WHOLE])) };
}
