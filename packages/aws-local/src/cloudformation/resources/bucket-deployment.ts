// Custom::CDKBucketDeployment. Its function is Python with the AWS CLI, which a laptop need not have; so it is done here instead,
// as the function's role, with the same rights and the same result.
import { createHash } from 'node:crypto';
import { type Entry, fromBuffer, type ZipFile } from 'yauzl';
import type { Shape } from '../../service';
import {
  type Properties,
  type ProviderContext,
  type ProvisionedResource,
  type ResourceProvider,
  requiredString,
} from '../provider';
import { contentType } from './content-types';
import { withMarkers } from './source-markers';
import { callerAsFunction } from './stand-in';

const NOTE = 'Done natively by the local AWS: the function of this provider is Python and needs the AWS CLI.';
const CONCURRENCY = 16;

const strings = (value: unknown) => (value === undefined ? [] : [value].flat().map(String));
const isTrue = (value: unknown) => value === true || value === 'true';

/** `aws s3 sync --exclude --include`: the last pattern that matches decides. Excludes come first. */
export function isSynced(path: string, exclude: readonly string[], include: readonly string[]): boolean {
  const matches = (pattern: string) =>
    new RegExp(
      `^${pattern
        .replace(/[.+^${}()|[\]\\]/g, '\\$&')
        .replace(/\*/g, '.*')
        .replace(/\?/g, '.')}$`,
    ).test(path);
  return !exclude.some(matches) || include.some(matches);
}

function openArchive(archive: Buffer): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    fromBuffer(archive, { lazyEntries: true }, (error, zip) => (error ? reject(error) : resolve(zip)));
  });
}

function readEntry(zip: ZipFile, entry: Entry): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error) {
        reject(error);
        return;
      }
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => resolve(Buffer.concat(chunks)));
      stream.on('error', reject);
    });
  });
}

/** The files of a zip archive, by path. */
export async function unzip(archive: Buffer): Promise<Map<string, Buffer>> {
  const zip = await openArchive(archive);
  const files = new Map<string, Buffer>();
  return new Promise((resolve, reject) => {
    zip.on('error', reject);
    zip.on('end', () => resolve(files));
    zip.on('entry', (entry: Entry) => {
      if (entry.fileName.endsWith('/')) {
        zip.readEntry();
        return;
      }
      readEntry(zip, entry).then((content) => {
        files.set(entry.fileName, content);
        zip.readEntry();
      }, reject);
    });
    zip.readEntry();
  });
}

