// What Amazon Personalize was told: events, schemas, and the trainings that it began, which end as they would have without a kill.
import type { Actor, Call } from './actor';
import { Register, untilNone } from './actor';

const arn = (id: string) => `arn:aws:personalize:us-east-1:000000000000:${id}`;
const GROUP = arn('dataset-group/crash');
const DATASET = arn('dataset/crash/INTERACTIONS');
const ROLE = 'arn:aws:iam::000000000000:role/crash';
const BUCKET = 'crash-personalize';
const SCHEMAS = 3;
/** What Amazon Personalize trains with at least. */
const PEOPLE = 25;
const EVENTS_EACH = 40;
const EVENTS_A_CALL = 10;

const SCHEMA = JSON.stringify({
  type: 'record',
  name: 'Interactions',
  namespace: 'com.amazonaws.personalize.schema',
  fields: [
    { name: 'USER_ID', type: 'string' },
    { name: 'ITEM_ID', type: 'string' },
    { name: 'TIMESTAMP', type: 'long' },
  ],
  version: '1.0',
});
const POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: 'personalize.amazonaws.com' },
      Action: ['s3:GetObject', 's3:PutObject', 's3:ListBucket'],
      Resource: [`arn:aws:s3:::${BUCKET}`, `arn:aws:s3:::${BUCKET}/*`],
    },
  ],
});

export interface PersonalizeUserProps {
  /** A full disk may end a training with an error, but must tell. @default false */
  readonly trainingsMayFail?: boolean;
}

export class PersonalizeUser implements Actor {
  acknowledged = 0;
  private trackingId = '';
  private attempted = 0;
  private exports = 0;
  private readonly schemas = new Map<string, Register>();
  private readonly sent = new Set<string>();
  private readonly stored = new Set<string>();
  private readonly trainings = new Set<string>();
  private isTraining = false;

  constructor(private readonly props: PersonalizeUserProps = {}) {}

  async setUp(call: Call): Promise<void> {
    await call('s3', 'CreateBucket', { Bucket: BUCKET });
    await call('s3', 'PutBucketPolicy', { Bucket: BUCKET, Policy: POLICY });
    await call('personalize', 'CreateDatasetGroup', { name: 'crash' });
    await active(call, 'DescribeDatasetGroup', { datasetGroupArn: GROUP });
    await call('personalize', 'CreateSchema', { name: 'interactions', schema: SCHEMA });
    await call('personalize', 'CreateDataset', {
      name: 'interactions',
      datasetType: 'INTERACTIONS',
      datasetGroupArn: GROUP,
      schemaArn: arn('schema/interactions'),
    });
    await active(call, 'DescribeDataset', { datasetArn: DATASET });
    const tracker = await call('personalize', 'CreateEventTracker', {
      name: 'crash',
      datasetGroupArn: GROUP,
    });
    this.trackingId = String(tracker.trackingId);
    await active(call, 'DescribeEventTracker', { eventTrackerArn: tracker.eventTrackerArn });
    const calls = Array.from({ length: (PEOPLE * EVENTS_EACH) / EVENTS_A_CALL }, (_, i) =>
      this.putEvents(call, `user-${i % PEOPLE}`, EVENTS_A_CALL),
    );
    await Promise.all(calls);
    await call('personalize', 'CreateSolution', {
      name: 'crash',
      datasetGroupArn: GROUP,
      recipeArn: 'arn:aws:personalize:::recipe/aws-popularity-count',
      performAutoTraining: false,
    });
    await active(call, 'DescribeSolution', { solutionArn: arn('solution/crash') });
  }

  async step(call: Call, random: () => number): Promise<void> {
    const choice = random();
    if (choice < 0.6) await this.putEvents(call, 'somebody', 1 + Math.floor(random() * EVENTS_A_CALL));
    else if (choice < 0.9 || this.isTraining) await this.changeSchema(call, Math.floor(random() * SCHEMAS));
    else await this.train(call);
    this.acknowledged += 1;
  }

