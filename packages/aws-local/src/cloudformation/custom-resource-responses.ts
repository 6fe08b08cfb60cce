// Where custom resources' functions put their answers: presigned URLs into a bucket, as on AWS.
import type { AwsService, Principal, ServiceContext, Shape } from '../service';

const POLL_MS = 20;

/** The bucket belongs to CloudFormation, not to the account's stacks. */
function bucketName(region: string): string {
  return `cloudformation-custom-resource-response-${region.replace(/-/g, '')}`;
}

export interface ResponseSlot {
  readonly url: string;
  /** Rejects after the timeout. */
  readonly answer: Promise<Shape>;
  /** Waits no longer: nobody is going to answer. */
  readonly cancel: () => void;
}

/** Makes presigned PUT URLs as CloudFormation's own principal. */
export type Presign = (bucket: string, key: string, expiresSeconds: number) => string;

export class CustomResourceResponses {
  private bucketReady: Promise<void> | undefined;
  /** Of the answers that are waited for: what ends the waiting, by their keys. */
  private readonly waiting = new Map<string, (reason: Error) => void>();

  constructor(
    private readonly context: ServiceContext,
    private readonly principal: Principal,
    private readonly presign: Presign,
  ) {}

  async open(key: string, timeoutMs: number): Promise<ResponseSlot> {
    this.bucketReady ??= this.createBucket();
    await this.bucketReady;
    const bucket = bucketName(this.context.region);
    const url = this.presign(bucket, key, Math.ceil(timeoutMs / 1000));
    const abandoned = new Promise<never>((_resolve, reject) => this.waiting.set(key, reject));
    const answer = Promise.race([this.poll(bucket, key, timeoutMs), abandoned]).finally(() =>
      this.waiting.delete(key),
    );
    // Who opened the place may fail before it looks at the answer.
    answer.catch(() => undefined);
    return { url, answer, cancel: () => this.waiting.get(key)?.(new Error('nobody is going to answer')) };
  }

  /** Waits no longer for a stack's functions. */
  abandon(stackName: string, reason: string): void {
    for (const [key, reject] of this.waiting) {
      if (key.startsWith(`${stackName}/`)) reject(new Error(reason));
    }
  }

  private get s3(): AwsService {
    return this.context.service<AwsService>('s3');
  }

  private async createBucket(): Promise<void> {
    const Bucket = bucketName(this.context.region);
    const { Buckets } = (await this.s3.call('ListBuckets', {}, this.principal)) as {
      Buckets?: { Name: string }[];
    };
    if (!Buckets?.some(({ Name }) => Name === Bucket))
      await this.s3.call('CreateBucket', { Bucket }, this.principal);
  }

  private async poll(bucket: string, key: string, timeoutMs: number): Promise<Shape> {
    const deadline = Date.now() + timeoutMs;
    while (Date.now() < deadline) {
      if (!this.waiting.has(key)) break;
      const listed = await this.s3.call('ListObjectsV2', { Bucket: bucket, Prefix: key }, this.principal);
      if (Array.isArray(listed.Contents) && listed.Contents.length > 0) {
        const { Body } = await this.s3.call('GetObject', { Bucket: bucket, Key: key }, this.principal);
        const text = await textOf(Body);
        await this.s3.call('DeleteObject', { Bucket: bucket, Key: key }, this.principal);
        return JSON.parse(text) as Shape;
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    throw new Error('CloudFormation did not receive a response from your Custom Resource.');
  }
}

async function textOf(body: unknown): Promise<string> {
  if (Buffer.isBuffer(body)) return body.toString('utf8');
  const chunks: Buffer[] = [];
  for await (const chunk of body as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
