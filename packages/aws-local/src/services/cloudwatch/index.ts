// Amazon CloudWatch on localhost: metrics kept in minutes, alarms evaluated, dashboards kept.
import type { Cancel } from '@emotion-gallery/local-kit/clock';
import { z } from 'zod';
import type { CloudWatchService, Dimensions } from '../../ports';
import { AwsError, type AwsRequest, type AwsResponse, type ServiceContext, type Shape } from '../../service';
import { decodeQuery, queryResponse } from '../../wire/query';
import { jsonResponse, parseJson } from '../shared/json-protocol';
import {
  type Caller,
  callerOf,
  type Operations,
  operation,
  runOperation,
  serviceOf,
  TAG_LIST,
} from '../shared/operations';
import { type ApiTag, type TagMap, tagList, tagMap, withoutKeys } from '../shared/tags';
import { type Alarm, alarmOperations, evaluateAlarms } from './alarms';
import { MetricStore } from './metric-store';
import { DATA_QUERY, evaluateQueries, STATISTICS } from './queries';

interface Dashboard {
  readonly body: string;
  readonly modifiedAt: number;
  readonly tags: readonly ApiTag[];
}

const MINUTE_MS = 60_000;
const FLUSH_MS = 10_000;
const NAMESPACE = 'http://monitoring.amazonaws.com/doc/2010-08-01/';

const DIMENSIONS = z.array(z.object({ Name: z.string(), Value: z.string() })).default([]);
const TIME = z.union([
  z.date(),
  z.number().transform((seconds) => new Date(seconds * 1000)),
  z.coerce.date(),
]);
const DATUM = z.object({
  MetricName: z.string().min(1).max(255),
  Dimensions: DIMENSIONS,
  Timestamp: TIME.optional(),
  Value: z.coerce.number().optional(),
  Values: z.array(z.coerce.number()).optional(),
  Counts: z.array(z.coerce.number()).optional(),
  StatisticValues: z
    .object({
      SampleCount: z.coerce.number(),
      Sum: z.coerce.number(),
      Minimum: z.coerce.number(),
      Maximum: z.coerce.number(),
    })
    .optional(),
  Unit: z.string().default('None'),
  StorageResolution: z
    .literal(60, 'metrics of a higher resolution than a minute are not supported on localhost')
    .optional(),
});
const STATISTICS_INPUT = z.object({
  Namespace: z.string(),
  MetricName: z.string(),
  Dimensions: DIMENSIONS,
  StartTime: TIME,
  EndTime: TIME,
  Period: z.coerce.number().int().positive(),
  Statistics: z.array(z.enum(STATISTICS)).min(1),
});
const EMBEDDED = z.looseObject({
  _aws: z.object({
    Timestamp: z.number().optional(),
    CloudWatchMetrics: z.array(
      z.object({
        Namespace: z.string(),
        Dimensions: z.array(z.array(z.string())).default([[]]),
        Metrics: z.array(z.object({ Name: z.string(), Unit: z.string().default('None') })),
      }),
    ),
  }),
});

