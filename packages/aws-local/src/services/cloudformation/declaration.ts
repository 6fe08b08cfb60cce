// AWS CloudFormation, with the types that belong to no other service.
import { Engine } from '../../cloudformation/engine';
import { bucketDeployment } from '../../cloudformation/resources/bucket-deployment';
import { bucketNotifications } from '../../cloudformation/resources/bucket-notifications';
import { customResource } from '../../cloudformation/resources/custom';
import { budget, cdkMetadata } from '../../cloudformation/resources/local-only';
import type { ServiceDeclaration } from '../../declaration';
import { presignedUrl } from '../../gateway/presign';
import { createCloudFormation } from '.';

export const cloudFormation: ServiceDeclaration = {
  id: 'cloudformation',
  title: 'AWS CloudFormation',
  protocol: 'query',
  resources: {
    'AWS::Budgets::Budget': budget,
    'AWS::CDK::Metadata': cdkMetadata,
    'AWS::CloudFormation::CustomResource': customResource,
    'Custom::CDKBucketDeployment': bucketDeployment,
    'Custom::S3BucketNotifications': bucketNotifications,
  },
  create(context, { credentials, providerFor }) {
    const presign = (bucket: string, key: string, expiresSeconds: number) =>
      presignedUrl({
        ...credentials.administrator,
        region: context.region,
        method: 'PUT',
        bucket,
        key,
        expiresSeconds,
        now: context.clock.now(),
      });
    const engine = new Engine({ context, bootstrapUser: credentials.bootstrapUser, presign, providerFor });
    return createCloudFormation(context, engine);
  },
  differences: [
    'Templates are JSON. Nested stacks, macros, drift detection, resource import, stack policies and StackSets are refused.',
    'Budgets are kept in the stack and never report: nothing costs money on localhost.',
  ],
};
