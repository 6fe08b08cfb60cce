// A visitor who deletes their likes: nothing of theirs is left in the tables at once, and Amazon Personalize is told by a job.
import { CreateDataDeletionJobCommand, DescribeDataDeletionJobCommand } from '@aws-sdk/client-personalize';
import { type SweepOptions, sweep } from '../../../../lambda/forget-sweep/sweep';
import { readTotals } from '../../../../lambda/shared/data/totals';
import type { HttpHandler } from '../../../../lambda/shared/http/handler';
import { DATASET_GROUP, serviceError, World } from '../support/world';

const [ANN, BEN, CLEO] = [1, 2, 3].map((index) => `0b5cf5a1-64a5-4e1c-8c5e-6a4f4a0f0a0${index}` as const) as [
  string,
  string,
  string,
];
const world = new World();
let forget: HttpHandler;
let like: HttpHandler;

beforeAll(async () => {
  world.install();
  forget = (await import('../../../../lambda/forget/handler')).handler;
  like = (await import('../../../../lambda/like/handler')).handler;
});

beforeEach(async () => {
  world.reset();
  world.addPictures('emotions/calm/1.jpg', 'emotions/calm/2.jpg');
  for (const visitorId of [ANN, BEN]) {
    world.addVisitor(visitorId);
    for (const index of [1, 2]) expect((await likeAs(visitorId, index)).status).toBe(202);
  }
});

const likeAs = async (visitorId: string, index: number) => {
  const itemId = `emotions/calm/${index}.jpg`;
  const occurredAt = new Date().toISOString();
  const eventId = visitorId.replace(/.$/, String(index));
  return world.call(like, 'POST', '/api/likes', {
    token: await world.token(visitorId),
    body: { sessionId: 's', likes: [{ eventId, itemId, liked: true, impression: [], occurredAt }] },
  });
};

const forgetAs = async (visitorId: string, more: object = {}) =>
  world.call(forget, 'DELETE', '/api/visitors/me', { token: await world.token(visitorId), ...more });

const of = (table: string) => new Set(world.dynamodb.rows(table).map(({ visitorId }) => visitorId));

it('deletes the row, the likes, what is on its way, and what they added to the totals', async () => {
  expect(await forgetAs(ANN)).toMatchObject({ status: 202, body: { likes: 2 } });
  for (const table of ['visitors', 'likes']) expect(of(table)).toEqual(new Set([BEN]));
  expect(of('undelivered').has(ANN)).toBe(false);
  const totals = await readTotals(world.dynamodb, 'totals', {
    random: () => 0,
    sleep: async () => undefined,
  });
  expect(totals).toMatchObject({ users: 1, qualifiedUsers: 1, interactions: 2 });
});

it('whom it deletes the token says, whatever the body says', async () => {
  await forgetAs(ANN, { body: { visitorId: BEN, userId: BEN } });
  expect(of('visitors')).toEqual(new Set([BEN]));
  expect([...world.s3.objects.keys()]).toEqual([`personalize/forget/waiting/${ANN}.csv`]);
});

it('asked again it does no harm, and their token likes nothing any more', async () => {
  await forgetAs(ANN);
  expect(await forgetAs(ANN)).toMatchObject({ status: 202, body: { likes: 0 } });
  expect((await likeAs(ANN, 1)).status).toBe(401);
  expect((await likeAs(BEN, 1)).status).toBe(202);
});

it('interrupted before the tables are done, Amazon Personalize forgets all the same, and asking again ends it', async () => {
  world.dynamodb.fault = (command) =>
    command.constructor.name === 'DeleteItemCommand'
      ? { error: serviceError('InternalServerError', 'server') }
      : undefined;
  expect((await forgetAs(ANN)).status).toBe(503);
  expect(world.s3.objects.size).toBe(1);
  world.dynamodb.fault = () => undefined;
  expect((await forgetAs(ANN)).status).toBe(202);
  expect(of('likes')).toEqual(new Set([BEN]));
});

it.each([undefined, 'not.a.token'])('without a good token (%s) nothing is deleted', async (token) => {
  expect((await world.call(forget, 'DELETE', '/api/visitors/me', { token })).status).toBe(401);
  expect(of('visitors')).toEqual(new Set([ANN, BEN]));
});

