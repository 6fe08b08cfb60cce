// Alarms over metrics and expressions, and composite alarms as they are kept; a change of state is told to the alarm's topics.

import type { StoredMap } from '@emotion-gallery/local-kit/store';
import { z } from 'zod';
import type { EventsService } from '../../ports';
import { AwsError, type AwsService, type ServiceContext, type Shape } from '../../service';
import { type Caller, type Operations, operation, TAG_LIST } from '../shared/operations';
import { servicePrincipal } from '../shared/principals';
import { type TagMap, tagMap } from '../shared/tags';
import { type AlarmState, decimal, evaluate, evaluationRange, type Rule, type Verdict } from './evaluation';
import type { MetricStore } from './metric-store';
import { DATA_QUERY, type DataQuery, evaluateQueries } from './queries';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

type Breaches = (value: number, threshold: number) => boolean;
/** Each with its words. */
const COMPARISONS = {
  GreaterThanOrEqualToThreshold: [(value, threshold) => value >= threshold, 'greater than or equal to'],
  GreaterThanThreshold: [(value, threshold) => value > threshold, 'greater than'],
  LessThanThreshold: [(value, threshold) => value < threshold, 'less than'],
  LessThanOrEqualToThreshold: [(value, threshold) => value <= threshold, 'less than or equal to'],
} as const satisfies Record<string, readonly [Breaches, string]>;
type Comparison = keyof typeof COMPARISONS;
const FLAG = z.union([z.boolean(), z.string().transform((text) => text === 'true')]);

const PUT = z.object({
  AlarmName: z.string().min(1),
  AlarmDescription: z.string().optional(),
  ActionsEnabled: FLAG.default(true),
  AlarmActions: z.array(z.string()).default([]),
  OKActions: z.array(z.string()).default([]),
  InsufficientDataActions: z.array(z.string()).default([]),
  Namespace: z.string().optional(),
  MetricName: z.string().optional(),
  Dimensions: z.array(z.object({ Name: z.string(), Value: z.string() })).default([]),
  Statistic: z.string().optional(),
  ExtendedStatistic: z.string().optional(),
  Period: z.coerce.number().int().positive().optional(),
  Unit: z.string().optional(),
  Tags: TAG_LIST.optional(),
  Metrics: z.array(DATA_QUERY).optional(),
  EvaluationPeriods: z.coerce.number().int().positive(),
  DatapointsToAlarm: z.coerce.number().int().positive().optional(),
  Threshold: z.coerce.number(),
  ComparisonOperator: z.enum(Object.keys(COMPARISONS) as [Comparison, ...Comparison[]]),
  TreatMissingData: z.enum(['breaching', 'notBreaching', 'ignore', 'missing']).default('missing'),
});

export interface Alarm {
  readonly name: string;
  readonly arn: string;
  readonly settings: Omit<z.output<typeof PUT>, 'Tags'>;
  readonly state: AlarmState;
  readonly reason: string;
  /** Milliseconds since the epoch. */
  readonly changedAt: number;
  readonly configuredAt: number;
  readonly tags?: TagMap;
}

