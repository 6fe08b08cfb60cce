// Amazon EventBridge on localhost: buses, rules with patterns or schedules, deliveries that are kept until they succeed.
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { EventsService } from '../../ports';
import { AwsError, type ServiceContext, type Shape } from '../../service';
import { matchesPattern } from '../shared/event-pattern';
import { jsonService } from '../shared/json-protocol';
import { type Caller, inProcessCaller, type Operations, operation, TAG_LIST } from '../shared/operations';
import { type TagMap, tagList, tagMap, withoutKeys } from '../shared/tags';
import { RuleTimers } from '../shared/timers';
import { createDeliveries } from './deliveries';
import { checkInput, targetInput } from './input-transformer';
import {
  BUS,
  busName,
  checkedSchedule,
  DEFAULT_BUS,
  describeRule,
  ENTRY,
  isoSeconds,
  OF_ARN,
  parseEvent,
  parsePattern,
  RULE,
  type Rule,
  TARGET,
} from './model';

const MOST_TARGETS = 5;
const MOST_BYTES = 256 * 1024;

/** As the user guide counts an entry ("Calculating Amazon EventBridge event entry size"). @throws ValidationException */
function checkSize(entries: readonly z.output<typeof ENTRY>[]): void {
  const sizes = entries.map(({ Time, Source = '', DetailType = '', Detail = '', Resources }) =>
    [Source, DetailType, Detail, ...Resources].reduce(
      (sum, text) => sum + Buffer.byteLength(text),
      Time ? 14 : 0,
    ),
  );
  if (sizes.reduce((sum, size) => sum + size, 0) <= MOST_BYTES) return;
  throw new AwsError('ValidationException', 'Total size of the entries in the request is over the limit.');
}