describe('the sweep', () => {
  const jobs = new Map<string, { status: string; csv: string }>();
  let now: number;
  let refusal: Error | undefined;

  const options = (): SweepOptions => ({
    personalize: {
      send: (async (command: object) => {
        if (command instanceof CreateDataDeletionJobCommand) {
          if (refusal) throw refusal;
          const { jobName = '', dataSource, datasetGroupArn, roleArn } = command.input;
          expect({ datasetGroupArn, roleArn }).toEqual({ datasetGroupArn: DATASET_GROUP, roleArn: 'role' });
          const key = dataSource?.dataLocation?.replace('s3://gallery/', '') ?? '';
          jobs.set(jobName, { status: 'PENDING', csv: String(world.s3.objects.get(key)?.body) });
          return {};
        }
        if (command instanceof DescribeDataDeletionJobCommand) {
          const job = jobs.get(command.input.dataDeletionJobArn?.split('/').at(-1) ?? '');
          if (!job) throw serviceError('ResourceNotFoundException');
          return { dataDeletionJob: job };
        }
        throw new Error('unexpected');
      }) as never,
    },
    s3: world.s3 as never,
    ...{ bucket: 'gallery', datasetGroupArn: DATASET_GROUP, roleArn: 'role' },
    logger: { info: () => undefined },
    now: () => now,
  });
  const csvs = () => [...jobs.values()].map(({ csv }) => csv);
  const end = (status: string) => {
    for (const job of jobs.values()) job.status = status;
  };

  beforeEach(async () => {
    jobs.clear();
    refusal = undefined;
    await forgetAs(ANN);
    await forgetAs(BEN);
    const last = Math.max(
      ...[...world.s3.objects.values()].map(({ lastModified }) => lastModified.getTime()),
    );
    now = last + 60_000;
  });

  it('makes one job for all who wait, a minute after they asked, and leaves nothing when it has ended', async () => {
    now -= 60_001;
    await sweep(options());
    expect(csvs()).toEqual([]);
    now += 60_001;
    await sweep(options());
    expect(csvs()).toEqual([`USER_ID\n${ANN}\n${BEN}\n`]);
    await sweep(options());
    expect(jobs.size).toBe(1);
    end('COMPLETED');
    await sweep(options());
    expect([jobs.size, world.s3.objects.size]).toEqual([1, 0]);
  });

  it('when too many jobs wait, the next minute tries again', async () => {
    refusal = serviceError('LimitExceededException');
    await sweep(options());
    refusal = undefined;
    await sweep(options());
    expect(csvs()).toEqual([`USER_ID\n${ANN}\n${BEN}\n`]);
  });

  it('one that failed is told as a failure, after another was written down', async () => {
    await sweep(options());
    end('FAILED');
    now += 60_000;
    await expect(sweep(options())).rejects.toThrow('data deletion jobs failed: forget-');
    await sweep(options());
    expect(csvs()).toEqual(Array(2).fill(`USER_ID\n${ANN}\n${BEN}\n`));
  });

  it('who asked while a job failed is deleted as well as those of the job', async () => {
    await sweep(options());
    end('FAILED');
    world.addVisitor(CLEO);
    await forgetAs(CLEO);
    now += 120_000;
    await expect(sweep(options())).rejects.toThrow('data deletion jobs failed');
    await sweep(options());
    expect(csvs().slice(1).sort()).toEqual([`USER_ID\n${ANN}\n${BEN}\n`, `USER_ID\n${CLEO}\n`].sort());
  });

  it('interrupted anywhere, the next minute goes on, and nobody is left out', async () => {
    for (let call = 0; call < 5; call += 1) {
      now += 60_000;
      let left = call;
      world.s3.before = () => {
        if (left-- === 0) throw new Error('lost');
      };
      await sweep(options()).catch(() => undefined);
      world.s3.before = () => undefined;
    }
    await sweep(options());
    await sweep(options());
    const named = new Set(csvs().flatMap((csv) => csv.trim().split('\n').slice(1)));
    expect(named).toEqual(new Set([ANN, BEN]));
    end('COMPLETED');
    await sweep(options());
    expect(world.s3.objects.size).toBe(0);
  });
});
