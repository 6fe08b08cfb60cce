// The configurations that are kept with a bucket: where each stands in the API, and what may be said in it.
import { z } from 'zod';
import type { Shape } from '../../service';
import { TAG_LIST } from '../shared/operations';
import { DEFAULT_ENCRYPTION } from './buckets';
import { NOTIFICATIONS } from './notifications';

/** Documents have words for them. */
export const BOOLEAN = z.union([z.boolean(), z.enum(['true', 'false']).transform((word) => word === 'true')]);
const NUMBER = z.coerce.number().int().nonnegative();
const empty = z.literal('').transform(() => ({}));

const ENCRYPTION = z.object({
  Rules: z
    .array(
      z.object({
        ApplyServerSideEncryptionByDefault: z.object({
          SSEAlgorithm: z.literal('AES256', 'objects are encrypted with AES256 alone on localhost'),
        }),
        BucketKeyEnabled: BOOLEAN.optional(),
      }),
    )
    .length(1),
});
const PUBLIC_ACCESS = z.object({
  BlockPublicAcls: BOOLEAN.default(false),
  IgnorePublicAcls: BOOLEAN.default(false),
  BlockPublicPolicy: BOOLEAN.default(false),
  RestrictPublicBuckets: BOOLEAN.default(false),
});
const OWNERSHIP = z.object({
  Rules: z
    .array(
      z.object({ ObjectOwnership: z.enum(['BucketOwnerEnforced', 'BucketOwnerPreferred', 'ObjectWriter']) }),
    )
    .length(1),
});
const LIFECYCLE = z.object({
  Rules: z
    .array(
      z.object({
        ID: z.string().max(255).optional(),
        Status: z.enum(['Enabled', 'Disabled']),
        Prefix: z.string().optional(),
        // A rule for objects with a tag, or of a size, would let go of all the others here.
        Filter: z.union([z.object({ Prefix: z.string().optional() }), empty]).optional(),
        Expiration: z
          .object({ Days: NUMBER.optional(), ExpiredObjectDeleteMarker: BOOLEAN.optional() })
          .optional(),
        NoncurrentVersionExpiration: z
          .object({ NoncurrentDays: NUMBER, NewerNoncurrentVersions: NUMBER.optional() })
          .optional(),
        AbortIncompleteMultipartUpload: z.object({ DaysAfterInitiation: NUMBER }).optional(),
      }),
    )
    .min(1)
    .max(1000),
});
const CORS = z.object({
  CORSRules: z
    .array(
      z.object({
        ID: z.string().max(255).optional(),
        AllowedHeaders: z.array(z.string()).optional(),
        AllowedMethods: z.array(z.enum(['GET', 'PUT', 'HEAD', 'POST', 'DELETE'])).min(1),
        AllowedOrigins: z.array(z.string()).min(1),
        ExposeHeaders: z.array(z.string()).optional(),
        MaxAgeSeconds: NUMBER.optional(),
      }),
    )
    .min(1)
    .max(100),
});
const TAGGING = z.object({ TagSet: TAG_LIST });

/** A configuration of a bucket: where it stands in the API, and what reading and writing it needs. */
export interface BucketConfiguration {
  /** As in `GetBucket<name>`. */
  readonly name: string;
  /** The query parameter that selects it. */
  readonly subresource: string;
  /** Member of the Put operation's input that holds it. */
  readonly member: string;
  readonly readAction: string;
  readonly writeAction: string;
  /** What reading answers when nothing is configured: an error code, or an empty configuration. */
  readonly absent?: { readonly code: string; readonly message: string };
  /** True when GetBucket… answers the configuration's members directly rather than under `member`. */
  readonly flat?: boolean;
  /** What may be said in it. */
  readonly schema: z.ZodType;
  /** The Delete operation's name, when there is one. */
  readonly deletes?: string;
  /** What a bucket has after that. @default - nothing */
  readonly afterwards?: Shape;
}

export const BUCKET_CONFIGURATIONS: readonly BucketConfiguration[] = [
  {
    name: 'BucketEncryption',
    subresource: 'encryption',
    member: 'ServerSideEncryptionConfiguration',
    schema: ENCRYPTION,
    deletes: 'DeleteBucketEncryption',
    afterwards: DEFAULT_ENCRYPTION,
    readAction: 's3:GetEncryptionConfiguration',
    writeAction: 's3:PutEncryptionConfiguration',
    absent: {
      code: 'ServerSideEncryptionConfigurationNotFoundError',
      message: 'The server side encryption configuration was not found',
    },
  },
  {
    name: 'PublicAccessBlock',
    subresource: 'publicAccessBlock',
    member: 'PublicAccessBlockConfiguration',
    schema: PUBLIC_ACCESS,
    readAction: 's3:GetBucketPublicAccessBlock',
    writeAction: 's3:PutBucketPublicAccessBlock',
    absent: {
      code: 'NoSuchPublicAccessBlockConfiguration',
      message: 'The public access block configuration was not found',
    },
    deletes: 'DeletePublicAccessBlock',
  },
  {
    name: 'BucketOwnershipControls',
    subresource: 'ownershipControls',
    member: 'OwnershipControls',
    schema: OWNERSHIP,
    readAction: 's3:GetBucketOwnershipControls',
    writeAction: 's3:PutBucketOwnershipControls',
    absent: {
      code: 'OwnershipControlsNotFoundError',
      message: 'The bucket ownership controls were not found',
    },
    deletes: 'DeleteBucketOwnershipControls',
  },
  {
    name: 'BucketNotificationConfiguration',
    subresource: 'notification',
    member: 'NotificationConfiguration',
    schema: NOTIFICATIONS,
    readAction: 's3:GetBucketNotification',
    writeAction: 's3:PutBucketNotification',
    flat: true,
  },
  {
    name: 'BucketLifecycleConfiguration',
    subresource: 'lifecycle',
    member: 'LifecycleConfiguration',
    schema: LIFECYCLE,
    readAction: 's3:GetLifecycleConfiguration',
    writeAction: 's3:PutLifecycleConfiguration',
    absent: { code: 'NoSuchLifecycleConfiguration', message: 'The lifecycle configuration does not exist' },
    flat: true,
    deletes: 'DeleteBucketLifecycle',
  },
  {
    name: 'BucketCors',
    subresource: 'cors',
    member: 'CORSConfiguration',
    schema: CORS,
    readAction: 's3:GetBucketCORS',
    writeAction: 's3:PutBucketCORS',
    absent: { code: 'NoSuchCORSConfiguration', message: 'The CORS configuration does not exist' },
    flat: true,
    deletes: 'DeleteBucketCors',
  },
  {
    name: 'BucketTagging',
    subresource: 'tagging',
    member: 'Tagging',
    schema: TAGGING,
    readAction: 's3:GetBucketTagging',
    writeAction: 's3:PutBucketTagging',
    absent: { code: 'NoSuchTagSet', message: 'The TagSet does not exist' },
    flat: true,
    deletes: 'DeleteBucketTagging',
  },
];