export function alarmOperations(context: ServiceContext, alarms: StoredMap<Alarm>): Operations {
  const arnOf = (name: string) => `arn:aws:cloudwatch:${context.region}:${context.accountId}:alarm:${name}`;
  const authorize = (caller: Caller, action: string, resource: string) =>
    context.authorize({
      principal: caller.principal,
      action: `cloudwatch:${action}`,
      resource,
      context: caller.conditions,
    });
  const setEnabled = (isEnabled: boolean) =>
    operation(z.object({ AlarmNames: z.array(z.string()) }), (input, caller) => {
      for (const name of input.AlarmNames) {
        authorize(caller, isEnabled ? 'EnableAlarmActions' : 'DisableAlarmActions', arnOf(name));
        const alarm = alarms.get(name);
        if (alarm) alarms.put(name, { ...alarm, settings: { ...alarm.settings, ActionsEnabled: isEnabled } });
      }
    });
  return {
    PutMetricAlarm: operation(PUT, (input, caller) => {
      authorize(caller, 'PutMetricAlarm', arnOf(input.AlarmName));
      if (!input.Metrics && (!input.MetricName || !input.Namespace || !input.Period)) {
        throw new AwsError('ValidationError', 'Period, Namespace and MetricName must not be null');
      }
      if ((input.DatapointsToAlarm ?? 1) > input.EvaluationPeriods) {
        throw new AwsError('ValidationError', 'DatapointsToAlarm must not be greater than EvaluationPeriods');
      }
      const before = alarms.get(input.AlarmName);
      const now = context.clock.now();
      const { Tags = [], ...settings } = input;
      alarms.put(input.AlarmName, {
        name: input.AlarmName,
        arn: arnOf(input.AlarmName),
        settings,
        tags: before?.tags ?? tagMap(Tags),
        state: before?.state ?? 'INSUFFICIENT_DATA',
        reason: before?.reason ?? 'Unchecked: Initial alarm creation',
        changedAt: before?.changedAt ?? now,
        configuredAt: now,
      });
    }),
    DescribeAlarms: operation(
      z.object({
        AlarmNames: z.array(z.string()).optional(),
        AlarmNamePrefix: z.string().default(''),
        StateValue: z.string().optional(),
        AlarmTypes: z.array(z.enum(['MetricAlarm', 'CompositeAlarm'])).optional(),
      }),
      (input, caller) => {
        authorize(caller, 'DescribeAlarms', arnOf('*'));
        const found = [...alarms.values()].filter(
          (alarm) =>
            (input.AlarmNames?.includes(alarm.name) ?? alarm.name.startsWith(input.AlarmNamePrefix)) &&
            (input.StateValue === undefined || alarm.state === input.StateValue),
        );
        return { MetricAlarms: found.map(describe), CompositeAlarms: [] };
      },
    ),
    DeleteAlarms: operation(z.object({ AlarmNames: z.array(z.string()) }), (input, caller) => {
      for (const name of input.AlarmNames) {
        authorize(caller, 'DeleteAlarms', arnOf(name));
        alarms.delete(name);
      }
    }),
    SetAlarmState: operation(
      z.object({
        AlarmName: z.string(),
        StateValue: z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']),
        StateReason: z.string(),
      }),
      async (input, caller) => {
        authorize(caller, 'SetAlarmState', arnOf(input.AlarmName));
        const alarm = alarms.get(input.AlarmName);
        if (!alarm) throw new AwsError('ResourceNotFound', `Alarm ${input.AlarmName} does not exist`, 404);
        await changeState(context, alarms, alarm, input.StateValue, input.StateReason);
      },
    ),
    EnableAlarmActions: setEnabled(true),
    DisableAlarmActions: setEnabled(false),
  };
}

/** Looks at every alarm's last periods and changes its state where they ask for it. */
export async function evaluateAlarms(
  context: ServiceContext,
  alarms: StoredMap<Alarm>,
  metrics: MetricStore,
): Promise<void> {
  for (const alarm of [...alarms.values()]) {
    const verdict = judge(alarm, metrics, context.clock.now());
    if (verdict && verdict.state !== alarm.state) {
      await changeState(context, alarms, alarm, verdict.state, verdict.reason);
    }
  }
}

/** What the alarm's points ask for; undefined where it keeps its state. */
function judge(alarm: Alarm, metrics: MetricStore, now: number): Verdict | undefined {
  const { settings } = alarm;
  const queries = queriesOf(alarm);
  const [longest = settings.Period ?? 60] = queries.flatMap(
    ({ MetricStat, Period }) => MetricStat?.Period ?? Period ?? [],
  );
  const period = longest * 1000;
  // Looked at each minute, over whole minutes; where it looks back for more than a day, over whole hours (user guide, "Alarm evaluation").
  const step = settings.EvaluationPeriods * period > DAY_MS ? HOUR_MS : MINUTE_MS;
  const end = Math.floor(now / step) * step;
  const periods = evaluationRange(settings.EvaluationPeriods);
  const start = end - periods * period;
  const points = evaluateQueries(metrics, queries, start, end, start)[0]?.points ?? [];
  const range = Array.from({ length: periods }, (_, at) =>
    points.find(({ time }) => time === start + at * period),
  );
  return evaluate(range, ruleOf(settings));
}

