// Amazon EventBridge Scheduler on localhost: schedules that call their target as their role.
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { AwsError, type AwsService, type ServiceContext, type Shape } from '../../service';
import { RuleTimers } from '../events/rule-timers';
import { parseSchedule } from '../events/schedule';
import { DurableQueue, type Job, type Verdict } from '../shared/durable-queue';
import { JournaledMap } from '../shared/journaled-map';
import { type Caller, type Operations, operation } from '../shared/operations';
import { type RestRoute, restJsonService } from '../shared/rest-protocol';
import { deliverToTarget } from '../shared/targets';

export type SchedulerService = AwsService;

const TIME = z.union([
  z.date().transform((date) => date.getTime()),
  z.number().transform((seconds) => seconds * 1000),
]);
const TARGET = z.looseObject({
  Arn: z.string(),
  RoleArn: z.string(),
  Input: z.string().optional(),
  RetryPolicy: z
    .object({ MaximumRetryAttempts: z.number().optional(), MaximumEventAgeInSeconds: z.number().optional() })
    .default({}),
  DeadLetterConfig: z.object({ Arn: z.string().optional() }).optional(),
});
const SETTINGS = z.looseObject({
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
const NAMED = z.looseObject({ Name: z.string(), GroupName: z.string().default('default') });

interface Schedule {
  readonly arn: string;
  readonly schedule: string;
  readonly timeZone: string;
  readonly isEnabled: boolean;
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly settings: z.output<typeof SETTINGS>;
}

interface Call {
  readonly scheduleArn: string;
  readonly target: z.output<typeof TARGET>;
  readonly input: string;
}

const ROUTES: readonly RestRoute[] = [
  {
    operation: 'ListSchedules',
    method: 'GET',
    path: '/schedules',
    query: { GroupName: 'ScheduleGroup', NamePrefix: 'NamePrefix' },
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
  { operation: 'CreateScheduleGroup', method: 'POST', path: '/schedule-groups/{Name}' },
  { operation: 'DeleteScheduleGroup', method: 'DELETE', path: '/schedule-groups/{Name}' },
];

export async function createScheduler(context: ServiceContext): Promise<SchedulerService> {
  const schedules = new JournaledMap<Schedule>(join(context.stateDir, 'schedules.jsonl'));
  const groups = new JournaledMap<{ readonly createdAt: number }>(join(context.stateDir, 'groups.jsonl'));
  if (!groups.has('default')) groups.put('default', { createdAt: context.clock.now() });
  const prefix = `arn:aws:scheduler:${context.region}:${context.accountId}`;
  const authorize = (caller: Caller, action: string, resource: string) =>
    context.authorize({
      principal: caller.principal,
      action: `scheduler:${action}`,
      resource,
      context: caller.conditions,
    });

  // A role can be bound to a schedule group, not to a schedule (User Guide, "Confused deputy prevention").
  const callerOf = ({ target, scheduleArn }: Call) => {
    const groupArn = scheduleArn.replace(/:schedule\/([^/]+)\/.*$/, ':schedule-group/$1');
    return context.assumeRole(target.RoleArn, 'scheduler', 'scheduler.amazonaws.com', groupArn);
  };

  const calls = new DurableQueue<Call>({
    file: join(context.stateDir, 'calls.jsonl'),
    clock: context.clock,
    concurrency: 8,
    run: async ({ payload }) => {
      const principal = callerOf(payload);
      await deliverToTarget(context, payload.target.Arn, payload.input, principal);
    },
    onFailure,
  });

  async function onFailure(job: Job<Call>, error: unknown): Promise<Verdict> {
    const { target, scheduleArn, input } = job.payload;
    context.log(`scheduler: ${scheduleArn} could not call ${target.Arn}: ${String(error)}`);
    const isHopeless = error instanceof AwsError && error.status < 500 && error.status !== 429;
    const isLast = job.attempts > (target.RetryPolicy.MaximumRetryAttempts ?? 185);
    if (!isHopeless && !isLast) return { retryAfterMs: Math.min(1000 * 2 ** job.attempts, 60_000) };
    if (target.DeadLetterConfig?.Arn) {
      try {
        const principal = callerOf(job.payload);
        await deliverToTarget(context, target.DeadLetterConfig.Arn, input, principal);
      } catch (failure) {
        context.log(`scheduler: ${scheduleArn} could not reach its dead-letter queue: ${String(failure)}`);
      }
    }
    return 'give-up';
  }

  const timers = new RuleTimers<Schedule>(context.clock, (schedule, time) => {
    const { Target, StartDate, EndDate, ScheduleExpression, ActionAfterCompletion } = schedule.settings;
    if ((StartDate !== undefined && time < StartDate) || (EndDate !== undefined && time > EndDate)) return;
    const scheduled = new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');
    const input = (Target.Input ?? '{}')
      .replaceAll('<aws.scheduler.schedule-arn>', schedule.arn)
      .replaceAll('<aws.scheduler.scheduled-time>', scheduled)
      .replaceAll('<aws.scheduler.execution-id>', randomUUID())
      .replaceAll('<aws.scheduler.attempt-number>', '1');
    calls.add({ scheduleArn: schedule.arn, target: Target, input });
    if (ScheduleExpression.startsWith('at(') && ActionAfterCompletion === 'DELETE')
      schedules.delete(schedule.arn);
  });

  const arnOf = (group: string, name: string) => `${prefix}:schedule/${group}/${name}`;

  /** @throws ResourceNotFoundException */
  function known(input: z.output<typeof NAMED>): Schedule {
    const schedule = schedules.get(arnOf(input.GroupName, input.Name));
    if (!schedule)
      throw new AwsError('ResourceNotFoundException', `Schedule ${input.Name} does not exist.`, 404);
    return schedule;
  }

  function save(settings: z.output<typeof SETTINGS>, createdAt: number, caller: Caller): string {
    const arn = arnOf(settings.GroupName, settings.Name);
    if (!groups.has(settings.GroupName))
      throw new AwsError(
        'ResourceNotFoundException',
        `Schedule group ${settings.GroupName} does not exist.`,
        404,
      );
    try {
      parseSchedule(settings.ScheduleExpression, createdAt, settings.ScheduleExpressionTimezone);
    } catch {
      throw new AwsError(
        'ValidationException',
        `Invalid Schedule Expression ${settings.ScheduleExpression}.`,
      );
    }
    context.authorize({
      principal: caller.principal,
      action: 'iam:PassRole',
      resource: settings.Target.RoleArn,
      context: { ...caller.conditions, 'iam:passedtoservice': 'scheduler.amazonaws.com' },
    });
    const schedule: Schedule = {
      arn,
      schedule: settings.ScheduleExpression,
      timeZone: settings.ScheduleExpressionTimezone,
      isEnabled: settings.State === 'ENABLED',
      createdAt,
      modifiedAt: context.clock.now(),
      settings,
    };
    schedules.put(arn, schedule);
    timers.set(schedule);
    return arn;
  }

  function describe(schedule: Schedule): Shape {
    const { StartDate, EndDate, ...settings } = schedule.settings;
    return {
      ...settings,
      Arn: schedule.arn,
      StartDate: StartDate === undefined ? undefined : new Date(StartDate),
      EndDate: EndDate === undefined ? undefined : new Date(EndDate),
      CreationDate: new Date(schedule.createdAt),
      LastModificationDate: new Date(schedule.modifiedAt),
    };
  }

  const operations: Operations = {
    CreateSchedule: operation(SETTINGS, (input, caller) => {
      const arn = arnOf(input.GroupName, input.Name);
      authorize(caller, 'CreateSchedule', arn);
      if (schedules.has(arn))
        throw new AwsError('ConflictException', `Schedule ${input.Name} already exists.`, 409);
      return { ScheduleArn: save(input, context.clock.now(), caller) };
    }),
    UpdateSchedule: operation(SETTINGS, (input, caller) => {
      authorize(caller, 'UpdateSchedule', arnOf(input.GroupName, input.Name));
      return { ScheduleArn: save(input, known(input).createdAt, caller) };
    }),
    GetSchedule: operation(NAMED, (input, caller) => {
      authorize(caller, 'GetSchedule', arnOf(input.GroupName, input.Name));
      return describe(known(input));
    }),
    DeleteSchedule: operation(NAMED, (input, caller) => {
      authorize(caller, 'DeleteSchedule', arnOf(input.GroupName, input.Name));
      const { arn } = known(input);
      schedules.delete(arn);
      timers.delete(arn);
    }),
    ListSchedules: operation(
      z.looseObject({ GroupName: z.string().optional(), NamePrefix: z.string().default('') }),
      (input, caller) => {
        authorize(caller, 'ListSchedules', '*');
        const found = [...schedules.values()].filter(
          ({ settings }) =>
            (input.GroupName === undefined || settings.GroupName === input.GroupName) &&
            settings.Name.startsWith(input.NamePrefix),
        );
        return { Schedules: found.map(describe) };
      },
    ),
    CreateScheduleGroup: operation(z.looseObject({ Name: z.string() }), (input, caller) => {
      const ScheduleGroupArn = `${prefix}:schedule-group/${input.Name}`;
      authorize(caller, 'CreateScheduleGroup', ScheduleGroupArn);
      if (groups.has(input.Name))
        throw new AwsError('ConflictException', `Schedule group ${input.Name} already exists.`, 409);
      groups.put(input.Name, { createdAt: context.clock.now() });
      return { ScheduleGroupArn };
    }),
    DeleteScheduleGroup: operation(z.looseObject({ Name: z.string() }), (input, caller) => {
      authorize(caller, 'DeleteScheduleGroup', `${prefix}:schedule-group/${input.Name}`);
      groups.delete(input.Name);
      for (const schedule of [...schedules.values()]) {
        if (schedule.settings.GroupName !== input.Name) continue;
        schedules.delete(schedule.arn);
        timers.delete(schedule.arn);
      }
    }),
  };

  // The other services are not there yet while this one is being made.
  setImmediate(() => {
    calls.start();
    for (const schedule of schedules.values()) timers.set(schedule);
  });

  return restJsonService({
    id: 'scheduler',
    routes: ROUTES,
    operations,
    close: async () => {
      timers.close();
      await calls.close();
      schedules.close();
      groups.close();
    },
  });
}
