// Buckets: create, delete, list, policies, and reading and writing their configurations.
import { z } from 'zod';
import { AwsError, type Shape } from '../../service';
import { type Operation, type Operations, operation } from '../shared/operations';
import { BUCKET_CONFIGURATIONS, type BucketConfiguration } from './bucket-configurations';
import { isPublic, readBucketPolicy } from './bucket-policy';
import { NOTIFICATIONS } from './notifications';
import type { S3State } from './state';

const BUCKET = z.object({ Bucket: z.string() });
const CREATE = BUCKET.extend({
  CreateBucketConfiguration: z.object({ LocationConstraint: z.string().optional() }).optional(),
});

/** @throws InvalidLocationConstraint, IllegalLocationConstraintException */
function checkLocation(location: string | undefined, region: string): void {
  // Buckets of us-east-1 have none, and may not name it.
  const expected = region === 'us-east-1' ? undefined : region;
  if (location === expected) return;
  if (location === region)
    throw new AwsError('InvalidLocationConstraint', 'The specified location-constraint is not valid', 400, {
      LocationConstraint: location,
    });
  throw new AwsError(
    'IllegalLocationConstraintException',
    `The ${location ?? 'unspecified'} location constraint is incompatible for the region specific endpoint this request was sent to.`,
  );
}

export function bucketOperations(state: S3State): Operations {
  const operations: Record<string, Operation> = {
    CreateBucket: operation(CREATE, (input, caller) => {
      state.context.authorize({
        principal: caller.principal,
        action: 's3:CreateBucket',
        resource: `arn:aws:s3:::${input.Bucket}`,
        context: caller.conditions,
      });
      const region = caller.region ?? state.context.region;
      checkLocation(input.CreateBucketConfiguration?.LocationConstraint, region);
      state.buckets.create(input.Bucket, state.context.clock.now(), region);
      return { Location: `/${input.Bucket}`, BucketArn: `arn:aws:s3:::${input.Bucket}` };
    }),
    DeleteBucket: operation(BUCKET, (input, caller) => {
      state.authorizeBucket(caller, 's3:DeleteBucket', input.Bucket);
      if (state.files.keysWithVersions(input.Bucket).length > 0) {
        const message = state.versioning(input.Bucket)
          ? 'The bucket you tried to delete is not empty. You must delete all versions in the bucket.'
          : 'The bucket you tried to delete is not empty';
        throw new AwsError('BucketNotEmpty', message, 409, {
          BucketName: input.Bucket,
        });
      }
      state.buckets.delete(input.Bucket);
    }),
    HeadBucket: operation(BUCKET, (input, caller) => {
      state.authorizeBucket(caller, 's3:ListBucket', input.Bucket);
      return { BucketRegion: state.regionOf(input.Bucket) };
    }),
    GetBucketLocation: operation(BUCKET, (input, caller) => {
      state.authorizeBucket(caller, 's3:GetBucketLocation', input.Bucket);
      const region = state.regionOf(input.Bucket);
      return { LocationConstraint: region === 'us-east-1' ? undefined : region };
    }),
    ...policyOperations(state),
    ...versioningOperations(state),
  };
  for (const configuration of BUCKET_CONFIGURATIONS)
    Object.assign(operations, configurationOperations(state, configuration));
  return { ...operations, ...notificationOperations(state) };
}

function notificationOperations(state: S3State): Operations {
  const input = BUCKET.extend({
    NotificationConfiguration: NOTIFICATIONS,
    SkipDestinationValidation: z.boolean().optional(),
  });
  return {
    PutBucketNotificationConfiguration: operation(input, async (asked, caller) => {
      const { Bucket, NotificationConfiguration, SkipDestinationValidation } = asked;
      state.authorizeBucket(caller, 's3:PutBucketNotification', Bucket);
      if (!SkipDestinationValidation) await state.notifications.validate(Bucket, NotificationConfiguration);
      state.buckets.configure(Bucket, 'NotificationConfiguration', NotificationConfiguration);
    }),
  };
}

