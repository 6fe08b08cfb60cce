// Which provider makes the resources of which type.
import type { ResourceProvider } from '../provider';
import { bucketDeployment } from './bucket-deployment';
import {
  cachePolicy,
  distribution,
  originAccessControl,
  originRequestPolicy,
  responseHeadersPolicy,
} from './cloudfront';
import { parameter, secret } from './configuration';
import { customResource } from './custom';
import { table } from './dynamodb';
import { rule, schedule, scheduleGroup } from './events';
import { api, integration, route, stage } from './http-api';
import { managedPolicy, policy, role } from './iam';
import { lambdaFunction } from './lambda';
import { eventInvokeConfig, eventSourceMapping, layerVersion, permission } from './lambda-attachments';
import { budget, cdkMetadata } from './local-only';
import { queue, queuePolicy, subscription, topic, topicPolicy } from './messaging';
import { alarm, dashboard, logGroup } from './observability';
import { dataset, datasetGroup, eventTracker, filter, schema } from './personalize';
import { bucket, bucketPolicy } from './s3';
import { stateMachine } from './step-functions';

const PROVIDERS: Readonly<Record<string, ResourceProvider>> = {
  'AWS::ApiGatewayV2::Api': api,
  'AWS::ApiGatewayV2::Integration': integration,
  'AWS::ApiGatewayV2::Route': route,
  'AWS::ApiGatewayV2::Stage': stage,
  'AWS::Budgets::Budget': budget,
  'AWS::CDK::Metadata': cdkMetadata,
  'AWS::CloudFormation::CustomResource': customResource,
  'AWS::CloudFront::CachePolicy': cachePolicy,
  'AWS::CloudFront::Distribution': distribution,
  'AWS::CloudFront::OriginAccessControl': originAccessControl,
  'AWS::CloudFront::OriginRequestPolicy': originRequestPolicy,
  'AWS::CloudFront::ResponseHeadersPolicy': responseHeadersPolicy,
  'AWS::CloudWatch::Alarm': alarm,
  'AWS::CloudWatch::Dashboard': dashboard,
  'AWS::DynamoDB::Table': table,
  'AWS::Events::Rule': rule,
  'AWS::IAM::ManagedPolicy': managedPolicy,
  'AWS::IAM::Policy': policy,
  'AWS::IAM::Role': role,
  'AWS::Lambda::EventInvokeConfig': eventInvokeConfig,
  'AWS::Lambda::EventSourceMapping': eventSourceMapping,
  'AWS::Lambda::Function': lambdaFunction,
  'AWS::Lambda::LayerVersion': layerVersion,
  'AWS::Lambda::Permission': permission,
  'AWS::Logs::LogGroup': logGroup,
  'AWS::Personalize::Dataset': dataset,
  'AWS::Personalize::DatasetGroup': datasetGroup,
  'AWS::Personalize::EventTracker': eventTracker,
  'AWS::Personalize::Filter': filter,
  'AWS::Personalize::Schema': schema,
  'AWS::S3::Bucket': bucket,
  'AWS::S3::BucketPolicy': bucketPolicy,
  'AWS::SNS::Subscription': subscription,
  'AWS::SNS::Topic': topic,
  'AWS::SNS::TopicPolicy': topicPolicy,
  'AWS::SQS::Queue': queue,
  'AWS::SQS::QueuePolicy': queuePolicy,
  'AWS::SSM::Parameter': parameter,
  'AWS::Scheduler::Schedule': schedule,
  'AWS::Scheduler::ScheduleGroup': scheduleGroup,
  'AWS::SecretsManager::Secret': secret,
  'AWS::StepFunctions::StateMachine': stateMachine,
  'Custom::CDKBucketDeployment': bucketDeployment,
};

/** The provider of a type; every other `Custom::*` type is served by its own function. */
export function providerFor(type: string): ResourceProvider | undefined {
  const known = Object.hasOwn(PROVIDERS, type) ? PROVIDERS[type] : undefined;
  return known ?? (type.startsWith('Custom::') ? customResource : undefined);
}
