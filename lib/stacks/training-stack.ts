// The stack that trains: the controller, whom it tells, and what takes its results down again.
import { CfnOutput } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import { acknowledgeMail } from '../constructs/alarms';
import { DeadLetterQueue } from '../constructs/queue-pair';
import type { GalleryAssets } from '../gallery-assets';
import type { PersonalizeResources } from '../personalize/resources';
import { Controller } from '../training/controller';
import { IdleCampaigns } from '../training/idle-campaigns';
import { Teardown } from '../training/teardown';
import { GalleryStack, type GalleryStackProps } from './gallery-stack';
import type { StorageStack } from './storage-stack';

export interface TrainingStackProps extends GalleryStackProps {
  readonly storage: StorageStack;
  readonly personalize: PersonalizeResources;
  readonly assets: GalleryAssets;
}

export class TrainingStack extends GalleryStack {
  constructor(scope: Construct, props: TrainingStackProps) {
    super(scope, 'training', 'the controller, its starts, notifications and teardown', props);
    const { settings, storage, personalize, assets } = props;
    const topic = new Topic(this, 'Topic', {
      displayName: `${settings.prefix}: trainings`,
      enforceSSL: true,
    });
    acknowledgeMail(topic);
    if (settings.notificationMail) topic.addSubscription(new EmailSubscription(settings.notificationMail));
    const missed = new DeadLetterQueue(this, 'MissedStarts', {
      name: 'training-starts',
      meaning: 'The controller should have looked what is due, and could not be started',
      alarms: storage.alarms,
      removalPolicy: this.removalPolicy,
    });
    const controller = new Controller(this, 'Pipeline', {
      ...this.functionDefaults(assets, storage.alarms),
      ...{ settings, storage, personalize, topic },
      bus: EventBus.fromEventBusName(this, 'DefaultBus', 'default'),
      missed: missed.queue,
    });
    const teardown = new Teardown(this, 'Teardown', {
      provider: personalize.teardownProvider,
      datasetGroup: personalize.datasetGroup,
      scope: 'trained',
    });
    // Nothing may be trained any more when the teardown begins, so the controller is made after it and deleted before it.
    controller.node.addDependency(teardown);
    new IdleCampaigns(this, 'IdleCampaigns', {
      datasetGroupName: personalize.datasetGroup.datasetGroupName,
      alarms: storage.alarms,
    });
    new CfnOutput(this, 'PipelineArn', { value: controller.stateMachine.stateMachineArn });
    new CfnOutput(this, 'TrainingTopicArn', { value: topic.topicArn });
  }
}
