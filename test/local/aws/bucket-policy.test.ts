// The policy of the gallery bucket, statement by statement: what each lets in or keeps out, shown by its absence.
import { randomUUID } from 'node:crypto';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { ACCOUNT_ID, REGION } from '../../../local/start/account';
import { type DeployedGallery, deployGallery, PREFIX } from './support/gallery';

let gallery: DeployedGallery;
let bucket: string;

beforeAll(async () => {
  gallery = await deployGallery();
  bucket = String(gallery.outputs.BucketName);
  for (let index = 0; index < 9; index += 1) await put(`site/trial-${index}.txt`, 'hello');
  await put('personalize/users/users.csv', 'USER_ID,EMOTION\nsomebody,calm\n');
});

afterAll(() => gallery?.dispose());

const put = (Key: string, text: string) =>
  gallery.endpoint.call('s3', 'PutObject', { Bucket: bucket, Key, Body: Buffer.from(text) });

interface Statement {
  readonly Sid: string;
}

/** Takes a statement out of the policy while `action` runs. */
async function without<T>(sid: string, action: () => Promise<T>): Promise<T> {
  const { Policy } = await gallery.endpoint.call('s3', 'GetBucketPolicy', { Bucket: bucket });
  const document = JSON.parse(String(Policy)) as { Statement: Statement[] };
  const rest = document.Statement.filter(({ Sid }) => Sid !== sid);
  expect(rest).toHaveLength(document.Statement.length - 1);
  const changed = JSON.stringify({ ...document, Statement: rest });
  await gallery.endpoint.call('s3', 'PutBucketPolicy', { Bucket: bucket, Policy: changed });
  try {
    return await action();
  } finally {
    await gallery.endpoint.call('s3', 'PutBucketPolicy', { Bucket: bucket, Policy });
  }
}

const statusOf = async (url: string) => (await fetch(url)).status;
const fromSite = (path: string) => statusOf(`${gallery.endpoint.siteUrl}/${path}`);

/** A signed request that says that it came over plain HTTP, as a proxy would. */
async function overPlainHttp(): Promise<string> {
  const client = new S3Client({
    endpoint: gallery.endpoint.endpoint,
    region: REGION,
    credentials: gallery.endpoint.credentials,
    forcePathStyle: true,
  });
  client.middlewareStack.add(
    (next) => (args) => {
      (args.request as { headers: Record<string, string> }).headers['x-forwarded-proto'] = 'http';
      return next(args);
    },
    { step: 'build' },
  );
  try {
    await client.send(new GetObjectCommand({ Bucket: bucket, Key: 'site/trial-0.txt' }));
    return 'allowed';
  } catch (error) {
    return (error as Error).name;
  } finally {
    client.destroy();
  }
}

/** How a job of Amazon Personalize ended: its status and, if it failed, why. */
async function job(kind: 'Import' | 'Export', input: Record<string, unknown>): Promise<string> {
  const { call } = gallery.endpoint;
  const arn = `dataset${kind}JobArn`;
  const answer = await call('personalize', `CreateDataset${kind}Job`, {
    jobName: `trial-${randomUUID()}`,
    datasetArn: `arn:aws:personalize:${REGION}:${ACCOUNT_ID}:dataset/${PREFIX}/USERS`,
    roleArn: gallery.outputs.PersonalizeRoleArn,
    ...input,
  }).catch((error: Error) => ({ failed: error.message }));
  if ('failed' in answer) return String(answer.failed);
  for (;;) {
    const described = await call('personalize', `DescribeDataset${kind}Job`, { [arn]: answer[arn] });
    const { status, failureReason = '' } = described[`dataset${kind}Job`] as Record<string, string>;
    if (status === 'ACTIVE' || status?.includes('FAILED')) return `${status} ${failureReason}`.trim();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const importOf = (path: string) =>
  job('Import', { dataSource: { dataLocation: `s3://${bucket}/personalize/${path}` }, importMode: 'FULL' });
const exportAll = () =>
  job('Export', { jobOutput: { s3DataDestination: { path: `s3://${bucket}/personalize/out/` } } });

const REFUSED = /not authorized|access|permission/i;

test('a request over plain HTTP is refused, signed or not', async () => {
  expect(await overPlainHttp()).toBe('AccessDenied');
  expect(await without('RefusePlainHttp', overPlainHttp)).toBe('allowed');
});

test('the distribution reads the pages, and without its statement nothing', async () => {
  expect(await fromSite('trial-1.txt')).toBe(200);
  expect(await without('DistributionReadsSiteAndPictures', () => fromSite('trial-2.txt'))).toBe(403);
  expect(await fromSite('trial-3.txt')).toBe(200);
});

test('Amazon Personalize reads and writes its files, and without the statement of each not', async () => {
  expect(await importOf('users/users.csv')).toBe('ACTIVE');
  expect(await exportAll()).toBe('ACTIVE');
  expect(await without('PersonalizeReadsItsFiles', () => importOf('users/users.csv'))).toMatch(REFUSED);
  expect(await without('PersonalizeWritesItsFiles', exportAll)).toMatch(REFUSED);
});

test('Amazon Personalize lists its folder, and without its statement not', async () => {
  expect(await importOf('users/')).toBe('ACTIVE');
  expect(await without('PersonalizeListsItsFiles', () => importOf('users/'))).toMatch(REFUSED);
});

test.each([
  'personalize/users/users.csv',
  'emotions/../personalize/users/users.csv',
  'emotions/%2e%2e/personalize/users/users.csv',
  'emotions/..%2fpersonalize/users/users.csv',
  '%70ersonalize/users/users.csv',
  '/personalize/users/users.csv',
  '..%2fpersonalize%2fusers%2fusers.csv',
])('what is Amazon Personalize’s is not on the site: %s', async (path) => {
  const answer = await fetch(`${gallery.endpoint.siteUrl}/${path}`);
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(await answer.text()).not.toContain('somebody');
});

test('what is in the bucket is not given out without credentials', async () => {
  const { endpoint } = gallery.endpoint;
  expect(await statusOf(`${endpoint}/${bucket}/personalize/users/users.csv`)).toBe(403);
  expect(await statusOf(`${endpoint}/${bucket}?list-type=2&prefix=personalize/`)).toBe(403);
  expect(await statusOf(`${endpoint}/${bucket}/site/trial-0.txt`)).toBe(403);
});