export async function createCloudWatch(context: ServiceContext): Promise<CloudWatchService> {
  const metrics = new MetricStore(context.store);
  const alarms = context.store.map<Alarm>('monitoring/alarms');
  const dashboards = context.store.map<Dashboard>('monitoring/dashboards');
  const dashboardArn = (name: string) => `arn:aws:cloudwatch::${context.accountId}:dashboard/${name}`;
  const authorize = (
    caller: Caller,
    action: string,
    resource = '*',
    conditions: Readonly<Record<string, string>> = {},
  ) =>
    context.authorize({
      principal: caller.principal,
      action: `cloudwatch:${action}`,
      resource,
      context: { ...caller.conditions, ...conditions },
    });

  /** What there is under an ARN: its tags, and how they are kept. @throws ResourceNotFoundException */
  function tagged(arn: string): { tags: TagMap; save: (tags: TagMap) => void } {
    const [, kind, name = ''] = /:(alarm|dashboard)[:/](.+)$/.exec(arn) ?? [];
    const alarm = kind === 'alarm' ? alarms.get(name) : undefined;
    if (alarm) return { tags: alarm.tags ?? {}, save: (tags) => alarms.put(name, { ...alarm, tags }) };
    const dashboard = kind === 'dashboard' ? dashboards.get(name) : undefined;
    if (!dashboard) throw new AwsError('ResourceNotFoundException', `Unknown resource ${arn}`, 404);
    const save = (tags: TagMap) => dashboards.put(name, { ...dashboard, tags: tagList(tags) });
    return { tags: tagMap(dashboard.tags), save };
  }
  const OF_ARN = z.object({ ResourceARN: z.string() });
  const tagOperations: Operations = {
    TagResource: operation(OF_ARN.extend({ Tags: TAG_LIST }), (input, caller) => {
      authorize(caller, 'TagResource', input.ResourceARN);
      const { tags, save } = tagged(input.ResourceARN);
      save({ ...tags, ...tagMap(input.Tags) });
    }),
    UntagResource: operation(OF_ARN.extend({ TagKeys: z.array(z.string()) }), (input, caller) => {
      authorize(caller, 'UntagResource', input.ResourceARN);
      const { tags, save } = tagged(input.ResourceARN);
      save(withoutKeys(tags, input.TagKeys));
    }),
    ListTagsForResource: operation(OF_ARN, (input, caller) => {
      authorize(caller, 'ListTagsForResource', input.ResourceARN);
      return { Tags: tagList(tagged(input.ResourceARN).tags) };
    }),
  };

  const operations: Operations = {
    PutMetricData: operation(
      z.object({ Namespace: z.string().min(1), MetricData: z.array(DATUM).max(1000) }),
      (input, caller) => {
        authorize(caller, 'PutMetricData', '*', { 'cloudwatch:namespace': input.Namespace });
        for (const datum of input.MetricData) putDatum(input.Namespace, datum);
      },
    ),
    GetMetricStatistics: operation(STATISTICS_INPUT, (input, caller) => {
      authorize(caller, 'GetMetricStatistics');
      const series = metrics.series(
        input.Namespace,
        input.MetricName,
        asDimensions(input.Dimensions),
        input.StartTime.getTime(),
        input.EndTime.getTime(),
        input.Period * 1000,
      );
      const Datapoints = series.map((point) => ({
        Timestamp: new Date(point.start),
        Unit: point.unit,
        ...Object.fromEntries(
          input.Statistics.map((statistic) => [statistic, metrics.statistic(point, statistic)]),
        ),
      }));
      return { Label: input.MetricName, Datapoints };
    }),
    GetMetricData: operation(
      z.object({
        MetricDataQueries: z.array(DATA_QUERY).min(1).max(500),
        StartTime: TIME,
        EndTime: TIME,
        ScanBy: z.enum(['TimestampAscending', 'TimestampDescending']).default('TimestampDescending'),
      }),
      (input, caller) => {
        authorize(caller, 'GetMetricData');
        const isDescending = input.ScanBy === 'TimestampDescending';
        const results = evaluateQueries(
          metrics,
          input.MetricDataQueries,
          input.StartTime.getTime(),
          input.EndTime.getTime(),
        );
        return {
          MetricDataResults: results.map((result) => {
            const points = isDescending ? [...result.points].reverse() : result.points;
            return {
              Id: result.id,
              Label: result.label,
              Timestamps: points.map((point) => new Date(point.time)),
              Values: points.map((point) => point.value),
              StatusCode: 'Complete',
            };
          }),
        };
      },
    ),
    ListMetrics: operation(
      z.object({
        Namespace: z.string().optional(),
        MetricName: z.string().optional(),
        Dimensions: z.array(z.object({ Name: z.string(), Value: z.string().optional() })).default([]),
      }),
      (input, caller) => {
        authorize(caller, 'ListMetrics');
        const Metrics = metrics
          .list()
          .filter((metric) => input.Namespace === undefined || metric.namespace === input.Namespace)
          .filter((metric) => input.MetricName === undefined || metric.name === input.MetricName)
          .filter((metric) =>
            input.Dimensions.every(({ Name, Value }) =>
              Value === undefined ? Name in metric.dimensions : metric.dimensions[Name] === Value,
            ),
          )
          .map((metric) => ({
            Namespace: metric.namespace,
            MetricName: metric.name,
            Dimensions: Object.entries(metric.dimensions).map(([Name, Value]) => ({ Name, Value })),
          }));
        return { Metrics };
      },
    ),
    PutDashboard: operation(
      z.object({ DashboardName: z.string(), DashboardBody: z.string(), Tags: TAG_LIST.default([]) }),
      (input, caller) => {
        authorize(caller, 'PutDashboard', dashboardArn(input.DashboardName));
        requireJson(input.DashboardBody);
        dashboards.put(input.DashboardName, {
          body: input.DashboardBody,
          tags: dashboards.get(input.DashboardName)?.tags ?? input.Tags,
          modifiedAt: context.clock.now(),
        });
        return { DashboardValidationMessages: [] };
      },
    ),
    GetDashboard: operation(z.object({ DashboardName: z.string() }), (input, caller) => {
      authorize(caller, 'GetDashboard', dashboardArn(input.DashboardName));
      const dashboard = dashboards.get(input.DashboardName);
      if (!dashboard)
        throw new AwsError('ResourceNotFound', `Dashboard ${input.DashboardName} does not exist`, 404);
      return {
        DashboardArn: dashboardArn(input.DashboardName),
        DashboardName: input.DashboardName,
        DashboardBody: dashboard.body,
      };
    }),
    ListDashboards: operation(z.object({}), (_input, caller) => {
      authorize(caller, 'ListDashboards');
      const names = [...dashboards.keys()];
      return {
        DashboardEntries: names.map((name) => ({ DashboardName: name, DashboardArn: dashboardArn(name) })),
      };
    }),
    DeleteDashboards: operation(z.object({ DashboardNames: z.array(z.string()) }), (input, caller) => {
      for (const name of input.DashboardNames) {
        authorize(caller, 'DeleteDashboards', dashboardArn(name));
        dashboards.delete(name);
      }
    }),
    ...alarmOperations(context, alarms),
    ...tagOperations,
  };

  function putDatum(namespace: string, datum: z.output<typeof DATUM>): void {
    const time = datum.Timestamp?.getTime() ?? context.clock.now();
    const where = [namespace, datum.MetricName, asDimensions(datum.Dimensions), time, datum.Unit] as const;
    if (datum.Value !== undefined) metrics.add(...where, datum.Value, 1);
    for (const [index, value] of (datum.Values ?? []).entries())
      metrics.add(...where, value, datum.Counts?.[index] ?? 1);
    if (datum.StatisticValues) {
      const { SampleCount, Sum, Minimum, Maximum } = datum.StatisticValues;
      metrics.merge(...where, { count: SampleCount, sum: Sum, min: Minimum, max: Maximum });
    }
  }

  let stopped = false;
  let cancelEvaluation: Cancel = scheduleEvaluation();
  function scheduleEvaluation(): Cancel {
    // Only whole minutes count, so nothing is new before this one is over.
    const left = MINUTE_MS - (context.clock.now() % MINUTE_MS);
    return context.clock.after(left, () => {
      void evaluateAlarms(context, alarms, metrics)
        .catch((error: unknown) => context.log(`cloudwatch: alarms could not be evaluated: ${String(error)}`))
        .finally(() => {
          if (!stopped) cancelEvaluation = scheduleEvaluation();
        });
    });
  }
  /** Resolves when all is on disk, or the disk refused. */
  async function flush(): Promise<void> {
    try {
      while (!metrics.flush()) await new Promise((resolve) => setImmediate(resolve));
    } catch (error) {
      context.log(`cloudwatch: metrics could not be written: ${String(error)}`);
    }
  }
  let cancelFlush: Cancel = scheduleFlush();
  function scheduleFlush(): Cancel {
    return context.clock.after(FLUSH_MS, () => {
      cancelFlush = scheduleFlush();
      void flush();
    });
  }

  async function handle(request: AwsRequest): Promise<AwsResponse> {
    const caller = callerOf(request);
    // The API is spoken in two formats: AWS JSON with a target header, and the query protocol.
    const target = request.headers['x-amz-target']?.split('.').at(-1);
    if (target !== undefined) {
      const output = await runOperation(operations, target, parseJson(request.body), caller);
      return jsonResponse(output, 200, 'application/x-amz-json-1.0');
    }
    const { action, input } = decodeQuery(request.body.toString('utf8'));
    return queryResponse(
      action,
      await runOperation(operations, action, input, caller),
      NAMESPACE,
      request.requestId,
    );
  }

  async function close(): Promise<void> {
    stopped = true;
    cancelEvaluation();
    cancelFlush();
    await flush();
  }

  const service = serviceOf({ id: 'monitoring', operations, handle, close });
  return {
    ...service,
    record: (namespace, name, value, unit, dimensions) =>
      metrics.add(namespace, name, dimensions, context.clock.now(), unit, value, 1),
    acceptEmbeddedMetrics(line) {
      for (const { namespace, name, dimensions, unit, values, time } of embeddedMetrics(
        line,
        context.clock.now(),
      )) {
        for (const value of values) metrics.add(namespace, name, dimensions, time, unit, value, 1);
      }
    },
  };
}

