// Amazon EventBridge Scheduler on localhost: schedules that call their target as their role.
import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { AwsError, type AwsService, type ServiceContext, type Shape } from '../../service';
import { DurableQueue, type Job, type Verdict } from '../shared/durable-queue';
import { type Caller, type Operations, operation, TAG_LIST } from '../shared/operations';
import { restJsonService } from '../shared/rest-protocol';
import { parseSchedule, periodOf } from '../shared/schedule';
import { type TagMap, tagList, tagMap, withoutKeys } from '../shared/tags';
import { RuleTimers } from '../shared/timers';
import {
  type Call,
  GROUP,
  type Group,
  groupOfArn,
  LIST_GROUPS,
  LIST_SCHEDULES,
  NAMED,
  NEW_GROUP,
  page,
  ROUTES,
  type Schedule,
  SETTINGS,
  TAG_KEYS,
  TAGGED,
} from './model';

export type SchedulerService = AwsService;

/** How late a start date may be (API reference of CreateSchedule). */
const EARLIEST_START_MS = 5 * 60_000;

export async function createScheduler(context: ServiceContext): Promise<SchedulerService> {
  const schedules = context.store.map<Schedule>('scheduler/schedules');
  const groups = context.store.map<Group>('scheduler/groups');
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
    jobs: context.store.map('scheduler/calls'),
    clock: context.clock,
    concurrency: 8,
    log: context.log,
    run: async ({ payload }) => {
      const principal = callerOf(payload);
      await context.deliver({ arn: payload.target.Arn, body: payload.input, principal });
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
        await context.deliver({ arn: target.DeadLetterConfig.Arn, body: input, principal });
      } catch (failure) {
        context.log(`scheduler: ${scheduleArn} could not reach its dead-letter queue: ${String(failure)}`);
      }
    }
    return 'give-up';
  }

  const fire = (schedule: Schedule, time: number) => {
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
  };
  const timers = new RuleTimers<Schedule>(context.clock, fire);

  const groupArnOf = (group: string) => `${prefix}:schedule-group/${group}`;
  const arnOf = (group: string, name: string) => `${prefix}:schedule/${group}/${name}`;

  /** @throws ResourceNotFoundException */
  function known(input: z.output<typeof NAMED>): Schedule {
    const schedule = schedules.get(arnOf(input.GroupName, input.Name));
    if (!schedule)
      throw new AwsError('ResourceNotFoundException', `Schedule ${input.Name} does not exist.`, 404);
    return schedule;
  }

  /** @throws ResourceNotFoundException */
  function knownGroup(name: string): Group {
    const group = groups.get(name);
    if (!group)
      throw new AwsError('ResourceNotFoundException', `Schedule group ${name} does not exist.`, 404);
    return group;
  }

  function save(settings: z.output<typeof SETTINGS>, before: Schedule | undefined, caller: Caller): string {
    const arn = arnOf(settings.GroupName, settings.Name);
    knownGroup(settings.GroupName);
    context.requireTarget(settings.Target.Arn);
    const now = context.clock.now();
    if (settings.StartDate !== undefined && settings.StartDate < now - EARLIEST_START_MS) {
      throw new AwsError(
        'ValidationException',
        'The StartDate you specify cannot be earlier than 5 minutes ago.',
      );
    }
    const madeAt = before?.madeAt ?? now;
    // The start date of a rate is its first time (User Guide, "Rate-based schedules").
    const createdAt = (settings.StartDate ?? madeAt) - (periodOf(settings.ScheduleExpression) ?? 0);
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
      madeAt,
      modifiedAt: now,
      settings,
    };
    schedules.put(arn, schedule);
    timers.set(schedule);
    // A rate without a start date begins at once.
    const isRate = periodOf(settings.ScheduleExpression) !== undefined;
    if (!before && isRate && settings.StartDate === undefined && schedule.isEnabled) fire(schedule, now);
    return arn;
  }

  function describe(schedule: Schedule): Shape {
    const { StartDate, EndDate, ...settings } = schedule.settings;
    return {
      ...settings,
      Arn: schedule.arn,
      StartDate: StartDate === undefined ? undefined : new Date(StartDate),
      EndDate: EndDate === undefined ? undefined : new Date(EndDate),
      CreationDate: new Date(schedule.madeAt),
      LastModificationDate: new Date(schedule.modifiedAt),
    };
  }

  /** What a list tells of a schedule (API reference, "ScheduleSummary"). */
  function summary(schedule: Schedule): Shape {
    const { Name, GroupName, State, Target } = schedule.settings;
    return {
      Arn: schedule.arn,
      Name,
      GroupName,
      State,
      Target: { Arn: Target.Arn },
      CreationDate: new Date(schedule.madeAt),
      LastModificationDate: new Date(schedule.modifiedAt),
    };
  }

  function changeTags(arn: string, action: string, caller: Caller, change: (tags: TagMap) => TagMap): void {
    authorize(caller, action, arn);
    const name = groupOfArn(arn);
    const group = knownGroup(name);
    groups.put(name, { ...group, tags: change(group.tags ?? {}) });
  }

  function describeGroup(Name: string, { createdAt }: Group): Shape {
    const time = new Date(createdAt);
    return { Arn: groupArnOf(Name), Name, State: 'ACTIVE', CreationDate: time, LastModificationDate: time };
  }

  const operations: Operations = {
    CreateSchedule: operation(SETTINGS, (input, caller) => {
      const arn = arnOf(input.GroupName, input.Name);
      authorize(caller, 'CreateSchedule', arn);
      if (schedules.has(arn))
        throw new AwsError('ConflictException', `Schedule ${input.Name} already exists.`, 409);
      return { ScheduleArn: save(input, undefined, caller) };
    }),
    UpdateSchedule: operation(SETTINGS, (input, caller) => {
      authorize(caller, 'UpdateSchedule', arnOf(input.GroupName, input.Name));
      return { ScheduleArn: save(input, known(input), caller) };
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
    ListSchedules: operation(LIST_SCHEDULES, (input, caller) => {
      authorize(caller, 'ListSchedules', '*');
      if (input.GroupName !== undefined) knownGroup(input.GroupName);
      const found = [...schedules.values()].filter(
        ({ settings }) =>
          (input.GroupName === undefined || settings.GroupName === input.GroupName) &&
          (input.State === undefined || settings.State === input.State) &&
          settings.Name.startsWith(input.NamePrefix),
      );
      const { items, NextToken } = page(
        found.map(
          (schedule) => [`${schedule.settings.GroupName}/${schedule.settings.Name}`, schedule] as const,
        ),
        input,
      );
      return { Schedules: items.map(summary), NextToken };
    }),
    ListScheduleGroups: operation(LIST_GROUPS, (input, caller) => {
      authorize(caller, 'ListScheduleGroups', '*');
      const found = [...groups.keys()].filter((name) => name.startsWith(input.NamePrefix));
      const { items, NextToken } = page(
        found.map((name) => [name, name] as const),
        input,
      );
      return { ScheduleGroups: items.map((name) => describeGroup(name, knownGroup(name))), NextToken };
    }),
    GetScheduleGroup: operation(GROUP, ({ Name }, caller) => {
      authorize(caller, 'GetScheduleGroup', groupArnOf(Name));
      return describeGroup(Name, knownGroup(Name));
    }),
    CreateScheduleGroup: operation(NEW_GROUP, ({ Name, Tags }, caller) => {
      authorize(caller, 'CreateScheduleGroup', groupArnOf(Name));
      if (groups.has(Name))
        throw new AwsError('ConflictException', `Schedule group ${Name} already exists.`, 409);
      groups.put(Name, { createdAt: context.clock.now(), tags: tagMap(Tags) });
      return { ScheduleGroupArn: groupArnOf(Name) };
    }),
    TagResource: operation(TAGGED.extend({ Tags: TAG_LIST }), (input, caller) => {
      changeTags(input.ResourceArn, 'TagResource', caller, (tags) => ({ ...tags, ...tagMap(input.Tags) }));
    }),
    UntagResource: operation(TAGGED.extend({ TagKeys: TAG_KEYS }), (input, caller) => {
      changeTags(input.ResourceArn, 'UntagResource', caller, (tags) => withoutKeys(tags, input.TagKeys));
    }),
    ListTagsForResource: operation(TAGGED, ({ ResourceArn }, caller) => {
      authorize(caller, 'ListTagsForResource', ResourceArn);
      return { Tags: tagList(knownGroup(groupOfArn(ResourceArn)).tags) };
    }),
    DeleteScheduleGroup: operation(GROUP, ({ Name }, caller) => {
      authorize(caller, 'DeleteScheduleGroup', groupArnOf(Name));
      knownGroup(Name);
      if (Name === 'default') throw new AwsError('ValidationException', 'Cannot delete the default group.');
      for (const schedule of [...schedules.values()]) {
        if (schedule.settings.GroupName !== Name) continue;
        schedules.delete(schedule.arn);
        timers.delete(schedule.arn);
      }
      groups.delete(Name);
    }),
  };

  return restJsonService({
    id: 'scheduler',
    routes: ROUTES,
    operations,
    start: () => {
      calls.start();
      for (const schedule of schedules.values()) timers.set(schedule);
    },
    close: async () => {
      timers.close();
      await calls.close();
    },
  });
}