export async function createEvents(context: ServiceContext): Promise<EventsService> {
  const buses = context.store.map<{ readonly name: string; readonly createdAt: number }>('events/buses');
  const rules = context.store.map<Rule>('events/rules');
  if (!buses.has(DEFAULT_BUS)) buses.put(DEFAULT_BUS, { name: DEFAULT_BUS, createdAt: context.clock.now() });
  const busArn = (name: string) => `arn:aws:events:${context.region}:${context.accountId}:event-bus/${name}`;
  const ruleArn = (bus: string, name: string) =>
    `arn:aws:events:${context.region}:${context.accountId}:rule/${bus === DEFAULT_BUS ? '' : `${bus}/`}${name}`;

  const deliveries = createDeliveries(context);

  function trigger(rule: Rule, event: Record<string, unknown>): void {
    for (const target of rule.targets) {
      deliveries.add({
        ruleArn: rule.arn,
        target,
        input: targetInput(target, event, rule.arn, context.clock.now()),
      });
    }
  }

  function route(bus: string, event: Record<string, unknown>): void {
    for (const rule of rules.values()) {
      if (rule.bus === bus && rule.isEnabled && rule.pattern && matchesPattern(rule.pattern, event))
        trigger(rule, event);
    }
  }

  const timers = new RuleTimers<Rule>(context.clock, (rule, time) =>
    trigger(rule, {
      version: '0',
      id: randomUUID(),
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      account: context.accountId,
      time: isoSeconds(time),
      region: context.region,
      resources: [rule.arn],
      detail: {},
    }),
  );

  const authorize = (
    caller: Caller,
    action: string,
    resource: string,
    conditions: Readonly<Record<string, string>> = {},
  ) =>
    context.authorize({
      principal: caller.principal,
      action: `events:${action}`,
      resource,
      context: { ...caller.conditions, ...conditions },
    });

  /** @throws ResourceNotFoundException */
  function known(bus: string, name: string): Rule {
    const rule = rules.get(`${bus}/${name}`);
    if (!rule)
      throw new AwsError('ResourceNotFoundException', `Rule ${name} does not exist on EventBus ${bus}.`);
    return rule;
  }

  /** @throws ResourceNotFoundException */
  function ofArn(arn: string): Rule {
    const [bus, name] = `${arn.split(':rule/')[1] ?? arn}`.split('/').slice(-2);
    return name === undefined ? known(DEFAULT_BUS, bus ?? arn) : known(bus ?? DEFAULT_BUS, name);
  }

  function changeTags(arn: string, action: string, caller: Caller, change: (tags: TagMap) => TagMap): void {
    authorize(caller, action, arn);
    const rule = ofArn(arn);
    save({ ...rule, tags: change(rule.tags) });
  }

  function save(rule: Rule): void {
    rules.put(`${rule.bus}/${rule.name}`, rule);
    timers.set(rule);
  }

  function putEvent(entry: z.output<typeof ENTRY>, caller: Caller): Shape {
    const bus = busName(entry.EventBusName ?? DEFAULT_BUS);
    const { Source, DetailType, Detail } = entry;
    for (const [name, value] of Object.entries({ Source, DetailType, Detail })) {
      if (!value)
        return {
          ErrorCode: 'InvalidArgument',
          ErrorMessage: `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
        };
    }
    authorize(caller, 'PutEvents', busArn(bus), {
      'events:source': Source ?? '',
      'events:detail-type': DetailType ?? '',
    });
    if (Source?.startsWith('aws.')) {
      return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' };
    }
    let detail: unknown;
    try {
      detail = JSON.parse(Detail ?? '');
    } catch {
      // Told below, as what is JSON and no object.
    }
    if (typeof detail !== 'object' || detail === null || Array.isArray(detail))
      return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
    // An event for a bus that is not there is taken, and reaches nobody.
    const id = randomUUID();
    route(bus, {
      version: '0',
      id,
      'detail-type': DetailType,
      source: Source,
      account: context.accountId,
      time: isoSeconds(entry.Time?.getTime() ?? context.clock.now()),
      region: context.region,
      resources: entry.Resources,
      detail,
    });
    return { EventId: id };
  }

  const operations: Operations = {
    PutEvents: operation(z.object({ Entries: z.array(ENTRY).min(1).max(10) }), (input, caller) => {
      checkSize(input.Entries);
      const Entries = input.Entries.map((entry) => putEvent(entry, caller));
      return { Entries, FailedEntryCount: Entries.filter((entry) => entry.ErrorCode !== undefined).length };
    }),
    PutRule: operation(
      RULE.extend({
        EventPattern: z.string().optional(),
        ScheduleExpression: z.string().optional(),
        State: z
          .enum(['ENABLED', 'DISABLED', 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS'])
          .default('ENABLED'),
        Description: z.string().max(512).optional(),
        RoleArn: z.string().optional(),
        Tags: TAG_LIST.default([]),
      }),
      (input, caller) => {
        const arn = ruleArn(input.EventBusName, input.Name);
        authorize(caller, 'PutRule', arn);
        if (!buses.has(input.EventBusName))
          throw new AwsError('ResourceNotFoundException', `Event bus ${input.EventBusName} does not exist.`);
        if (input.ScheduleExpression !== undefined && input.EventBusName !== DEFAULT_BUS) {
          throw new AwsError(
            'ValidationException',
            'ScheduleExpression is supported only on the default event bus.',
          );
        }
        const before = rules.get(`${input.EventBusName}/${input.Name}`);
        save({
          name: input.Name,
          bus: input.EventBusName,
          arn,
          description: input.Description,
          pattern: parsePattern(input.EventPattern),
          schedule: checkedSchedule(input.ScheduleExpression),
          isEnabled: input.State !== 'DISABLED',
          targets: before?.targets ?? [],
          roleArn: input.RoleArn,
          tags: before?.tags ?? tagMap(input.Tags),
          createdAt: before?.createdAt ?? context.clock.now(),
        });
        return { RuleArn: arn };
      },
    ),
    DescribeRule: operation(RULE, (input, caller) => {
      authorize(caller, 'DescribeRule', ruleArn(input.EventBusName, input.Name));
      return describeRule(known(input.EventBusName, input.Name));
    }),
    ListRules: operation(z.object({ NamePrefix: z.string().default(''), ...BUS }), (input, caller) => {
      authorize(caller, 'ListRules', ruleArn(input.EventBusName, '*'));
      const found = [...rules.values()].filter(
        (rule) => rule.bus === input.EventBusName && rule.name.startsWith(input.NamePrefix),
      );
      return { Rules: found.map(describeRule) };
    }),
    DeleteRule: operation(RULE, (input, caller) => {
      authorize(caller, 'DeleteRule', ruleArn(input.EventBusName, input.Name));
      const rule = rules.get(`${input.EventBusName}/${input.Name}`);
      if (!rule) return;
      if (rule.targets.length > 0)
        throw new AwsError('ValidationException', "Rule can't be deleted since it has targets.");
      rules.delete(`${rule.bus}/${rule.name}`);
      timers.delete(rule.arn);
    }),
    EnableRule: operation(RULE, (input, caller) => {
      authorize(caller, 'EnableRule', ruleArn(input.EventBusName, input.Name));
      save({ ...known(input.EventBusName, input.Name), isEnabled: true });
    }),
    DisableRule: operation(RULE, (input, caller) => {
      authorize(caller, 'DisableRule', ruleArn(input.EventBusName, input.Name));
      save({ ...known(input.EventBusName, input.Name), isEnabled: false });
    }),
    PutTargets: operation(
      z.object({ Rule: z.string(), ...BUS, Targets: z.array(TARGET).min(1) }),
      (input, caller) => {
        authorize(caller, 'PutTargets', ruleArn(input.EventBusName, input.Rule));
        const rule = known(input.EventBusName, input.Rule);
        for (const target of input.Targets) {
          context.requireTarget(target.Arn);
          checkInput(target);
          if (target.RoleArn) {
            const passed = { 'iam:passedtoservice': 'events.amazonaws.com' };
            context.authorize({
              principal: caller.principal,
              action: 'iam:PassRole',
              resource: target.RoleArn,
              context: passed,
            });
          }
        }
        const ids = new Set(input.Targets.map((target) => target.Id));
        const targets = [...rule.targets.filter((target) => !ids.has(target.Id)), ...input.Targets];
        if (targets.length > MOST_TARGETS) {
          throw new AwsError(
            'LimitExceededException',
            'The requested resource exceeds the maximum number allowed.',
          );
        }
        save({ ...rule, targets });
        return { FailedEntryCount: 0, FailedEntries: [] };
      },
    ),
    RemoveTargets: operation(
      z.object({ Rule: z.string(), ...BUS, Ids: z.array(z.string()) }),
      (input, caller) => {
        authorize(caller, 'RemoveTargets', ruleArn(input.EventBusName, input.Rule));
        const rule = known(input.EventBusName, input.Rule);
        save({ ...rule, targets: rule.targets.filter((target) => !input.Ids.includes(target.Id)) });
        return { FailedEntryCount: 0, FailedEntries: [] };
      },
    ),
    ListTargetsByRule: operation(z.object({ Rule: z.string(), ...BUS }), (input, caller) => {
      authorize(caller, 'ListTargetsByRule', ruleArn(input.EventBusName, input.Rule));
      return { Targets: known(input.EventBusName, input.Rule).targets };
    }),
    TagResource: operation(OF_ARN.extend({ Tags: TAG_LIST }), (input, caller) => {
      changeTags(input.ResourceARN, 'TagResource', caller, (tags) => ({ ...tags, ...tagMap(input.Tags) }));
    }),
    UntagResource: operation(OF_ARN.extend({ TagKeys: z.array(z.string()) }), (input, caller) => {
      changeTags(input.ResourceARN, 'UntagResource', caller, (tags) => withoutKeys(tags, input.TagKeys));
    }),
    ListTagsForResource: operation(OF_ARN, (input, caller) => {
      authorize(caller, 'ListTagsForResource', input.ResourceARN);
      return { Tags: tagList(ofArn(input.ResourceARN).tags) };
    }),
    TestEventPattern: operation(
      z.object({ EventPattern: z.string(), Event: z.string() }),
      (input, caller) => {
        authorize(caller, 'TestEventPattern', '*');
        return { Result: matchesPattern(parsePattern(input.EventPattern) ?? {}, parseEvent(input.Event)) };
      },
    ),
    CreateEventBus: operation(z.object({ Name: z.string() }), (input, caller) => {
      authorize(caller, 'CreateEventBus', busArn(input.Name));
      if (buses.has(input.Name))
        throw new AwsError('ResourceAlreadyExistsException', `Event bus ${input.Name} already exists.`);
      buses.put(input.Name, { name: input.Name, createdAt: context.clock.now() });
      return { EventBusArn: busArn(input.Name) };
    }),
    DescribeEventBus: operation(
      z.object({ Name: z.string().default(DEFAULT_BUS).transform(busName) }),
      (input, caller) => {
        authorize(caller, 'DescribeEventBus', busArn(input.Name));
        if (!buses.has(input.Name))
          throw new AwsError('ResourceNotFoundException', `Event bus ${input.Name} does not exist.`);
        return { Name: input.Name, Arn: busArn(input.Name) };
      },
    ),
    ListEventBuses: operation(z.object({ NamePrefix: z.string().default('') }), (input, caller) => {
      authorize(caller, 'ListEventBuses', '*');
      const names = [...buses.keys()].filter((name) => name.startsWith(input.NamePrefix));
      return { EventBuses: names.map((Name) => ({ Name, Arn: busArn(Name) })) };
    }),
    DeleteEventBus: operation(z.object({ Name: z.string() }), (input, caller) => {
      authorize(caller, 'DeleteEventBus', busArn(input.Name));
      if (input.Name === DEFAULT_BUS)
        throw new AwsError('ValidationException', 'Cannot delete event bus default.');
      if ([...rules.values()].some(({ bus }) => bus === input.Name))
        throw new AwsError('ValidationException', "Event bus can't be deleted since it has rules.");
      buses.delete(input.Name);
    }),
  };

  const service = jsonService({
    id: 'events',
    version: '1.1',
    operations,
    start: () => {
      deliveries.start();
      for (const rule of rules.values()) timers.set(rule);
    },
    close: async () => {
      timers.close();
      await deliveries.close();
    },
  });
  return {
    ...service,
    handOn(arn, text, principal) {
      const event = parseEvent(text);
      const bus = busName(arn);
      authorize(inProcessCaller(principal), 'PutEvents', arn, {
        'events:source': String(event.source),
        'events:detail-type': String(event['detail-type']),
      });
      if (!buses.has(bus))
        throw new AwsError('ResourceNotFoundException', `Event bus ${bus} does not exist.`);
      route(bus, event);
    },
    accept(event) {
      route(DEFAULT_BUS, {
        version: '0',
        id: event.id,
        'detail-type': event['detail-type'],
        source: event.source,
        account: context.accountId,
        time: isoSeconds(event.time),
        region: context.region,
        resources: event.resources,
        detail: event.detail,
      });
    },
  };
}
