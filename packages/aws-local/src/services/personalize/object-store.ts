// How Amazon Personalize reaches S3: with the role it was given, and only into buckets whose policy lets the service in.
// https://docs.aws.amazon.com/personalize/latest/dg/granting-personalize-s3-access.html
import { Readable } from 'node:stream';
import {
  ObjectAccessDenied,
  ObjectNotFound,
  type ObjectStore,
  type StorageIdentity,
  type StoredObject,
} from '@emotion-gallery/personalize-local';
import { AwsError, type AwsService, type Principal, type ServiceContext, type Shape } from '../../service';

const SERVICE = 'personalize.amazonaws.com';

function translate(error: unknown): unknown {
  if (!(error instanceof AwsError)) return error;
  if (error.code === 'AccessDenied') return new ObjectAccessDenied(error.message);
  if (/^NoSuch|NotFound/.test(error.code)) return new ObjectNotFound(error.message);
  return error;
}

async function bufferOf(body: Readable | Buffer): Promise<Buffer> {
  if (Buffer.isBuffer(body)) return body;
  const chunks: Buffer[] = [];
  for await (const chunk of body as AsyncIterable<Buffer>) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

export class PersonalizeObjectStore implements ObjectStore {
  constructor(
    private readonly context: ServiceContext,
    /** Reads bucket policies on the service's behalf. */
    private readonly administrator: Principal,
  ) {}

  async list(identity: StorageIdentity, bucket: string, prefix: string): Promise<StoredObject[]> {
    const objects: StoredObject[] = [];
    let ContinuationToken: unknown;
    do {
      const input = { Bucket: bucket, Prefix: prefix, ContinuationToken };
      const page = await this.call(identity, 's3:ListBucket', bucket, undefined, 'ListObjectsV2', input);
      for (const { Key, Size, LastModified } of (page.Contents ?? []) as {
        Key: string;
        Size: number;
        LastModified: Date;
      }[]) {
        objects.push({ key: Key, size: Size, lastModified: new Date(LastModified) });
      }
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
    return objects;
  }

  async read(identity: StorageIdentity, bucket: string, key: string): Promise<Readable> {
    const input = { Bucket: bucket, Key: key };
    const { Body } = await this.call(identity, 's3:GetObject', bucket, key, 'GetObject', input);
    return Buffer.isBuffer(Body) ? Readable.from([Body]) : (Body as Readable);
  }

  async write(
    identity: StorageIdentity,
    bucket: string,
    key: string,
    body: Readable | Buffer,
  ): Promise<void> {
    const input = { Bucket: bucket, Key: key, Body: await bufferOf(body) };
    await this.call(identity, 's3:PutObject', bucket, key, 'PutObject', input);
  }

  private async call(
    identity: StorageIdentity,
    action: string,
    bucket: string,
    key: string | undefined,
    operation: string,
    input: Shape,
  ): Promise<Shape> {
    const s3 = this.context.service<AwsService>('s3');
    try {
      const conditions = typeof input.Prefix === 'string' ? { 's3:prefix': input.Prefix } : undefined;
      await this.checkBucketPolicy(identity, action, bucket, key, conditions);
      const principal = this.context.assumeRole(
        identity.roleArn,
        'PersonalizeSession',
        SERVICE,
        identity.sourceArn,
      );
      return await s3.call(operation, input, principal);
    } catch (error) {
      throw translate(error);
    }
  }

  /** The service itself must be let in by the bucket's policy, besides the role. */
  private async checkBucketPolicy(
    identity: StorageIdentity,
    action: string,
    bucket: string,
    key: string | undefined,
    conditions: Readonly<Record<string, string>> | undefined,
  ): Promise<void> {
    const { accountId, authorize, service } = this.context;
    const { Policy } = await service<AwsService>('s3')
      .call('GetBucketPolicy', { Bucket: bucket }, this.administrator)
      .catch((error: unknown) => {
        if (error instanceof AwsError && error.code === 'NoSuchBucketPolicy') return { Policy: undefined };
        throw error;
      });
    const principal: Principal = {
      kind: 'service',
      arn: SERVICE,
      accountId,
      sourceArn: identity.sourceArn,
      sourceAccount: accountId,
    };
    const resource = key === undefined ? `arn:aws:s3:::${bucket}` : `arn:aws:s3:::${bucket}/${key}`;
    authorize({ principal, action, resource, resourcePolicy: Policy, context: conditions });
  }
}
