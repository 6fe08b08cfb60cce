// Amazon CloudWatch Logs on localhost: groups, streams, events, retention, filters by text.
import { join } from 'node:path';
import { z } from 'zod';
import type { CloudWatchService, LogEvent, LogsService } from '../../ports';
import { AwsError, type ServiceContext, type Shape } from '../../service';
import { jsonService } from '../shared/json-protocol';
import { type Caller, type Operations, operation } from '../shared/operations';
import { pageStart, taken } from './event-rules';
import { compileFilterPattern } from './filter-pattern';
import { LogStreams } from './streams';

const RETENTION_SWEEP_MS = 3_600_000;
const DAY_MS = 86_400_000;

interface LogGroup {
  readonly name: string;
  readonly createdAt: number;
  readonly retentionInDays?: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly logGroupClass: string;
}

const GROUP = z.object({ logGroupName: z.string().regex(/^[.\-_/#A-Za-z0-9]{1,512}$/) });
const STREAM = GROUP.extend({ logStreamName: z.string().regex(/^[^:*]{1,512}$/) });
const TAGS = z.record(z.string(), z.string());
/** API reference, PutRetentionPolicy. */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];
const RETENTION = z
  .number()
  .refine((days) => RETENTION_DAYS.includes(days), `must be one of ${RETENTION_DAYS.join(', ')}`);
const EVENTS = z
  .array(z.object({ timestamp: z.number(), message: z.string().min(1).max(1_048_576) }))
  .min(1)
  .max(10_000);
const PAGE = { nextToken: z.string().optional(), limit: z.number().int().min(1).max(10_000).default(10_000) };
const BY_NAME = { logGroupName: z.string().optional(), logGroupIdentifier: z.string().optional() };

export async function createLogs(context: ServiceContext): Promise<LogsService> {
  const groups = context.store.map<LogGroup>('logs/groups');
  const streams = new LogStreams({
    store: context.store,
    folder: join(context.stateDir, 'groups'),
    log: context.log,
  });
  const arn = (group: string) => `arn:aws:logs:${context.region}:${context.accountId}:log-group:${group}`;

  const authorize = (caller: Caller, action: string, resource: string) =>
    context.authorize({
      principal: caller.principal,
      action: `logs:${action}`,
      resource,
      context: caller.conditions,
    });
  const onGroup = (caller: Caller, action: string, group: string) =>
    authorize(caller, action, `${arn(group)}:*`);

  /** @throws ResourceNotFoundException */
  function known(name: string): LogGroup {
    const group = groups.get(name);
    if (!group) throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');
    return group;
  }

  /** Events before it are not given any more, in milliseconds since the epoch. */
  function keptFrom({ retentionInDays }: LogGroup): number {
    return retentionInDays === undefined ? 0 : context.clock.now() - retentionInDays * DAY_MS;
  }

  function createGroup(
    name: string,
    tags: Readonly<Record<string, string>> = {},
    logGroupClass = 'STANDARD',
  ): void {
    groups.put(name, { name, createdAt: context.clock.now(), tags, logGroupClass });
  }

  function put(group: string, stream: string, events: readonly LogEvent[]): void {
    streams.append(group, stream, events, context.clock.now());
    for (const event of events) {
      // The embedded metric format: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
      if (event.message.includes('"_aws"')) {
        context.service<CloudWatchService>('monitoring').acceptEmbeddedMetrics(event.message);
      }
    }
  }

  function describe(group: LogGroup): Shape {
    return {
      logGroupName: group.name,
      creationTime: group.createdAt,
      retentionInDays: group.retentionInDays,
      metricFilterCount: 0,
      arn: `${arn(group.name)}:*`,
      logGroupArn: arn(group.name),
      logGroupClass: group.logGroupClass,
      storedBytes: 0,
    };
  }

  const operations: Operations = {
    CreateLogGroup: operation(
      GROUP.extend({ tags: TAGS.default({}), logGroupClass: z.string().default('STANDARD') }),
      (input, caller) => {
        onGroup(caller, 'CreateLogGroup', input.logGroupName);
        if (groups.has(input.logGroupName)) {
          throw new AwsError('ResourceAlreadyExistsException', 'The specified log group already exists');
        }
        createGroup(input.logGroupName, input.tags, input.logGroupClass);
      },
    ),
    DeleteLogGroup: operation(GROUP, (input, caller) => {
      onGroup(caller, 'DeleteLogGroup', input.logGroupName);
      known(input.logGroupName);
      groups.delete(input.logGroupName);
      streams.removeGroup(input.logGroupName);
    }),
    DescribeLogGroups: operation(
      z.object({
        logGroupNamePrefix: z.string().optional(),
        logGroupNamePattern: z.string().optional(),
        limit: z.number().int().min(1).max(50).default(50),
        nextToken: z.string().optional(),
      }),
      (input, caller) => {
        authorize(caller, 'DescribeLogGroups', arn('*'));
        const { logGroupNamePrefix: prefix, logGroupNamePattern: pattern } = input;
        if (prefix && pattern) {
          const message = 'LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.';
          throw new AwsError('InvalidParameterException', message);
        }
        const found = [...groups.values()].filter(
          (group) =>
            group.name.startsWith(prefix ?? '') &&
            group.name.toLowerCase().includes((pattern ?? '').toLowerCase()),
        );
        const after = found
          .filter(({ name }) => input.nextToken === undefined || name > input.nextToken)
          .sort((a, b) => (a.name < b.name ? -1 : 1));
        const page = after.slice(0, input.limit);
        return {
          logGroups: page.map(describe),
          nextToken: after.length > page.length ? page.at(-1)?.name : undefined,
        };
      },
    ),
    PutRetentionPolicy: operation(GROUP.extend({ retentionInDays: RETENTION }), (input, caller) => {
      onGroup(caller, 'PutRetentionPolicy', input.logGroupName);
      groups.put(input.logGroupName, {
        ...known(input.logGroupName),
        retentionInDays: input.retentionInDays,
      });
    }),
    DeleteRetentionPolicy: operation(GROUP, (input, caller) => {
      onGroup(caller, 'DeleteRetentionPolicy', input.logGroupName);
      groups.put(input.logGroupName, { ...known(input.logGroupName), retentionInDays: undefined });
    }),
    TagResource: operation(z.object({ resourceArn: z.string(), tags: TAGS }), (input, caller) => {
      const name = groupOfArn(input.resourceArn);
      authorize(caller, 'TagResource', input.resourceArn);
      groups.put(name, { ...known(name), tags: { ...known(name).tags, ...input.tags } });
    }),
    UntagResource: operation(
      z.object({ resourceArn: z.string(), tagKeys: z.array(z.string()) }),
      (input, caller) => {
        const name = groupOfArn(input.resourceArn);
        authorize(caller, 'UntagResource', input.resourceArn);
        const tags = Object.entries(known(name).tags).filter(([key]) => !input.tagKeys.includes(key));
        groups.put(name, { ...known(name), tags: Object.fromEntries(tags) });
      },
    ),
    ListTagsForResource: operation(z.object({ resourceArn: z.string() }), (input, caller) => {
      authorize(caller, 'ListTagsForResource', input.resourceArn);
      return { tags: { ...known(groupOfArn(input.resourceArn)).tags } };
    }),
    CreateLogStream: operation(STREAM, (input, caller) => {
      onGroup(caller, 'CreateLogStream', input.logGroupName);
      known(input.logGroupName);
      if (streams.has(input.logGroupName, input.logStreamName)) {
        throw new AwsError('ResourceAlreadyExistsException', 'The specified log stream already exists');
      }
      streams.create(input.logGroupName, input.logStreamName, context.clock.now());
    }),
    DeleteLogStream: operation(STREAM, (input, caller) => {
      onGroup(caller, 'DeleteLogStream', input.logGroupName);
      known(input.logGroupName);
      streams.remove(input.logGroupName, input.logStreamName);
    }),
    DescribeLogStreams: operation(
      z.object({
        ...BY_NAME,
        logStreamNamePrefix: z.string().default(''),
        orderBy: z.enum(['LogStreamName', 'LastEventTime']).default('LogStreamName'),
        descending: z.boolean().default(false),
        limit: z.number().int().min(1).max(50).default(50),
        nextToken: z.string().optional(),
      }),
      (input, caller) => {
        const group = named(input);
        onGroup(caller, 'DescribeLogStreams', group);
        known(group);
        const found = streams
          .list(group)
          .filter(({ name }) => name.startsWith(input.logStreamNamePrefix))
          .map(({ name, createdAt, span }) => ({
            logStreamName: name,
            creationTime: createdAt,
            arn: `${arn(group)}:log-stream:${name}`,
            firstEventTimestamp: span?.[0],
            lastEventTimestamp: span?.[1],
            lastIngestionTime: span?.[2],
          }));
        const byTime = input.orderBy === 'LastEventTime';
        found.sort((a, b) =>
          byTime
            ? (a.lastEventTimestamp ?? 0) - (b.lastEventTimestamp ?? 0)
            : a.logStreamName < b.logStreamName
              ? -1
              : 1,
        );
        if (input.descending) found.reverse();
        const { start, end } = pageStart(input.nextToken, input.limit, {
          ...{ length: found.length, fromHead: true },
        });
        return {
          logStreams: found.slice(start, end),
          nextToken: end < found.length ? `f/${end}` : undefined,
        };
      },
    ),
    PutLogEvents: operation(
      STREAM.extend({ logEvents: EVENTS, sequenceToken: z.string().optional() }),
      (input, caller) => {
        authorize(caller, 'PutLogEvents', `${arn(input.logGroupName)}:log-stream:${input.logStreamName}`);
        known(input.logGroupName);
        if (!streams.has(input.logGroupName, input.logStreamName)) {
          throw new AwsError('ResourceNotFoundException', 'The specified log stream does not exist.');
        }
        const group = known(input.logGroupName);
        const { events, ...rejected } = taken(input.logEvents, context.clock.now(), keptFrom(group));
        if (events.length > 0) put(input.logGroupName, input.logStreamName, events);
        return { nextSequenceToken: '0', ...rejected };
      },
    ),
    GetLogEvents: operation(
      z.object({
        ...BY_NAME,
        ...PAGE,
        logStreamName: z.string(),
        startTime: z.number().default(0),
        endTime: z.number().default(Number.MAX_SAFE_INTEGER),
        startFromHead: z.boolean().default(false),
      }),
      async (input, caller) => {
        const group = named(input);
        authorize(caller, 'GetLogEvents', `${arn(group)}:log-stream:${input.logStreamName}`);
        const { name } = known(group);
        if (!streams.has(name, input.logStreamName)) {
          throw new AwsError('ResourceNotFoundException', 'The specified log stream does not exist.');
        }
        const events = await streams.read(
          group,
          Math.max(input.startTime, keptFrom(known(group))),
          input.endTime,
          (stream) => stream === input.logStreamName,
        );
        const { start, end } = pageStart(input.nextToken, input.limit, {
          ...{ length: events.length, fromHead: input.startFromHead },
        });
        const page = events.slice(start, end);
        return {
          events: page.map(({ timestamp, message, ingestionTime }) => ({
            timestamp,
            message,
            ingestionTime,
          })),
          nextForwardToken: `f/${start + page.length}`,
          nextBackwardToken: `b/${start}`,
        };
      },
    ),
    FilterLogEvents: operation(
      z.object({
        ...BY_NAME,
        ...PAGE,
        logStreamNames: z.array(z.string()).optional(),
        logStreamNamePrefix: z.string().default(''),
        startTime: z.number().default(0),
        endTime: z.number().default(Number.MAX_SAFE_INTEGER),
        filterPattern: z.string().default(''),
        // Events of all streams always come in the order of time.
        interleaved: z.boolean().optional(),
      }),
      async (input, caller) => {
        const group = named(input);
        onGroup(caller, 'FilterLogEvents', group);
        const matches = compileFilterPattern(input.filterPattern);
        const wanted = input.logStreamNames && new Set(input.logStreamNames);
        const found = await streams.read(
          group,
          Math.max(input.startTime, keptFrom(known(group))),
          input.endTime,
          (stream) => wanted?.has(stream) ?? stream.startsWith(input.logStreamNamePrefix),
        );
        const events = found
          .filter((event) => matches(event.message))
          .map(({ stream, ...event }) => ({ logStreamName: stream, ...event }));
        const { start, end: next } = pageStart(input.nextToken, input.limit, {
          ...{ length: events.length, fromHead: true },
        });
        return {
          events: events.slice(start, next),
          searchedLogStreams: [],
          nextToken: next < events.length ? `f/${next}` : undefined,
        };
      },
    ),
  };

  async function sweep(): Promise<void> {
    for (const group of [...groups.values()])
      if (keptFrom(group) > 0) await streams.removeBefore(group.name, keptFrom(group));
  }
  let cancelSweep = scheduleSweep();
  function scheduleSweep() {
    return context.clock.after(RETENTION_SWEEP_MS, () => {
      cancelSweep = scheduleSweep();
      void sweep().catch((error: unknown) =>
        context.log(`logs: the retention sweep failed: ${String(error)}`),
      );
    });
  }

  const service = jsonService({
    id: 'logs',
    version: '1.1',
    invalidInput: 'InvalidParameterException',
    operations,
    close: () => {
      cancelSweep();
      return streams.close();
    },
  });
  return {
    ...service,
    append(group, stream, events) {
      try {
        if (!groups.has(group)) createGroup(group);
        put(group, stream, events);
      } catch (error) {
        // Whoever writes so has nobody to refuse: the disk is full.
        context.log(`logs: ${events.length} events of ${group} were lost: ${String(error)}`);
      }
    },
  };
}

function named(input: { readonly logGroupName?: string; readonly logGroupIdentifier?: string }): string {
  const name = input.logGroupName ?? input.logGroupIdentifier;
  if (input.logGroupName !== undefined && input.logGroupIdentifier !== undefined) {
    const message = 'LogGroup name and LogGroup ARN are mutually exclusive parameters.';
    throw new AwsError('ValidationException', message);
  }
  if (name === undefined) throw new AwsError('InvalidParameterException', 'logGroupName is missing');
  return name.startsWith('arn:') ? groupOfArn(name) : name;
}

function groupOfArn(arn: string): string {
  return arn.split(':log-group:')[1]?.replace(/:\*$/, '') ?? arn;
}
