// What the Resource of a Task state names, and how the history tells of the task.

import { type EventDraft, withData } from '../interpreter/history';
import type { TaskFields } from '../interpreter/step';
import type { TaskEvents } from '../interpreter/task';
import type { StateFailure } from '../language/failure';

export type Resource =
  | { readonly kind: 'function'; readonly arn: string }
  | {
      readonly kind: 'service';
      /** An SDK integration; otherwise one that Step Functions has of its own. */
      readonly isSdk: boolean;
      readonly service: string;
      readonly action: string;
      readonly pattern: '' | '.sync' | '.sync:2';
    };

const SERVICE = /^arn:aws:states:::(?:(aws-sdk):)?(\w+):(\w+)(\.sync(?::2)?)?$/;
const FUNCTION = /^arn:aws:lambda:[a-z0-9-]+:\d{12}:function:[\w-]+(:[\w$-]+)?$/;

export function parseResource(text: string): Resource | undefined {
  if (FUNCTION.test(text)) return { kind: 'function', arn: text };
  const [whole, sdk, service = '', action = '', pattern = ''] = SERVICE.exec(text) ?? [];
  if (whole === undefined) return undefined;
  return {
    kind: 'service',
    isSdk: sdk !== undefined,
    service,
    action,
    pattern: pattern as '' | '.sync' | '.sync:2',
  };
}

/** The events of a task, with the names that its kind of resource has. */
export function taskEvents(text: string, region: string): TaskEvents {
  const resource = parseResource(text);
  if (resource?.kind === 'function') return functionEvents(resource.arn);
  const { isSdk = false, service = '', action = '', pattern = '' } = resource ?? {};
  const name = { resource: `${action}${pattern}`, resourceType: isSdk ? `aws-sdk:${service}` : service };
  const event = (type: string, details: Readonly<Record<string, unknown>> = {}): EventDraft => ({
    type: `Task${type}`,
    details: { ...details, ...name },
  });
  return {
    name: service,
    scheduled: ({ input, ...times }) =>
      event('Scheduled', { region, parameters: JSON.stringify(input), ...limits(times) }),
    started: () => event('Started'),
    submitted: (output) => event('Submitted', withData({ output }, 'output')),
    succeeded: (output) => event('Succeeded', withData({ output }, 'output')),
    failed: (failure) => event('Failed', why(failure)),
    timedOut: (failure) => event('TimedOut', why(failure)),
  };
}

function functionEvents(resource: string): TaskEvents {
  const event = (type: string, details?: Readonly<Record<string, unknown>>): EventDraft => ({
    type: `LambdaFunction${type}`,
    ...(details && { details }),
  });
  return {
    name: resource,
    scheduled: ({ input, ...times }) =>
      event('Scheduled', withData({ resource, input: JSON.stringify(input), ...limits(times) }, 'input')),
    started: () => event('Started'),
    submitted: () => event('Submitted'),
    succeeded: (output) => event('Succeeded', withData({ output }, 'output')),
    failed: (failure) => event('Failed', why(failure)),
    timedOut: (failure) => event('TimedOut', why(failure)),
  };
}

function limits({ timeoutSeconds, heartbeatSeconds }: Omit<TaskFields, 'input'>): Record<string, number> {
  return {
    ...(timeoutSeconds !== undefined && { timeoutInSeconds: timeoutSeconds }),
    ...(heartbeatSeconds !== undefined && { heartbeatInSeconds: heartbeatSeconds }),
  };
}

function why({ error, reason: cause }: StateFailure): Record<string, string> {
  return { ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) };
}