interface EmbeddedMetric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Dimensions;
  readonly unit: string;
  readonly values: readonly number[];
  readonly time: number;
}

function embeddedMetrics(line: string, now: number): EmbeddedMetric[] {
  const start = line.indexOf('{');
  let document: unknown;
  try {
    document = JSON.parse(line.slice(start));
  } catch {
    // Text that merely mentions the format's marker is an ordinary log line.
    return [];
  }
  const parsed = EMBEDDED.safeParse(document);
  if (!parsed.success) return [];
  const root: Shape = parsed.data;
  return parsed.data._aws.CloudWatchMetrics.flatMap((directive) =>
    directive.Dimensions.flatMap((names) => {
      const dimensions = Object.fromEntries(names.map((name) => [name, String(root[name])]));
      return directive.Metrics.map((metric) => ({
        namespace: directive.Namespace,
        name: metric.Name,
        dimensions,
        unit: metric.Unit,
        values: [root[metric.Name]].flat().filter((value) => typeof value === 'number'),
        time: parsed.data._aws.Timestamp ?? now,
      }));
    }),
  );
}

function asDimensions(list: readonly { readonly Name: string; readonly Value: string }[]): Dimensions {
  return Object.fromEntries(list.map(({ Name, Value }) => [Name, Value]));
}

function requireJson(text: string): void {
  try {
    JSON.parse(text);
  } catch (error) {
    throw new AwsError('InvalidParameterInput', `The dashboard body is not valid JSON: ${String(error)}`);
  }
}