function policyOperations(state: S3State): Operations {
  return {
    PutBucketPolicy: operation(BUCKET.extend({ Policy: z.string() }), (input, caller) => {
      const { configurations } = state.authorizeBucket(caller, 's3:PutBucketPolicy', input.Bucket);
      const policy = readBucketPolicy(input.Policy, input.Bucket);
      if (configurations.PublicAccessBlockConfiguration?.BlockPublicPolicy === true && isPublic(policy)) {
        throw publicPolicy(caller.principal.arn, input.Bucket);
      }
      state.buckets.setPolicy(input.Bucket, policy);
    }),
    GetBucketPolicy: operation(BUCKET, (input, caller) => {
      const bucket = state.authorizeBucket(caller, 's3:GetBucketPolicy', input.Bucket);
      if (bucket.policy === undefined) throw noPolicy(input.Bucket);
      return { Policy: JSON.stringify(bucket.policy) };
    }),
    DeleteBucketPolicy: operation(BUCKET, (input, caller) => {
      state.authorizeBucket(caller, 's3:DeleteBucketPolicy', input.Bucket);
      state.buckets.setPolicy(input.Bucket, undefined);
    }),
    GetBucketPolicyStatus: operation(BUCKET, (input, caller) => {
      const bucket = state.authorizeBucket(caller, 's3:GetBucketPolicyStatus', input.Bucket);
      if (bucket.policy === undefined) throw noPolicy(input.Bucket);
      return { PolicyStatus: { IsPublic: isPublic(bucket.policy) } };
    }),
  };
}

function versioningOperations(state: S3State): Operations {
  const versioning = z.object({
    VersioningConfiguration: z.object({ Status: z.enum(['Enabled', 'Suspended']) }),
  });
  return {
    GetBucketVersioning: operation(BUCKET, (input, caller) => {
      const bucket = state.authorizeBucket(caller, 's3:GetBucketVersioning', input.Bucket);
      return { ...bucket.configurations.VersioningConfiguration };
    }),
    PutBucketVersioning: operation(BUCKET.extend(versioning.shape), (input, caller) => {
      state.authorizeBucket(caller, 's3:PutBucketVersioning', input.Bucket);
      state.buckets.configure(input.Bucket, 'VersioningConfiguration', input.VersioningConfiguration);
    }),
  };
}

function configurationOperations(state: S3State, configuration: BucketConfiguration): Operations {
  const { name, member, absent } = configuration;
  const put = BUCKET.extend({ [member]: configuration.schema });
  const operations: Record<string, Operation> = {
    [`Put${name}`]: operation(put, (input, caller) => {
      const bucket = String(input.Bucket);
      state.authorizeBucket(caller, configuration.writeAction, bucket);
      const value: unknown = input[member as keyof typeof input];
      state.buckets.configure(bucket, member, value as Shape);
    }),
    [`Get${name}`]: operation(BUCKET, (input, caller) => {
      const bucket = state.authorizeBucket(caller, configuration.readAction, input.Bucket);
      const value = bucket.configurations[member];
      if (!value && absent)
        throw new AwsError(absent.code, absent.message, 404, { BucketName: input.Bucket });
      return configuration.flat ? { ...value } : { [member]: value };
    }),
  };
  if (configuration.deletes) {
    operations[configuration.deletes] = operation(BUCKET, (input, caller) => {
      state.authorizeBucket(caller, configuration.writeAction, input.Bucket);
      state.buckets.configure(input.Bucket, member, configuration.afterwards);
    });
  }
  return operations;
}

function publicPolicy(user: string, bucket: string): AwsError {
  const action = 's3:PutBucketPolicy on resource: "arn:aws:s3:::';
  const because =
    'because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.';
  return new AwsError(
    'AccessDenied',
    `User: ${user} is not authorized to perform: ${action}${bucket}" ${because}`,
    403,
  );
}

function noPolicy(bucket: string): AwsError {
  return new AwsError('NoSuchBucketPolicy', 'The bucket policy does not exist', 404, { BucketName: bucket });
}
