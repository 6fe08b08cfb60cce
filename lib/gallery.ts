// All stacks of one deployment, wired together; a stack depends only on those made before it.
import { type App, Tags } from 'aws-cdk-lib';
import type { GalleryAssets } from './gallery-assets';
import type { Settings } from './settings';
import { DeliveryStack } from './stacks/delivery-stack';
import { EngagementStack } from './stacks/engagement-stack';
import { OperationsStack } from './stacks/operations-stack';
import { PersonalizeStack } from './stacks/personalize-stack';
import { SiteStack } from './stacks/site-stack';
import { StorageStack } from './stacks/storage-stack';
import { TrainingStack } from './stacks/training-stack';

export interface Gallery {
  readonly storage: StorageStack;
  readonly personalize: PersonalizeStack;
  readonly engagement: EngagementStack;
  readonly site: SiteStack;
  readonly training: TrainingStack;
  readonly operations: OperationsStack;
  /** Only where the settings name a repository. */
  readonly delivery?: DeliveryStack;
}

/** CloudFormation replaces each of them when its tags change, and the data would go with it. */
const replacedByTags = ['DatasetGroup', 'Schema', 'Dataset', 'EventTracker', 'Filter'].map(
  (type) => `AWS::Personalize::${type}`,
);

export function createGallery(app: App, settings: Settings, assets: GalleryAssets): Gallery {
  const storage = new StorageStack(app, { settings, assets });
  const personalize = new PersonalizeStack(app, { settings, assets, storage });
  const engagement = new EngagementStack(app, {
    settings,
    assets,
    storage,
    personalize: personalize.resources,
  });
  const site = new SiteStack(app, { settings, assets, storage, engagement });
  // The pictures that the Site stack uploads become items by the rule of the Engagement stack.
  site.addStackDependency(engagement);
  const training = new TrainingStack(app, { settings, assets, storage, personalize: personalize.resources });
  // The bucket policy of the Site stack lets Amazon Personalize read what a run imports.
  training.addStackDependency(site);
  const operations = new OperationsStack(app, {
    settings,
    alarms: storage.alarms,
    engagement: engagement.metrics,
  });
  const { githubRepository } = settings;
  const delivery = githubRepository && new DeliveryStack(app, { settings, githubRepository });
  const tags = {
    application: 'emotion-gallery',
    environment: settings.environment,
    deployment: settings.prefix,
  };
  for (const [key, value] of Object.entries(tags)) {
    Tags.of(app).add(key, value, { excludeResourceTypes: replacedByTags });
  }
  return {
    ...{ storage, personalize, engagement, site, training, operations },
    ...(delivery && { delivery }),
  };
}
