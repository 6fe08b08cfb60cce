// The stack that lets a CI pipeline deploy: GitHub's OpenID Connect provider, made or adopted, and two roles that only workflows of one
// repository can take on. No AWS key is stored anywhere. Made once, from a laptop: docs/ci.md.
import { CfnOutput, Duration } from 'aws-cdk-lib';
import { OidcProviderNative, Role, WebIdentityPrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { allow } from '../constructs/allow';
import { verifyPrefix } from '../constructs/gallery-bucket';
import { namesFrom } from '../constructs/generated-names';
import { GalleryStack, type GalleryStackProps } from './gallery-stack';

export interface DeliveryStackProps extends GalleryStackProps {
  /** `owner/name` or `owner@id/name@id`. */
  readonly githubRepository: string;
}

const issuer = 'token.actions.githubusercontent.com';

/** Of `ServiceRole` with the hash that the CDK adds. */
const serviceRoleIdLength = 19;

/** Of the bootstrap stack that the CDK makes unless it is told otherwise. */
const qualifier = 'hnb659fds';

const byName =
  'The stacks of this deployment begin with its prefix; CloudFormation chooses the rest of the names.';

/**
 * How tokens name a repository: `repo:owner/name`, and with ids behind the names where it was made, renamed or moved after July 15, 2026
 * (GitHub, "Immutable subject claims"). Names have no `@`, so whatever follows it is an id.
 *
 * @param repository `owner/name`, for either form; `owner@id/name@id` for this very repository
 */
function subjectsOf(repository: string): string[] {
  if (repository.includes('@')) return [`repo:${repository}`];
  const [owner, name] = repository.split('/');
  return [`repo:${repository}`, `repo:${owner}@*/${name}@*`];
}

export class DeliveryStack extends GalleryStack {
  private readonly prefix: string;

  constructor(scope: Construct, props: DeliveryStackProps) {
    super(scope, 'delivery', 'the roles that CI pipelines deploy and compare with', props);
    const { prefix, environment, githubProviderArn } = props.settings;
    this.prefix = prefix;
    const providerArn =
      githubProviderArn ??
      new OidcProviderNative(this, 'GitHub', { url: `https://${issuer}`, clientIds: ['sts.amazonaws.com'] })
        .oidcProviderArn;
    // A job that names the environment gets a token only when its protection rules, such as an approval, let it.
    const deploying = this.roleFor(
      'Deploy',
      providerArn,
      props.githubRepository,
      `environment:${environment}`,
    );
    this.allowAssuming(deploying, 'deploy', 'file-publishing', 'lookup');
    this.allowPreflight(deploying);
    this.allowVerify(deploying);
    // Anybody with a branch can change what a pull request's workflow runs, so this role can only read.
    const comparing = this.roleFor('Diff', providerArn, props.githubRepository, 'pull_request');
    this.allowAssuming(comparing, 'lookup');
    new CfnOutput(this, 'DeployRoleArn', { value: deploying.roleArn });
    new CfnOutput(this, 'DiffRoleArn', { value: comparing.roleArn });
  }

  private roleFor(id: string, providerArn: string, repository: string, context: string): Role {
    return new Role(this, id, {
      description: `GitHub workflows: ${repository}, ${context}`,
      // A first deployment and the export that verifies it may take longer than one hour.
      maxSessionDuration: Duration.hours(2),
      assumedBy: new WebIdentityPrincipal(providerArn, {
        StringEquals: { [`${issuer}:aud`]: 'sts.amazonaws.com' },
        StringLike: { [`${issuer}:sub`]: subjectsOf(repository).map((subject) => `${subject}:${context}`) },
      }),
    });
  }

  /** The CDK CLI does everything with the roles of its bootstrap stack. */
  private allowAssuming(role: Role, ...parts: readonly string[]): void {
    const { account, region } = this;
    allow(role, {
      actions: ['sts:AssumeRole'],
      on: parts.map((part) =>
        this.arn('iam', `role/cdk-${qualifier}-${part}-role-${account}-${region}`, { region: '' }),
      ),
    });
  }

  private allowPreflight(role: Role): void {
    allow(role, {
      actions: [
        ...['ListDatasetGroups', 'ListSchemas', 'ListCampaigns', 'ListFilters'].map(
          (name) => `personalize:${name}`,
        ),
        ...[
          'lambda:GetAccountSettings',
          'servicequotas:ListServiceQuotas',
          'logs:DescribeLogGroups',
          'states:ListStateMachines',
        ],
      ],
      on: ['*'],
      because: 'These look at the account, and know no resource.',
    });
    allow(role, {
      actions: ['ssm:GetParameter'],
      on: [
        this.arn('ssm', `parameter/cdk-bootstrap/${qualifier}/version`),
        this.arn('ssm', 'parameter/aws/service/global-infrastructure/*', { account: '' }),
      ],
      because: 'What AWS publishes about its regions.',
    });
    allow(role, {
      actions: ['cloudformation:DescribeStacks', 'cloudformation:ListStackResources'],
      on: [this.arn('cloudformation', `stack/${this.prefix}-*`)],
      because: byName,
    });
    allow(role, {
      actions: ['scheduler:GetScheduleGroup'],
      on: [this.arn('scheduler', `schedule-group/${this.prefix}`)],
    });
  }

  private allowVerify(role: Role): void {
    const bucket = this.arn('s3', namesFrom(`${this.prefix}-storage-`, 'bucket'), {
      region: '',
      account: '',
    });
    const because = byName;
    allow(role, {
      actions: ['s3:GetBucketPolicyStatus', 's3:GetBucketPublicAccessBlock', 's3:ListBucket'],
      on: [bucket],
      because,
    });
    allow(role, {
      actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
      on: [`${bucket}/${verifyPrefix}*`],
      because,
    });
    allow(role, {
      actions: ['dynamodb:Query', 'dynamodb:DeleteItem', 'dynamodb:UpdateItem'],
      on: [this.arn('dynamodb', `table/${namesFrom(`${this.prefix}-storage-`, 'table')}`)],
      because,
    });
    allow(role, { actions: ['cloudwatch:DescribeAlarms'], on: [this.arn('cloudwatch', 'alarm:*')], because });
    allow(role, {
      actions: ['lambda:GetPolicy'],
      on: [this.arn('lambda', `function:${namesFrom(`${this.prefix}-`, 'function')}`)],
      because,
    });
    allow(role, {
      actions: ['sqs:GetQueueAttributes'],
      on: [this.arn('sqs', namesFrom(`${this.prefix}-`, 'queue'))],
      because,
    });
    allow(role, {
      actions: ['sns:GetTopicAttributes'],
      on: [this.arn('sns', namesFrom(`${this.prefix}-`, 'topic'))],
      because,
    });
    allow(role, {
      actions: [...['CreateDatasetExportJob', 'DescribeDatasetExportJob', 'CreateDataDeletionJob']].map(
        (name) => `personalize:${name}`,
      ),
      on: [
        this.arn('personalize', `dataset/${this.prefix}/INTERACTIONS`),
        this.arn('personalize', `dataset-group/${this.prefix}`),
        this.arn('personalize', 'dataset-export-job/verify-*'),
        this.arn('personalize', 'data-deletion-job/verify-*'),
      ],
      because: 'The jobs of the command verify, whose names end with the time.',
    });
    allow(role, {
      actions: ['iam:PassRole'],
      on: [
        this.arn(
          'iam',
          `role/${namesFrom(`${this.prefix}-personalize-`, 'role', serviceRoleIdLength)}ServiceRole*`,
          { region: '' },
        ),
      ],
      conditions: { StringEquals: { 'iam:PassedToService': 'personalize.amazonaws.com' } },
      because,
    });
  }

  private arn(service: string, resource: string, more: { region?: string; account?: string } = {}): string {
    const { partition, region, account } = this;
    return ['arn', partition, service, more.region ?? region, more.account ?? account, resource].join(':');
  }
}