function ruleOf(settings: Alarm['settings']): Rule {
  const [breaches, words] = COMPARISONS[settings.ComparisonOperator];
  return {
    evaluationPeriods: settings.EvaluationPeriods,
    datapointsToAlarm: settings.DatapointsToAlarm ?? settings.EvaluationPeriods,
    treatMissingData: settings.TreatMissingData,
    isBreaching: (value) => breaches(value, settings.Threshold),
    breachingIs: `${words} the threshold (${decimal(settings.Threshold)})`,
  };
}

function queriesOf({ settings }: Alarm): DataQuery[] {
  if (settings.Metrics) return settings.Metrics;
  const Metric = {
    Namespace: settings.Namespace ?? '',
    MetricName: settings.MetricName ?? '',
    Dimensions: settings.Dimensions,
  };
  const Stat = settings.ExtendedStatistic ?? settings.Statistic ?? 'Average';
  return [{ Id: 'm1', MetricStat: { Metric, Period: settings.Period ?? 60, Stat }, ReturnData: true }];
}

async function changeState(
  context: ServiceContext,
  alarms: StoredMap<Alarm>,
  alarm: Alarm,
  state: AlarmState,
  reason: string,
): Promise<void> {
  const now = context.clock.now();
  const changed: Alarm = { ...alarm, state, reason, changedAt: now };
  alarms.put(alarm.name, changed);
  context.service<EventsService>('events').accept({
    id: crypto.randomUUID(),
    source: 'aws.cloudwatch',
    'detail-type': 'CloudWatch Alarm State Change',
    time: now,
    resources: [alarm.arn],
    detail: {
      alarmName: alarm.name,
      state: { value: state, reason, timestamp: new Date(now).toISOString() },
      previousState: {
        value: alarm.state,
        reason: alarm.reason,
        timestamp: new Date(alarm.changedAt).toISOString(),
      },
    },
  });
  const { settings } = alarm;
  if (!settings.ActionsEnabled) return;
  const actions = {
    ALARM: settings.AlarmActions,
    OK: settings.OKActions,
    INSUFFICIENT_DATA: settings.InsufficientDataActions,
  };
  for (const action of actions[state]) {
    if (!action.startsWith('arn:aws:sns:')) {
      context.log(
        `cloudwatch: the action ${action} of the alarm ${alarm.name} is not supported on localhost`,
      );
      continue;
    }
    try {
      const principal = servicePrincipal('cloudwatch.amazonaws.com', alarm.arn, context.accountId);
      const Message = JSON.stringify(notification(context, changed, alarm.state));
      const input = {
        TopicArn: action,
        Subject: `${state}: "${alarm.name}" in ${context.region}`.slice(0, 100),
        Message,
      };
      await context.service<AwsService>('sns').call('Publish', input, principal);
    } catch (error) {
      context.log(`cloudwatch: the alarm ${alarm.name} could not tell ${action}: ${String(error)}`);
    }
  }
}

function notification(context: ServiceContext, alarm: Alarm, before: AlarmState): Shape {
  return {
    AlarmName: alarm.name,
    AlarmDescription: alarm.settings.AlarmDescription ?? null,
    AWSAccountId: context.accountId,
    NewStateValue: alarm.state,
    NewStateReason: alarm.reason,
    StateChangeTime: new Date(alarm.changedAt).toISOString(),
    Region: context.region,
    AlarmArn: alarm.arn,
    OldStateValue: before,
    Trigger: {
      MetricName: alarm.settings.MetricName,
      Namespace: alarm.settings.Namespace,
      Threshold: alarm.settings.Threshold,
    },
  };
}

function describe(alarm: Alarm): Shape {
  return {
    ...alarm.settings,
    AlarmArn: alarm.arn,
    StateValue: alarm.state,
    StateReason: alarm.reason,
    StateUpdatedTimestamp: new Date(alarm.changedAt),
    AlarmConfigurationUpdatedTimestamp: new Date(alarm.configuredAt),
  };
}
