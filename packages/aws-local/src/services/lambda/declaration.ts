// AWS Lambda.
import type { ServiceDeclaration } from '../../declaration';
import type { LambdaService } from '../../ports';
import { createLambda } from '.';
import { eventInvokeConfig, eventSourceMapping, layerVersion, permission } from './attachment-resources';
import { lambdaFunction } from './function-resource';

export const lambda: ServiceDeclaration = {
  id: 'lambda',
  title: 'AWS Lambda',
  protocol: 'rest-json',
  tasks: { lambda: 'Lambda' },
  resources: {
    'AWS::Lambda::EventInvokeConfig': eventInvokeConfig,
    'AWS::Lambda::EventSourceMapping': eventSourceMapping,
    'AWS::Lambda::Function': lambdaFunction,
    'AWS::Lambda::LayerVersion': layerVersion,
    'AWS::Lambda::Permission': permission,
  },
  target: (service, { arn, body, principal }) =>
    (service as LambdaService).invoke({
      functionName: arn,
      payload: Buffer.from(body),
      principal,
      type: 'Event',
    }),
  create: createLambda,
  differences: [
    'Functions run with a Node.js runtime, as processes of this machine; memory and architecture are reported, not enforced.',
    'No versions, aliases, function URLs, container images or VPCs; layers are kept and not mounted.',
    'Functions of other runtimes are refused. The CDK’s own that are Python (bucket deployments, bucket notifications) are made, and what they do is done by the endpoint itself.',
    'Functions that leave the AWS SDK out of their bundle find the clients of the services here, lib-dynamodb, lib-storage and S3’s presigners; what they miss is told when they are deployed.',
  ],
};
