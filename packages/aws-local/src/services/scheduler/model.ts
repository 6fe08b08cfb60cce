// What EventBridge Scheduler keeps and is asked for. https://docs.aws.amazon.com/scheduler/latest/APIReference/
import { z } from 'zod';
import { TAG_LIST } from '../shared/operations';
import type { RestRoute } from '../shared/rest-protocol';

/** The wire has seconds since the epoch, calls in process have dates, state machines text (ISO 8601). */
const TIME = z.union([
  z.date().transform((date) => date.getTime()),
  z.number().transform((seconds) => seconds * 1000),
  z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
]);
export const TARGET = z.object({
  Arn: z.string(),
  RoleArn: z.string(),
  Input: z.string().optional(),
  RetryPolicy: z
    .object({ MaximumRetryAttempts: z.number().optional(), MaximumEventAgeInSeconds: z.number().optional() })
    .default({}),
  DeadLetterConfig: z.object({ Arn: z.string().optional() }).optional(),
  SqsParameters: z.object({ MessageGroupId: z.string().optional() }).optional(),
});
/** SDKs send one with every request that changes something; each request here is carried out once. */
const TOKEN = { ClientToken: z.string().min(1).max(64).optional() };
export const SETTINGS = z.object({
  Name: z.string().regex(/^[\w.-]{1,64}$/),
  GroupName: z.string().default('default'),
  Description: z.string().optional(),
  ScheduleExpression: z.string(),
  ScheduleExpressionTimezone: z.string().default('UTC'),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  StartDate: TIME.optional(),
  EndDate: TIME.optional(),
  FlexibleTimeWindow: z.object({
    Mode: z.enum(['OFF', 'FLEXIBLE']),
    MaximumWindowInMinutes: z.number().int().min(1).max(1440).optional(),
  }),
  ActionAfterCompletion: z.enum(['NONE', 'DELETE']).default('NONE'),
  Target: TARGET,
  ...TOKEN,
});
const PAGE = {
  NamePrefix: z.string().default(''),
  MaxResults: z.coerce.number().int().min(1).max(100).default(100),
  NextToken: z.string().optional(),
};
export const LIST_SCHEDULES = z.object({
  ...PAGE,
  GroupName: z.string().optional(),
  State: z.enum(['ENABLED', 'DISABLED']).optional(),
});
export const LIST_GROUPS = z.object(PAGE);
export const GROUP = z.object({ Name: z.string().regex(/^[\w.-]{1,64}$/), ...TOKEN });
export const NEW_GROUP = GROUP.extend({ Tags: TAG_LIST.default([]) });
export const NAMED = z.object({ Name: z.string(), GroupName: z.string().default('default'), ...TOKEN });

export const TAGGED = z.object({ ResourceArn: z.string() });
/** In a query, one key alone is no list. */
export const TAG_KEYS = z.union([z.array(z.string()), z.string().transform((key) => [key])]);

export const groupOfArn = (arn: string): string => arn.split(':schedule-group/')[1] ?? arn;

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

const TAGS = '/tags/{ResourceArn+}';

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
    query: { GroupName: 'groupName', ClientToken: 'clientToken' },
  },
  {
    operation: 'ListScheduleGroups',
    method: 'GET',
    path: '/schedule-groups',
    query: { NamePrefix: 'NamePrefix', MaxResults: 'MaxResults', NextToken: 'NextToken' },
  },
  { operation: 'GetScheduleGroup', method: 'GET', path: '/schedule-groups/{Name}' },
  { operation: 'CreateScheduleGroup', method: 'POST', path: '/schedule-groups/{Name}' },
  {
    operation: 'DeleteScheduleGroup',
    method: 'DELETE',
    path: '/schedule-groups/{Name}',
    query: { ClientToken: 'clientToken' },
  },
  { operation: 'ListTagsForResource', method: 'GET', path: TAGS },
  { operation: 'TagResource', method: 'POST', path: TAGS },
  { operation: 'UntagResource', method: 'DELETE', path: TAGS, query: { TagKeys: 'TagKeys' } },
];

export interface Group {
  readonly createdAt: number;
  readonly tags?: Readonly<Record<string, string>>;
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