  async verify(call: Call): Promise<string[]> {
    this.isTraining = false;
    const unfinished = await untilNone(async () => {
      const { solutionVersions } = await call('personalize', 'ListSolutionVersions', {
        solutionArn: arn('solution/crash'),
      });
      const status = new Map(
        (solutionVersions as readonly { solutionVersionArn: string; status: string }[]).map((version) => [
          version.solutionVersionArn,
          version.status,
        ]),
      );
      const all = new Set([...this.trainings, ...status.keys()]);
      const ends = this.props.trainingsMayFail ? ['ACTIVE', 'CREATE FAILED'] : ['ACTIVE'];
      return [...all].flatMap((version) =>
        ends.includes(status.get(version) ?? '') ? [] : [`${version} is ${status.get(version) ?? 'lost'}`],
      );
    });
    const { schemas } = await call('personalize', 'ListSchemas', {});
    const names = new Set((schemas as readonly { name: string }[]).map(({ name }) => name));
    const wrong = [...this.schemas].flatMap(([name, schema]) =>
      schema.check(name, names.has(name) ? 'there' : undefined),
    );
    return [...unfinished, ...wrong, ...(await this.wrongEvents(call))];
  }

  private async putEvents(call: Call, userId: string, count: number): Promise<void> {
    const ids = Array.from({ length: count }, () => {
      this.attempted += 1;
      return `event-${this.attempted}`;
    });
    for (const id of ids) this.sent.add(id);
    const eventList = ids.map((id) => ({
      eventId: id,
      itemId: id,
      eventType: 'like',
      sentAt: new Date(1_700_000_000_000),
    }));
    await call('personalize', 'PutEvents', {
      trackingId: this.trackingId,
      sessionId: 's',
      userId,
      eventList,
    });
    for (const id of ids) this.stored.add(id);
  }

  private async changeSchema(call: Call, number: number): Promise<void> {
    const name = `schema-${number}`;
    const schema = this.schemas.get(name) ?? new Register();
    this.schemas.set(name, schema);
    const isThere = schema.isSurely('there');
    if (isThere) {
      const input = { schemaArn: arn(`schema/${name}`) };
      await schema.write(undefined, () => call('personalize', 'DeleteSchema', input));
    } else {
      await schema.write('there', () => call('personalize', 'CreateSchema', { name, schema: SCHEMA }));
    }
  }

  private async train(call: Call): Promise<void> {
    this.isTraining = true;
    const { solutionVersionArn } = await call('personalize', 'CreateSolutionVersion', {
      solutionArn: arn('solution/crash'),
    });
    this.trainings.add(String(solutionVersionArn));
  }

  /** Each event is named by its item, so that an export tells which are there. */
  private async wrongEvents(call: Call): Promise<string[]> {
    this.exports += 1;
    const jobName = `export-${this.exports}`;
    const job = await call('personalize', 'CreateDatasetExportJob', {
      jobName,
      datasetArn: DATASET,
      ingestionMode: 'PUT',
      roleArn: ROLE,
      jobOutput: { s3DataDestination: { path: `s3://${BUCKET}/out/` } },
    });
    await active(call, 'DescribeDatasetExportJob', { datasetExportJobArn: job.datasetExportJobArn });
    const { Contents } = await call('s3', 'ListObjectsV2', { Bucket: BUCKET, Prefix: `out/${jobName}/` });
    const csv = (Contents as readonly { Key: string }[]).find(({ Key }) => Key.endsWith('.csv'));
    const { Body } = await call('s3', 'GetObject', { Bucket: BUCKET, Key: csv?.Key });
    const [header = '', ...rows] = Buffer.from(Body as Uint8Array)
      .toString()
      .trim()
      .split('\n');
    const column = header.split(',').indexOf('ITEM_ID');
    const found = rows.map((row) => row.split(',')[column] ?? '');
    const once = new Set(found);
    const lost = [...this.stored].filter((id) => !once.has(id)).map((id) => `${id} is lost`);
    const invented = [...once].filter((id) => !this.sent.has(id)).map((id) => `${id} was never sent`);
    const doubled = found.length === once.size ? [] : [`${found.length - once.size} events are there twice`];
    for (const id of once) this.stored.add(id);
    return [...lost, ...invented, ...doubled];
  }
}

/** Waits until a resource is ACTIVE. */
async function active(call: Call, operation: string, input: object): Promise<void> {
  const [missing] = await untilNone(async () => {
    const [resource] = Object.values(await call('personalize', operation, { ...input })) as {
      status?: string;
    }[];
    return resource?.status === 'ACTIVE' ? [] : [`${operation}: ${resource?.status}`];
  });
  if (missing !== undefined) throw new Error(missing);
}
