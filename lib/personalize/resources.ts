// The gallery's resources in Amazon Personalize, as the Personalize stack hands them to the others.

import type { TeardownProvider } from '../training/teardown';
import type { Dataset } from './dataset';
import type { DatasetGroup } from './dataset-group';
import type { EventTracker } from './event-tracker';
import type { Filter } from './filter';
import type { ServiceRole } from './service-role';

export interface PersonalizeResources {
  readonly serviceRole: ServiceRole;
  readonly datasetGroup: DatasetGroup;
  readonly interactions: Dataset;
  readonly items: Dataset;
  readonly users: Dataset;
  readonly eventTracker: EventTracker;
  readonly filters: {
    /** Pictures that have not left the gallery. */
    readonly inGallery: Filter;
    /** Pictures of the emotions that a request names. */
    readonly byEmotion: Filter;
    readonly notLiked: Filter;
    readonly byEmotionNotLiked: Filter;
  };
  /** For what hangs on the dataset group, and CloudFormation does not know of. */
  readonly teardownProvider: TeardownProvider;
}