async function bufferOf(body: unknown): Promise<Buffer> {
  if (Buffer.isBuffer(body)) return body;
  const chunks: Buffer[] = [];
  for await (const chunk of body as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

interface Deployment {
  readonly bucket: string;
  readonly prefix: string;
  readonly exclude: readonly string[];
  readonly include: readonly string[];
  readonly prune: boolean;
  readonly headers: Shape;
}

/** `cache-control` of SystemMetadata is the member CacheControl of PutObject. */
function systemHeaders(properties: Properties): Shape {
  const headers: Record<string, unknown> = {};
  for (const [name, value] of Object.entries((properties.SystemMetadata ?? {}) as object)) {
    const member = name.split('-').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
    headers[member.join('')] = value;
  }
  if (properties.UserMetadata !== undefined) headers.Metadata = properties.UserMetadata;
  return headers;
}

function deploymentOf(properties: Properties): Deployment {
  const prefix = String(properties.DestinationBucketKeyPrefix ?? '').replace(/^\/|\/$/g, '');
  return {
    bucket: requiredString(properties, 'DestinationBucketName'),
    prefix: prefix === '' ? '' : `${prefix}/`,
    exclude: strings(properties.Exclude),
    include: strings(properties.Include),
    prune: isTrue(properties.Prune ?? true),
    headers: systemHeaders(properties),
  };
}

async function existingObjects(deployment: Deployment, call: Call): Promise<Map<string, string>> {
  const objects = new Map<string, string>();
  let ContinuationToken: unknown;
  do {
    const page: Shape = await call('ListObjectsV2', {
      Bucket: deployment.bucket,
      Prefix: deployment.prefix,
      ContinuationToken,
    });
    for (const { Key, ETag } of (page.Contents ?? []) as { Key: string; ETag: string }[]) {
      objects.set(Key, ETag.replaceAll('"', ''));
    }
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);
  return objects;
}

type Call = (operation: string, input: Shape) => Promise<Shape>;

async function inBatches<T>(items: readonly T[], task: (item: T) => Promise<unknown>): Promise<void> {
  for (let start = 0; start < items.length; start += CONCURRENCY) {
    await Promise.all(items.slice(start, start + CONCURRENCY).map(task));
  }
}

/** Uploads what is new or different. Headers alone do not change an object, as with `aws s3 sync`. */
async function upload(
  files: Map<string, Buffer>,
  deployment: Deployment,
  call: Call,
  all: boolean,
): Promise<void> {
  const existing = await existingObjects(deployment, call);
  const wanted = [...files].filter(([path]) => isSynced(path, deployment.exclude, deployment.include));
  const changed = wanted.filter(
    ([path, content]) =>
      all || existing.get(deployment.prefix + path) !== createHash('md5').update(content).digest('hex'),
  );
  await inBatches(changed, ([path, Body]) =>
    call('PutObject', {
      Bucket: deployment.bucket,
      Key: deployment.prefix + path,
      Body,
      ContentType: contentType(path),
      ...deployment.headers,
    }),
  );
  if (!deployment.prune) return;
  const kept = new Set(wanted.map(([path]) => deployment.prefix + path));
  const gone = [...existing.keys()].filter(
    (key) =>
      !kept.has(key) && isSynced(key.slice(deployment.prefix.length), deployment.exclude, deployment.include),
  );
  await inBatches(gone, (Key) => call('DeleteObject', { Bucket: deployment.bucket, Key }));
}

async function deploy(
  physicalId: string,
  properties: Properties,
  context: ProviderContext,
  all: boolean,
): Promise<ProvisionedResource> {
  const call = await callerAsFunction(properties, context, 's3');
  const buckets = strings(properties.SourceBucketNames);
  const keys = strings(properties.SourceObjectKeys);
  const markers = (properties.SourceMarkers ?? []) as readonly Shape[];
  const configs = (properties.SourceMarkersConfig ?? []) as readonly Shape[];
  const files = new Map<string, Buffer>();
  for (const [index, Bucket] of buckets.entries()) {
    const { Body } = await call('GetObject', { Bucket, Key: keys[index] });
    const archive = await bufferOf(Body);
    const extracted = properties.Extract === undefined || isTrue(properties.Extract);
    const unpacked = extracted ? await unzip(archive) : new Map([[String(keys[index]), archive]]);
    for (const [path, content] of unpacked) {
      files.set(path, extracted ? withMarkers(content, markers[index], configs[index]) : content);
    }
  }
  await upload(files, deploymentOf(properties), call, all);
  await invalidate(properties, context);
  return {
    physicalId,
    attributes: {
      DestinationBucketArn: `arn:aws:s3:::${requiredString(properties, 'DestinationBucketName')}`,
      SourceObjectKeys: isTrue(properties.OutputObjectKeys ?? true) ? keys : [],
    },
    note: NOTE,
  };
}

async function invalidate(properties: Properties, context: ProviderContext): Promise<void> {
  if (properties.DistributionId === undefined) return;
  const call = await callerAsFunction(properties, context, 'cloudfront');
  const paths = strings(properties.DistributionPaths);
  const Items = paths.length > 0 ? paths : ['/*'];
  await call('CreateInvalidation', {
    DistributionId: properties.DistributionId,
    InvalidationBatch: {
      Paths: { Quantity: Items.length, Items },
      CallerReference: `${context.logicalId}/${Date.now()}`,
    },
  });
}

const deploymentId = (context: ProviderContext) => `aws.cdk.s3deployment.${context.generateName(60)}`;

export const bucketDeployment: ResourceProvider = {
  properties: [
    'ServiceToken',
    'SourceBucketNames',
    'SourceObjectKeys',
    'SourceMarkers',
    'SourceMarkersConfig',
    'DestinationBucketName',
    'DestinationBucketKeyPrefix',
    'Prune',
    'Exclude',
    'Include',
    'Extract',
    'SystemMetadata',
    'UserMetadata',
    'RetainOnDelete',
    'DistributionId',
    'DistributionPaths',
    // Invalidations are over at once here, so there is nothing to wait for.
    'WaitForDistributionInvalidation',
    'OutputObjectKeys',
    'DestinationBucketArn',
  ],
  create: (properties, context) => deploy(deploymentId(context), properties, context, true),
  recover: async (_properties, context) => deploymentId(context),
  update(physicalId, properties, previous, context) {
    const changesHeaders =
      JSON.stringify(systemHeaders(properties)) !== JSON.stringify(systemHeaders(previous));
    return deploy(physicalId, properties, context, changesHeaders);
  },
  async delete(_physicalId, properties, context) {
    if (isTrue(properties.RetainOnDelete ?? true)) return;
    const call = await callerAsFunction(properties, context, 's3');
    const { bucket, prefix } = deploymentOf(properties);
    const existing = await existingObjects({ ...deploymentOf(properties), bucket, prefix }, call);
    await inBatches([...existing.keys()], (Key) => call('DeleteObject', { Bucket: bucket, Key }));
  },
};
