// The role that Amazon Personalize takes on to read and write the `personalize/` prefix of the gallery bucket, and the predecessors'
// places.
import { Stack } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { acknowledgeWildcards } from '../constructs/acknowledge';
import { personalizeReads, personalizeWrites } from '../constructs/gallery-bucket';

export interface ServiceRoleProps {
  readonly bucket: IBucket;
  /** ARNs of KMS keys that dataset groups of configuration files are encrypted with. */
  readonly keys: readonly string[];
}

/** Only requests that Amazon Personalize makes for this account and region may use the service's permissions. */
export function ownPersonalizeConditions(scope: Construct) {
  const stack = Stack.of(scope);
  return {
    StringEquals: { 'aws:SourceAccount': stack.account },
    ArnLike: { 'aws:SourceArn': stack.formatArn({ service: 'personalize', resource: '*' }) },
  };
}

/** Developer Guide, "Giving Amazon Personalize permission to use your AWS KMS key"; the keys' own policies must say the same. */
function useOfKeys(keys: readonly string[]): PolicyDocument {
  return new PolicyDocument({
    statements: [
      new PolicyStatement({
        sid: 'UseKeysForFiles',
        actions: ['Decrypt', 'GenerateDataKey', 'DescribeKey', 'ListGrants'].map((action) => `kms:${action}`),
        resources: [...keys],
      }),
    ],
  });
}

export class ServiceRole extends Role {
  constructor(scope: Construct, id: string, props: ServiceRoleProps) {
    super(scope, id, {
      description: 'Amazon Personalize imports from and exports to the gallery bucket with it',
      assumedBy: new ServicePrincipal('personalize.amazonaws.com', {
        conditions: ownPersonalizeConditions(scope),
      }),
      inlinePolicies: {
        GalleryBucket: new PolicyDocument({
          statements: [
            new PolicyStatement({
              sid: 'ReadPersonalizeFiles',
              actions: ['s3:GetObject'],
              resources: personalizeReads.map((pattern) => props.bucket.arnForObjects(pattern)),
            }),
            new PolicyStatement({
              sid: 'WritePersonalizeFiles',
              actions: ['s3:PutObject'],
              resources: personalizeWrites.map((pattern) => props.bucket.arnForObjects(pattern)),
            }),
            new PolicyStatement({
              sid: 'ListPersonalizeFiles',
              actions: ['s3:ListBucket'],
              resources: [props.bucket.bucketArn],
              conditions: { StringLike: { 's3:prefix': personalizeReads } },
            }),
          ],
        }),
        ...(props.keys.length > 0 && { Keys: useOfKeys(props.keys) }),
      },
    });
    acknowledgeWildcards(
      this,
      'File names are chosen by the people who import and by the service; the prefix is the limit.',
      personalizeReads.map((pattern) => props.bucket.arnForObjects(pattern)),
    );
  }
}
