// The stack with the gallery's resources in Amazon Personalize, up to the event tracker and the filters.
import { CfnOutput, type CfnResource, CustomResource, type Resource } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { listText } from '../../lambda/shared/configuration/passable';
import type { AvroSchema } from '../../lambda/shared/personalize/avro';
import { LEFT_THE_GALLERY } from '../../lambda/shared/personalize/records';
import { interactionsSchema, itemsSchema, usersSchema } from '../../lambda/shared/personalize/schemas';
import type { GalleryAssets } from '../gallery-assets';
import { Dataset } from '../personalize/dataset';
import { DatasetGroup } from '../personalize/dataset-group';
import { DatasetProvider } from '../personalize/dataset-provider';
import { EventTracker } from '../personalize/event-tracker';
import { Filter } from '../personalize/filter';
import type { PersonalizeResources } from '../personalize/resources';
import { ServiceRole } from '../personalize/service-role';
import { Teardown, TeardownProvider } from '../training/teardown';
import { GalleryStack, type GalleryStackProps } from './gallery-stack';
import type { StorageStack } from './storage-stack';

export interface PersonalizeStackProps extends GalleryStackProps {
  readonly storage: StorageStack;
  readonly assets: GalleryAssets;
}

const byEmotion = 'INCLUDE ItemID WHERE Items.EMOTION IN ($EMOTIONS)';
const notLiked = 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("like")';
/** What left the gallery has no emotion of ours any more, so that the filter by emotion leaves it out too. */
const inGallery = `EXCLUDE ItemID WHERE Items.EMOTION IN ("${LEFT_THE_GALLERY}")`;

export class PersonalizeStack extends GalleryStack {
  readonly resources: PersonalizeResources;
  private readonly prefix: string;

  constructor(scope: Construct, props: PersonalizeStackProps) {
    super(scope, 'personalize', 'dataset group, datasets, event tracker and filters', props, {
      stateful: true,
    });
    this.prefix = props.settings.prefix;
    const serviceRole = new ServiceRole(this, 'ServiceRole', {
      bucket: props.storage.bucket,
      keys: props.settings.keysForFiles,
    });
    const datasetGroup = new DatasetGroup(this, 'DatasetGroup', { datasetGroupName: this.prefix });
    const functionDefaults = this.functionDefaults(props.assets, props.storage.alarms);
    const provider = new DatasetProvider(this, 'DatasetProvider', {
      ...functionDefaults,
      datasetGroupName: datasetGroup.datasetGroupName,
      namePrefix: this.prefix,
    });
    const dataset = (avro: AvroSchema) =>
      new Dataset(this, avro.name, {
        provider,
        datasetName: `${this.prefix}-${avro.name.toLowerCase()}`,
        datasetGroup,
        avro,
      });
    const interactions = dataset(interactionsSchema);
    const items = dataset(itemsSchema);
    const users = dataset(usersSchema);
    const eventTracker = new EventTracker(this, 'EventTracker', {
      eventTrackerName: this.prefix,
      datasetGroup,
      interactions,
    });
    const filter = (id: string, name: string, expression: string, ...datasets: Dataset[]) =>
      new Filter(this, id, { filterName: `${this.prefix}-${name}`, datasetGroup, expression, datasets });
    const filters = {
      byEmotion: filter('ByEmotion', 'by-emotion', byEmotion, items),
      inGallery: filter('InGallery', 'in-gallery', inGallery, items),
      // A filter whose expression changes needs another name and id: Amazon Personalize makes the new one before the old one goes.
      notLiked: filter(
        'InGalleryNotLiked',
        'in-gallery-not-liked',
        `${inGallery} | ${notLiked}`,
        items,
        interactions,
      ),
      byEmotionNotLiked: filter(
        'ByEmotionNotLiked',
        'by-emotion-not-liked',
        `${byEmotion} | ${notLiked}`,
        items,
        interactions,
      ),
    };
    // Functions of the earlier version ask with it until the Engagement stack, which comes after this one, is updated.
    filter('NotLiked', 'not-liked', notLiked, interactions);
    const teardownProvider = new TeardownProvider(this, 'TeardownProvider', functionDefaults);
    const leftBehind = new Teardown(this, 'Teardown', {
      provider: teardownProvider,
      datasetGroup,
      scope: 'datasets',
    });
    // It begins when the tracker and the datasets are gone, and the group goes when it is done.
    for (const dataset of [interactions, items, users]) dataset.node.addDependency(leftBehind);
    this.resources = {
      ...{ serviceRole, datasetGroup, interactions, items, users },
      ...{ eventTracker, filters, teardownProvider },
    };
    this.pinLogicalIds({ DatasetGroup: datasetGroup, EventTracker: eventTracker });
    this.pinLogicalIds({ InteractionsDataset: interactions, ItemsDataset: items, UsersDataset: users });
    new CfnOutput(this, 'TrackingId', { value: eventTracker.trackingId });
    new CfnOutput(this, 'DatasetGroupArn', { value: datasetGroup.datasetGroupArn });
    new CfnOutput(this, 'PersonalizeRoleArn', { value: serviceRole.roleArn });
    // What a file is checked against before it is uploaded (`cli/target.ts`).
    const { rolesForFiles, keysForFiles } = props.settings;
    new CfnOutput(this, 'RolesForFiles', { value: listText([serviceRole.roleArn, ...rolesForFiles]) });
    new CfnOutput(this, 'KeysForFiles', { value: listText(keysForFiles) });
  }

  /** Their names are fixed, so a new logical id would make a twin that collides, and then delete the collected data. */
  private pinLogicalIds(resources: Readonly<Record<string, Resource>>): void {
    for (const [logicalId, resource] of Object.entries(resources)) {
      const child = resource.node.defaultChild;
      const cfnResource = child instanceof CustomResource ? child.node.defaultChild : child;
      (cfnResource as CfnResource).overrideLogicalId(logicalId);
    }
  }
}
