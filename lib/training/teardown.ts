// Takes down, when a stack is deleted, what CloudFormation does not know of in the dataset group (`lambda/teardown`).
import { ArnFormat, CustomResource, Duration, Stack } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { allow, listsKnowNoResource } from '../constructs/allow';
import { type FunctionDefaults, NodeFunction } from '../constructs/node-function';
import { slowProvider } from '../constructs/slow-provider';
import type { DatasetGroup } from '../personalize/dataset-group';

/** A deletion of a campaign or a dataset takes minutes. */
const queryInterval = Duration.seconds(20);

/** The functions that take down; one provider serves the teardowns of all stacks. */
export class TeardownProvider extends Construct {
  readonly serviceToken: string;

  constructor(scope: Construct, id: string, props: FunctionDefaults) {
    super(scope, id);
    const begin = new NodeFunction(this, 'lambda-teardown', {
      ...props,
      name: 'teardown',
      description: 'Begins the deletion of what the stacks do not know of in Amazon Personalize',
      timeout: Duration.minutes(5),
    });
    const check = new NodeFunction(this, 'lambda-teardown-pass', {
      ...props,
      name: 'teardown',
      exportName: 'isComplete',
      description: 'Deletes what can be deleted now, and tells whether anything is left',
      timeout: Duration.minutes(5),
    });
    allowLooking(this, check.role);
    allowOnKinds(this, check.role, deleting);
    this.serviceToken = slowProvider(this, { ...props, begin, check, queryInterval }).serviceToken;
  }
}

export interface TeardownProps {
  readonly provider: TeardownProvider;
  readonly datasetGroup: DatasetGroup;
  /**
   * `trained`: campaigns, recommenders, solutions, and whole groups that configuration files made.
   * `datasets`: what the event tracker left behind.
   */
  readonly scope: 'trained' | 'datasets';
}

/** What is made after it is deleted before it begins; what it refers to is deleted when it is done. */
export class Teardown extends Construct {
  constructor(scope: Construct, id: string, props: TeardownProps) {
    super(scope, id);
    new CustomResource(this, 'Resource', {
      resourceType: 'Custom::PersonalizeTeardown',
      serviceToken: props.provider.serviceToken,
      properties: { datasetGroupArn: props.datasetGroup.datasetGroupArn, scope: props.scope },
    });
  }
}

/** Kinds of resources, as ARNs spell them, and how a teardown looks at them. */
const looking: Readonly<Record<string, readonly string[]>> = {
  dataset: ['DescribeDataset'],
  'dataset-group': ['DescribeDatasetGroup', 'ListTagsForResource'],
};

/** The same kinds, and what a teardown does to them. */
const deleting: Readonly<Record<string, readonly string[]>> = {
  campaign: ['DeleteCampaign'],
  recommender: ['DeleteRecommender'],
  solution: ['DeleteSolution', 'StopSolutionVersionCreation'],
  'event-tracker': ['DeleteEventTracker'],
  'metric-attribution': ['DeleteMetricAttribution'],
  filter: ['DeleteFilter'],
  dataset: ['DeleteDataset'],
  'dataset-group': ['DeleteDatasetGroup', 'TagResource'],
  schema: ['DeleteSchema'],
};

const lists = [
  ...['Campaigns', 'Recommenders', 'Solutions', 'SolutionVersions', 'EventTrackers', 'MetricAttributions'],
  ...['Filters', 'Datasets', 'DatasetImportJobs', 'DatasetGroups'],
];

function allowLooking(teardown: Construct, role: Role): void {
  allow(role, {
    actions: lists.map((list) => `personalize:List${list}`),
    on: ['*'],
    because: listsKnowNoResource,
  });
  allowOnKinds(teardown, role, looking);
}

/**
 * Names cannot be told before: a configuration file chooses those of its group and of all below it. The kinds of resources,
 * the account and the region are the limit.
 */
function allowOnKinds(
  teardown: Construct,
  role: Role,
  operations: Readonly<Record<string, readonly string[]>>,
): void {
  for (const [resource, names] of Object.entries(operations)) {
    const arn = Stack.of(teardown).formatArn({
      service: 'personalize',
      resource,
      resourceName: '*',
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    });
    allow(role, {
      actions: names.map((name) => `personalize:${name}`),
      on: [arn],
      because: 'Configuration files choose the names of what they make.',
    });
  }
}
