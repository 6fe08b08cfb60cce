// Amazon Personalize: its control plane, events and recommendations.
import type { ServiceDeclaration } from '../../declaration';
import { createPersonalizeMount } from '.';
import { dataset, datasetGroup, eventTracker, filter, schema } from './resources';

export const personalize: ServiceDeclaration = {
  id: 'personalize',
  title: 'Amazon Personalize',
  spansRegions: true,
  protocol: 'rest-json',
  targetPrefix: 'AmazonPersonalize',
  tasks: {
    personalize: 'Personalize',
    personalizeevents: 'PersonalizeEvents',
    personalizeruntime: 'PersonalizeRuntime',
  },
  resources: {
    'AWS::Personalize::Dataset': dataset,
    'AWS::Personalize::DatasetGroup': datasetGroup,
    'AWS::Personalize::EventTracker': eventTracker,
    'AWS::Personalize::Filter': filter,
    'AWS::Personalize::Schema': schema,
  },
  create: (context, { credentials, personalizeClock, faults, retiredRecipes }) =>
    createPersonalizeMount(context, {
      administrator: credentials.bootstrapUser,
      clock: personalizeClock,
      faults,
      retiredRecipes,
    }),
};
