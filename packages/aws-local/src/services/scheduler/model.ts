// What EventBridge Scheduler keeps and is asked for. https://docs.aws.amazon.com/scheduler/latest/APIReference/
import { z } from 'zod';
import type { RestRoute } from '../shared/rest-protocol';

/** The wire has seconds since the epoch, calls in process have dates, state machines text (ISO 8601). */
const TIME = z.union([
  z.date().transform((date) => date.getTime()),
  z.number().transform((seconds) => seconds * 1000),
  z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
]);
export const TARGET = z.looseObject({
  Arn: z.string(),
  RoleArn: z.string(),
  Input: z.string().optional(),
  RetryPolicy: z
    .object({ MaximumRetryAttempts: z.number().optional(), MaximumEventAgeInSeconds: z.number().optional() })
    .default({}),
  DeadLetterConfig: z.object({ Arn: z.string().optional() }).optional(),
});
export const SETTINGS = z.looseObject({
  Name: z.string().regex(/^[\w.-]{1,64}$/),
  GroupName: z.string().default('default'),
  Description: z.string().optional(),
  ScheduleExpression: z.string(),
  ScheduleExpressionTimezone: z.string().default('UTC'),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  StartDate: TIME.optional(),
  EndDate: TIME.optional(),
  FlexibleTimeWindow: z.looseObject({ Mode: z.enum(['OFF', 'FLEXIBLE']) }),
  ActionAfterCompletion: z.enum(['NONE', 'DELETE']).default('NONE'),
  Target: TARGET,
});
const PAGE = {
  NamePrefix: z.string().default(''),
  MaxResults: z.coerce.number().int().min(1).max(100).default(100),
  NextToken: z.string().optional(),
};
export const LIST_SCHEDULES = z.looseObject({
  ...PAGE,
  GroupName: z.string().optional(),
  State: z.enum(['ENABLED', 'DISABLED']).optional(),
});
export const LIST_GROUPS = z.looseObject(PAGE);
export const GROUP = z.looseObject({ Name: z.string().regex(/^[\w.-]{1,64}$/) });
export const NAMED = z.looseObject({ Name: z.string(), GroupName: z.string().default('default') });

export interface Schedule {
  readonly arn: string;
  readonly schedule: string;
  readonly timeZone: string;
  readonly isEnabled: boolean;
  /** Where a rate is counted from: one period before its first time. Milliseconds since the epoch, like all times here. */
  readonly createdAt: number;
  readonly madeAt: number;
  readonly modifiedAt: number;
  readonly settings: z.output<typeof SETTINGS>;
}

export interface Call {
  readonly scheduleArn: string;
  readonly target: z.output<typeof TARGET>;
  readonly input: string;
}

export const ROUTES: readonly RestRoute[] = [
  {
    operation: 'ListSchedules',
    method: 'GET',
    path: '/schedules',
    query: {
      GroupName: 'ScheduleGroup',
      NamePrefix: 'NamePrefix',
      State: 'State',
      MaxResults: 'MaxResults',
      NextToken: 'NextToken',
    },
  },
  { operation: 'CreateSchedule', method: 'POST', path: '/schedules/{Name}' },
  { operation: 'GetSchedule', method: 'GET', path: '/schedules/{Name}', query: { GroupName: 'groupName' } },
  { operation: 'UpdateSchedule', method: 'PUT', path: '/schedules/{Name}' },
  {
    operation: 'DeleteSchedule',
    method: 'DELETE',
    path: '/schedules/{Name}',
    query: { GroupName: 'groupName' },
  },
  {
    operation: 'ListScheduleGroups',
    method: 'GET',
    path: '/schedule-groups',
    query: { NamePrefix: 'NamePrefix', MaxResults: 'MaxResults', NextToken: 'NextToken' },
  },
  { operation: 'GetScheduleGroup', method: 'GET', path: '/schedule-groups/{Name}' },
  { operation: 'CreateScheduleGroup', method: 'POST', path: '/schedule-groups/{Name}' },
  { operation: 'DeleteScheduleGroup', method: 'DELETE', path: '/schedule-groups/{Name}' },
];

export interface Group {
  readonly createdAt: number;
}

const RATE = /^rate\((\d+) (minute|hour|day)s?\)$/;
const UNITS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** Milliseconds between two times of a rate; undefined for other expressions. */
export function periodOf(expression: string): number | undefined {
  const [, count, unit = ''] = RATE.exec(expression) ?? [];
  return count === undefined ? undefined : Number(count) * (UNITS[unit] ?? 0);
}

/** One page of what is sorted by name; the token is the name after which the next page begins. */
export function page<T>(
  found: readonly (readonly [name: string, item: T])[],
  { MaxResults, NextToken = '' }: { readonly MaxResults: number; readonly NextToken?: string },
): { readonly items: T[]; readonly NextToken?: string } {
  const rest = found.filter(([name]) => name > NextToken).sort(([a], [b]) => (a < b ? -1 : 1));
  const shown = rest.slice(0, MaxResults);
  const last = rest.length > MaxResults ? shown.at(-1)?.[0] : undefined;
  return { items: shown.map(([, item]) => item), ...(last !== undefined && { NextToken: last }) };
}
