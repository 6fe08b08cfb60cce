// The training stacks, deployed by the real CDK CLI, in a local AWS whose waiting goes fast, with people who liked pictures.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { PersonalizeClient } from '@aws-sdk/client-personalize';
import { PersonalizeEventsClient } from '@aws-sdk/client-personalize-events';
import { PersonalizeRuntimeClient } from '@aws-sdk/client-personalize-runtime';
import {
  DescribeExecutionCommand,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { type AwsEndpoint, createAwsEndpoint } from '@emotion-gallery/aws-local';
import { RealClock } from '@emotion-gallery/local-kit/clock';
import type { GroupRow } from '../../../lambda/controller/group-row';
import { readGroups } from '../../../lambda/controller/rows';
import { ACCOUNT_ID, REGION } from '../../../local/start/account';
import { outputsOf } from '../aws/support/cli';
import { PREFIX } from './app';
import { deployedTraining, type Settings } from './deploy';
import { eventually } from './eventually';
import { Mailbox } from './mailbox';
import { PausableClock } from './pausable-clock';

export { ACCOUNT_ID, eventually, PREFIX, REGION };

/** How much faster than on AWS: waits of a minute last a sixteenth of a second. */
const SPEED = 1000;
/** About so often `eventually` asks. */
const ASKED_IN_A_SECOND = 9;

export const GROUP_ARN = personalizeArn('dataset-group', PREFIX);

export function personalizeArn(kind: string, name: string): string {
  return `arn:aws:personalize:${REGION}:${ACCOUNT_ID}:${kind}/${name}`;
}

export interface Ended {
  readonly executionArn: string;
  readonly status: string;
  /** The output of an execution that succeeded. */
  readonly output?: unknown;
  /** What the execution itself says about its failure: the step's name, the error and the reason. */
  readonly failure?: { readonly step: string; readonly error: string; readonly reason: string };
}

export type RunRecordItem = Record<string, unknown> & {
  readonly run: string;
  readonly outcome: string;
  readonly steps: readonly { readonly step: string }[];
  readonly result?: unknown;
};

/** What a file asks for and cannot have is a failure of the file, not of the machine: it ends well and tells so. */
function toldBy(output: { outcome: string; failure?: Ended['failure'] }): Partial<Ended> {
  return output.outcome === 'failed' ? { output, status: 'FAILED', failure: output.failure } : { output };
}

export class TrainingHarness {
  readonly control: PersonalizeClient;
  readonly events: PersonalizeEventsClient;
  readonly runtime: PersonalizeRuntimeClient;
  private readonly states: SFNClient;
  private readonly dynamodb: DynamoDBClient;

  private constructor(
    private readonly folder: string,
    readonly endpoint: AwsEndpoint,
    readonly outputs: Readonly<Record<string, string>>,
    readonly mailbox: Mailbox,
    /** The time of Amazon Personalize's life cycles. */
    readonly personalizeClock: PausableClock,
  ) {
    const settings = {
      endpoint: endpoint.endpoint,
      region: REGION,
      credentials: endpoint.credentials,
      maxAttempts: 5,
    };
    this.control = new PersonalizeClient(settings);
    this.events = new PersonalizeEventsClient(settings);
    this.runtime = new PersonalizeRuntimeClient(settings);
    this.states = new SFNClient(settings);
    this.dynamodb = new DynamoDBClient(settings);
  }

  /** Starts the endpoint on the stacks deployed with these settings. */
  static async start(settings: Settings = {}): Promise<TrainingHarness> {
    const folder = await deployedTraining(settings);
    const personalizeClock = new PausableClock(SPEED * 30);
    const endpoint = await createAwsEndpoint({
      stateDir: join(folder, 'state'),
      region: REGION,
      accountId: ACCOUNT_ID,
      awsPort: 0,
      sitePort: 0,
      clock: new RealClock(1),
      personalizeClock,
      statesClock: new RealClock(SPEED),
      log: (line) => {
        if (process.env.DEBUG_TRAINING) console.error(line);
      },
    });
    try {
      const outputs = await outputsOf(endpoint);
      const mailbox = await Mailbox.open(endpoint, String(outputs.TrainingTopicArn));
      return new TrainingHarness(folder, endpoint, outputs, mailbox, personalizeClock);
    } catch (error) {
      await endpoint.close();
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** The state machine whose name contains this. */
  async machine(namePart: string): Promise<string> {
    const { stateMachines = [] } = await this.states.send(new ListStateMachinesCommand({}));
    return String(stateMachines.find(({ name }) => name?.includes(namePart))?.stateMachineArn);
  }

  /** All executions of a state machine, by default of the pipeline, newest first. */
  async executions(stateMachineArn = this.outputs.PipelineArn): Promise<string[]> {
    const { executions = [] } = await this.states.send(new ListExecutionsCommand({ stateMachineArn }));
    return executions.map(({ executionArn }) => String(executionArn));
  }

  async stopExecution(executionArn: string): Promise<void> {
    await this.states.send(new StopExecutionCommand({ executionArn }));
  }

  /** Has the totals count so many likes of 25 people. */
  async countLikes(likes: number): Promise<void> {
    const count = { N: '25' };
    await this.endpoint.call('dynamodb', 'PutItem', {
      TableName: this.outputs.TotalsTableName,
      Item: { shard: { S: '00' }, users: count, qualifiedUsers: count, interactions: { N: String(likes) } },
    });
  }

  /** Has the totals count so many people, each with two likes or more. */
  async countPeople(people: number): Promise<void> {
    const count = { N: String(people) };
    await this.endpoint.call('dynamodb', 'PutItem', {
      TableName: this.outputs.TotalsTableName,
      Item: { shard: { S: '00' }, users: count, qualifiedUsers: count, interactions: { N: '1000' } },
    });
  }

  /** Rows of the gallery's tables, 25 at a time. */
  async putRows(table: string, rows: readonly Readonly<Record<string, unknown>>[]): Promise<void> {
    for (let start = 0; start < rows.length; start += 25) {
      const requests = rows.slice(start, start + 25).map((row) => ({ PutRequest: { Item: marshall(row) } }));
      await this.endpoint.call('dynamodb', 'BatchWriteItem', { RequestItems: { [table]: requests } });
    }
  }

  /** How the controller says that a dataset group stands. */
  async group(name = PREFIX): Promise<GroupRow | undefined> {
    const rows = await readGroups({ dynamodb: this.dynamodb, table: String(this.outputs.RunsTableName) });
    return rows.find(({ datasetGroup }) => datasetGroup.name === name);
  }

  /** As `eventually`, while the controller looks each second what is due, and not each minute. */
  private whileItLooks<T>(
    condition: () => Promise<T | undefined>,
    what: string,
    seconds: number,
  ): Promise<T> {
    let asked = 0;
    const ask = async () => {
      asked += 1;
      if (asked % ASKED_IN_A_SECOND === 0) await this.sweep();
      return condition();
    };
    return eventually(ask, what, seconds);
  }

  /** Waits until a dataset group stands so. */
  async groupWhen(is: (row: GroupRow) => boolean, name = PREFIX, seconds = 180): Promise<GroupRow> {
    let last: GroupRow | undefined;
    return this.whileItLooks(
      async () => {
        last = await this.group(name);
        return last && is(last) ? last : undefined;
      },
      `that ${name} stands as expected`,
      seconds,
    ).catch((error: Error) => {
      throw new Error(`${error.message}; it stands so: ${JSON.stringify(last)}`);
    });
  }

  /** Has the controller look what is due, as it does each minute. */
  async sweep(): Promise<void> {
    const { Functions } = await this.endpoint.call('lambda', 'ListFunctions', {});
    const functions = Functions as { FunctionName: string; Handler: string }[];
    const found = functions.find(({ Handler }) => Handler === 'index.sweep');
    await this.endpoint.call('lambda', 'Invoke', {
      FunctionName: found?.FunctionName,
      Payload: Buffer.from('{}'),
    });
  }

  async begin(input: Readonly<Record<string, unknown>> = { reason: 'operator' }): Promise<string> {
    const { executionArn = '' } = await this.states.send(
      new StartExecutionCommand({
        stateMachineArn: this.outputs.PipelineArn,
        input: JSON.stringify(input),
      }),
    );
    return executionArn;
  }

  /** Those of the pipeline that have not ended. */
  async running(): Promise<string[]> {
    const { executions = [] } = await this.states.send(
      new ListExecutionsCommand({
        stateMachineArn: this.outputs.PipelineArn,
        statusFilter: 'RUNNING',
      }),
    );
    return executions.map(({ executionArn }) => String(executionArn));
  }

  /** Waits for the end of an execution. */
  async ended(executionArn: string, seconds = 180): Promise<Ended> {
    return eventually(
      async () => {
        const execution = await this.states.send(new DescribeExecutionCommand({ executionArn }));
        if (execution.status === 'RUNNING') return undefined;
        return {
          executionArn,
          status: String(execution.status),
          ...(execution.output !== undefined && toldBy(JSON.parse(execution.output))),
          ...(execution.error === 'PipelineFailed' && {
            failure: JSON.parse(String(execution.cause)) as Ended['failure'],
          }),
          ...(execution.error !== 'PipelineFailed' &&
            execution.error !== undefined && {
              failure: { step: '(none)', error: execution.error, reason: String(execution.cause) },
            }),
        };
      },
      `the end of ${executionArn}`,
      seconds,
    );
  }

  async run(input?: Readonly<Record<string, unknown>>): Promise<Ended> {
    return this.ended(await this.begin(input));
  }

  /** The records of runs of a dataset group, once so many have ended. */
  async endedRuns(count: number, datasetGroupArn = GROUP_ARN, seconds = 180): Promise<RunRecordItem[]> {
    return this.whileItLooks(
      async () => {
        const records = await this.records(datasetGroupArn);
        return records.filter(({ outcome }) => outcome !== 'running').length >= count ? records : undefined;
      },
      `the end of run ${count}`,
      seconds,
    );
  }

  /** What the runs table holds of a dataset group, oldest first. */
  async records(datasetGroupArn = GROUP_ARN): Promise<RunRecordItem[]> {
    const { Items = [] } = await this.dynamodb.send(
      new QueryCommand({
        TableName: this.outputs.RunsTableName,
        KeyConditionExpression: 'datasetGroup = :group',
        ExpressionAttributeValues: { ':group': { S: datasetGroupArn } },
      }),
    );
    return Items.map((item) => {
      const { result, ...record } = unmarshall(item);
      return { ...record, ...(result && { result: JSON.parse(result) }) } as RunRecordItem;
    });
  }

  /** The sum of what CloudWatch has of a metric of a campaign, in the last hours; undefined without any. */
  async campaignMetric(Namespace: string, MetricName: string, campaign: string): Promise<number | undefined> {
    const { Datapoints = [] } = await this.endpoint.call('monitoring', 'GetMetricStatistics', {
      Namespace,
      MetricName,
      Dimensions: [{ Name: 'CampaignArn', Value: personalizeArn('campaign', campaign) }],
      StartTime: new Date(Date.now() - 7_200_000),
      EndTime: new Date(Date.now() + 3_600_000),
      Period: 3600,
      Statistics: ['Sum'],
    });
    const sums = (Datapoints as { Sum: number }[]).map(({ Sum }) => Sum);
    return sums.length === 0 ? undefined : sums.reduce((a, b) => a + b, 0);
  }

  async putFile(key: string, body: string): Promise<void> {
    await this.endpoint.call('s3', 'PutObject', {
      Bucket: this.outputs.BucketName,
      Key: key,
      Body: Buffer.from(body),
    });
  }

  async readFile(key: string): Promise<string> {
    const { Body } = await this.endpoint.call('s3', 'GetObject', {
      Bucket: this.outputs.BucketName,
      Key: key,
    });
    return text(Body as NodeJS.ReadableStream);
  }

  async deleteFile(key: string): Promise<void> {
    await this.endpoint.call('s3', 'DeleteObject', { Bucket: this.outputs.BucketName, Key: key });
  }

  async listFiles(prefix: string): Promise<string[]> {
    const { Contents = [] } = await this.endpoint.call('s3', 'ListObjectsV2', {
      Bucket: this.outputs.BucketName,
      Prefix: prefix,
    });
    return (Contents as { Key: string }[]).map(({ Key }) => Key);
  }

  /** Deletes a stack and waits for its end. Rejects with what did not go. */
  async deleteStack(StackName: string): Promise<void> {
    await this.endpoint.call('cloudformation', 'DeleteStack', { StackName });
    await eventually(
      async () => {
        const { StackSummaries } = await this.endpoint.call('cloudformation', 'ListStacks', {});
        const stacks = StackSummaries as {
          StackName: string;
          StackStatus: string;
          StackStatusReason?: string;
        }[];
        const stack = stacks.find((each) => each.StackName === StackName);
        if (stack?.StackStatus === 'DELETE_FAILED') throw new Error(String(stack.StackStatusReason));
        return stack === undefined || stack.StackStatus === 'DELETE_COMPLETE' ? true : undefined;
      },
      `the deletion of ${StackName}`,
      180,
    );
  }

  async stop(): Promise<void> {
    for (const client of [this.control, this.events, this.runtime, this.states, this.dynamodb]) {
      client.destroy();
    }
    await this.endpoint.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
