// Rules, their targets and events: as kept, as checked, as described.
import { z } from 'zod';
import { AwsError, type Shape } from '../../service';
import { requireValidPattern } from '../shared/event-pattern';
import { parseSchedule } from '../shared/schedule';
import { TARGET_INPUT } from './input-transformer';

export const DEFAULT_BUS = 'default';

export const TARGET = z.object({
  Id: z.string().regex(/^[.\-_A-Za-z0-9]{1,64}$/),
  Arn: z.string(),
  RoleArn: z.string().optional(),
  ...TARGET_INPUT,
  RetryPolicy: z
    .object({ MaximumRetryAttempts: z.number().optional(), MaximumEventAgeInSeconds: z.number().optional() })
    .default({}),
  DeadLetterConfig: z.object({ Arn: z.string().optional() }).optional(),
  SqsParameters: z.object({ MessageGroupId: z.string().optional() }).optional(),
});
export type Target = z.output<typeof TARGET>;

export interface Rule {
  readonly name: string;
  readonly bus: string;
  readonly arn: string;
  readonly description?: string;
  readonly pattern?: Record<string, unknown>;
  readonly schedule?: string;
  readonly isEnabled: boolean;
  readonly roleArn?: string;
  readonly targets: readonly Target[];
  readonly tags: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch; rates are counted from here. */
  readonly createdAt: number;
}

export const ENTRY = z.object({
  Source: z.string().optional(),
  DetailType: z.string().optional(),
  Detail: z.string().optional(),
  Resources: z.array(z.string()).default([]),
  Time: z.union([z.date(), z.number().transform((seconds) => new Date(seconds * 1000))]).optional(),
  EventBusName: z.string().optional(),
});
export const BUS = { EventBusName: z.string().default(DEFAULT_BUS).transform(busName) };
export const OF_ARN = z.object({ ResourceARN: z.string() });
export const RULE = z.object({ Name: z.string().regex(/^[.\-_A-Za-z0-9]{1,64}$/), ...BUS });

/** A rule as the API describes it. */
export function describeRule(rule: Rule): Shape {
  return {
    Name: rule.name,
    Arn: rule.arn,
    EventBusName: rule.bus,
    Description: rule.description,
    EventPattern: rule.pattern ? JSON.stringify(rule.pattern) : undefined,
    ScheduleExpression: rule.schedule,
    State: rule.isEnabled ? 'ENABLED' : 'DISABLED',
    RoleArn: rule.roleArn,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`Event pattern is not valid. Reason: ${(error as Error).message}`);
  }
}

/** What an event has, whoever sent it. */
const REQUIRED = ['id', 'account', 'source', 'time', 'region', 'detail-type'];

/** An event, of which a pattern can be tried. @throws ValidationException */
export function parseEvent(text: string): Readonly<Record<string, unknown>> {
  let event: unknown;
  try {
    event = JSON.parse(text);
  } catch {
    // Told below, as what is JSON and no event.
  }
  if (
    typeof event !== 'object' ||
    event === null ||
    Array.isArray(event) ||
    REQUIRED.some((member) => !(member in event))
  )
    throw new AwsError('ValidationException', 'Parameter Event is not valid.');
  return event as Readonly<Record<string, unknown>>;
}

/** @throws InvalidEventPatternException */
export function parsePattern(text: string | undefined): Record<string, unknown> | undefined {
  if (text === undefined) return undefined;
  try {
    const pattern = parseJson(text);
    requireValidPattern(pattern);
    return pattern;
  } catch (error) {
    throw new AwsError('InvalidEventPatternException', (error as Error).message);
  }
}

/** @throws ValidationException */
export function checkedSchedule(expression: string | undefined): string | undefined {
  if (expression === undefined) return undefined;
  try {
    parseSchedule(expression, 0);
    return expression;
  } catch {
    throw new AwsError('ValidationException', 'Parameter ScheduleExpression is not valid.');
  }
}

export function busName(nameOrArn: string): string {
  return nameOrArn.startsWith('arn:') ? (nameOrArn.split('event-bus/')[1] ?? nameOrArn) : nameOrArn;
}

export function isoSeconds(time: number): string {
  return new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');
}
