// The stack that trains: the pipeline, what starts it, whom it tells, and what takes its results down again.
import { CfnOutput } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { acknowledgeMail } from '../constructs/alarms';
import { allow } from '../constructs/allow';
import { configurationPrefix } from '../constructs/gallery-bucket';
import { type FunctionDefaults, NodeFunction } from '../constructs/node-function';
import { DeadLetterQueue } from '../constructs/queue-pair';
import type { GalleryAssets } from '../gallery-assets';
import type { PersonalizeResources } from '../personalize/resources';
import { acknowledgePipeline } from '../training/accepted-findings';
import { FileSchedules } from '../training/file-schedules';
import { IdleCampaigns } from '../training/idle-campaigns';
import { Teardown } from '../training/teardown';
import { TrainingPipeline } from '../training/training-pipeline';
import { TrainingStarts } from '../training/training-starts';
import { GalleryStack, type GalleryStackProps } from './gallery-stack';
import type { StorageStack } from './storage-stack';

export interface TrainingStackProps extends GalleryStackProps {
  readonly storage: StorageStack;
  readonly personalize: PersonalizeResources;
  readonly assets: GalleryAssets;
}

export class TrainingStack extends GalleryStack {
  private readonly defaults: FunctionDefaults;

  constructor(
    scope: Construct,
    private readonly props: TrainingStackProps,
  ) {
    super(scope, 'training', 'the training pipeline, its starts, notifications and teardown', props);
    const { settings, storage, personalize, assets } = props;
    const { logRetentionDays, removalPolicy } = this;
    this.defaults = this.functionDefaults(assets, storage.alarms);
    const watched = { alarms: storage.alarms, logRetentionDays, removalPolicy };
    const topic = new Topic(this, 'Topic', {
      displayName: `${settings.prefix}: trainings`,
      enforceSSL: true,
    });
    acknowledgeMail(topic);
    if (settings.notificationMail) topic.addSubscription(new EmailSubscription(settings.notificationMail));
    const plan = this.planFunction();
    const missed = new DeadLetterQueue(this, 'MissedStarts', {
      name: 'training-starts',
      meaning: 'The training pipeline should have been started, and was not',
      alarms: storage.alarms,
      removalPolicy,
    });
    const schedules = new FileSchedules(this, 'FileSchedules', {
      groupName: settings.prefix,
      missed: missed.queue,
    });
    const pipeline = new TrainingPipeline(this, 'Pipeline', {
      stateMachineName: settings.prefix,
      datasetGroup: {
        name: personalize.datasetGroup.datasetGroupName,
        arn: personalize.datasetGroup.datasetGroupArn,
      },
      planFunction: plan.function,
      runs: storage.tables.runs,
      bucket: storage.bucket,
      schedules,
      serviceRole: personalize.serviceRole,
      topic,
      bus: EventBus.fromEventBusName(this, 'DefaultBus', 'default'),
      ...watched,
    });
    new TrainingStarts(this, 'Starts', {
      pipeline: pipeline.stateMachine,
      datasetGroup: personalize.datasetGroup,
      bucket: storage.bucket,
      missed: missed.queue,
      schedule: settings.trainingSchedule,
      ...watched,
    });
    const teardown = new Teardown(this, 'Teardown', {
      provider: personalize.teardownProvider,
      datasetGroup: personalize.datasetGroup,
      scope: 'trained',
    });
    acknowledgePipeline(pipeline.stateMachine, plan.function, schedules);
    // Nothing may be trained any more when the teardown begins, so the pipeline is made after it and deleted before it.
    pipeline.node.addDependency(teardown);
    this.idleCampaigns(missed.queue);
    new CfnOutput(this, 'PipelineArn', { value: pipeline.stateMachine.stateMachineArn });
    new CfnOutput(this, 'TrainingTopicArn', { value: topic.topicArn });
  }

  private idleCampaigns(missed: IQueue): void {
    const { settings, personalize } = this.props;
    if (settings.campaigns.length === 0) return;
    new IdleCampaigns(this, 'IdleCampaigns', {
      ...this.defaults,
      datasetGroupName: personalize.datasetGroup.datasetGroupName,
      campaigns: settings.campaigns,
      missed,
    });
  }

  private planFunction(): NodeFunction {
    const { settings, storage, personalize } = this.props;
    const plan = new NodeFunction(this, 'lambda-plan', {
      ...this.defaults,
      name: 'plan',
      description: 'Reads a configuration and spells out what the training pipeline has to do',
      environment: {
        GALLERY_BUCKET: storage.bucket.bucketName,
        DATASET_GROUP_ARN: personalize.datasetGroup.datasetGroupArn,
        SERVICE_ROLE_ARN: personalize.serviceRole.roleArn,
        GATE_METRIC: settings.gateMetric,
        GATE_RATIO_TO_BASELINE: String(settings.gateRatioToBaseline),
        GATE_RATIO_TO_SERVED: String(settings.gateRatioToServed),
        GATE_STANDARD_ERRORS: String(settings.gateStandardErrors),
        TOTALS_TABLE: storage.tables.totals.tableName,
        // A variable is never empty.
        CAMPAIGNS: settings.campaigns.join(',') || 'none',
      },
    });
    allow(plan.role, {
      actions: ['s3:GetObject'],
      on: [storage.bucket.arnForObjects(`${configurationPrefix}*`)],
      because: 'People choose the names of their configuration files.',
    });
    storage.tables.totals.grant(plan.role, 'BatchGetItem');
    return plan;
  }
}
