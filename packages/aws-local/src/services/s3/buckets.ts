// The buckets and their configurations.

import type { Store, StoredMap } from '@emotion-gallery/local-kit/store';
import { AwsError, type Shape } from '../../service';

/** Configurations are kept in the shape of the AWS API, by the name of their member of the Put operation. */
export interface BucketRecord {
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** Absent where it is the endpoint's first, or an older version made it. */
  readonly region?: string;
  readonly policy?: unknown;
  readonly configurations: Readonly<Record<string, Shape>>;
}

/** What a bucket has that says nothing of it. */
export const DEFAULT_ENCRYPTION: Shape = {
  Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false }],
};

const NAME = /^(?!\d+\.\d+\.\d+\.\d+$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

export class Buckets {
  private readonly records: StoredMap<BucketRecord>;

  constructor(store: Store) {
    this.records = store.map('s3/buckets');
  }

  /** @throws InvalidBucketName, BucketAlreadyOwnedByYou */
  create(name: string, now: number, region: string): BucketRecord {
    if (!NAME.test(name))
      throw new AwsError('InvalidBucketName', 'The specified bucket is not valid.', 400, {
        BucketName: name,
      });
    if (this.records.has(name)) {
      const message =
        'Your previous request to create the named bucket succeeded and you already own it. You can’t create it twice.';
      throw new AwsError('BucketAlreadyOwnedByYou', message, 409, { BucketName: name });
    }
    // What S3 gives every new bucket since January 2023 (encryption) and April 2023 (no public access).
    const record: BucketRecord = {
      name,
      createdAt: now,
      region,
      configurations: {
        ServerSideEncryptionConfiguration: DEFAULT_ENCRYPTION,
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          IgnorePublicAcls: true,
          BlockPublicPolicy: true,
          RestrictPublicBuckets: true,
        },
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      },
    };
    this.records.put(name, record);
    return record;
  }

  find(name: string): BucketRecord | undefined {
    return this.records.get(name);
  }

  /** @throws NoSuchBucket */
  get(name: string): BucketRecord {
    const record = this.records.get(name);
    if (!record)
      throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404, { BucketName: name });
    return record;
  }

  all(): BucketRecord[] {
    return [...this.records.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
  }

  setPolicy(name: string, policy: unknown): void {
    this.records.put(name, { ...this.get(name), policy });
  }

  configure(name: string, member: string, configuration: Shape | undefined): void {
    const record = this.get(name);
    const { [member]: _previous, ...others } = record.configurations;
    const configurations = configuration ? { ...others, [member]: configuration } : others;
    this.records.put(name, { ...record, configurations });
  }

  delete(name: string): void {
    this.records.delete(name);
  }
}
