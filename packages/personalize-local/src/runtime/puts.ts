// The events service: PutEvents, PutItems, PutUsers, PutActions, PutActionInteractions.

import { PUT_ENTITIES_RATE, PUT_EVENTS_RATE } from '@emotion-gallery/personalize-rules/limits';
import type { DatasetType } from '@emotion-gallery/personalize-rules/schemas';
import type { DatasetGroupData } from '../data';
import { invalidInput, notFound } from '../protocol/errors';
import type {
  PutActionInteractionsRequest,
  PutActionsRequest,
  PutEventsRequest,
  PutItemsRequest,
  PutUsersRequest,
} from '../protocol/requests';
import { reportAttribution } from '../resources/attribution';
import type { Context } from '../resources/context';
import { findResource, requireStatus } from '../resources/lookup';

/** A dataset takes records while its schema is being replaced. */
const SERVING = ['ACTIVE', 'UPDATE PENDING', 'UPDATE IN_PROGRESS'];

function dataOf(context: Context, datasetGroupArn: string): DatasetGroupData {
  return context.data.of(findResource(context, 'dataset-group', datasetGroupArn));
}

async function putEntities(
  context: Context,
  datasetArn: string,
  type: 'ITEMS' | 'USERS' | 'ACTIONS',
  entries: readonly { readonly id: string; readonly properties?: string }[],
): Promise<object> {
  const dataset = findResource(context, 'dataset', datasetArn);
  if (dataset.datasetType !== type) throw invalidInput(`${datasetArn} is not a dataset of type ${type}.`);
  requireStatus(dataset, SERVING, 'take records');
  context.rates.take(`Put ${type} ${dataset.datasetGroupArn}`, PUT_ENTITIES_RATE);
  await dataOf(context, dataset.datasetGroupArn).putEntities(type, entries);
  return {};
}

export const putOperations = {
  async PutEvents({ trackingId, ...request }: PutEventsRequest, context: Context) {
    const tracker = context.store.all('event-tracker').find((known) => known.trackingId === trackingId);
    // PutEvents declares no ResourceNotFoundException. Three recorded notebooks send events right after CreateEventTracker.
    if (!tracker || !/^(CREATE|ACTIVE)/.test(tracker.status)) {
      throw invalidInput(`The tracking ID ${trackingId} does not belong to an event tracker in use.`);
    }
    context.rates.take(`PutEvents ${tracker.datasetGroupArn}`, PUT_EVENTS_RATE);
    const data = dataOf(context, tracker.datasetGroupArn);
    if (!data.schemas.has('INTERACTIONS' satisfies DatasetType)) {
      throw invalidInput(`The dataset group of tracking ID ${trackingId} has no Interactions dataset.`);
    }
    await data.putEvents(request);
    reportAttribution(context, tracker.datasetGroupArn, data, request);
    return {};
  },

  PutItems({ datasetArn, items }: PutItemsRequest, context: Context) {
    const entries = items.map(({ itemId, properties }) => ({ id: itemId, properties }));
    return putEntities(context, datasetArn, 'ITEMS', entries);
  },

  PutUsers({ datasetArn, users }: PutUsersRequest, context: Context) {
    const entries = users.map(({ userId, properties }) => ({ id: userId, properties }));
    return putEntities(context, datasetArn, 'USERS', entries);
  },

  PutActions({ datasetArn, actions }: PutActionsRequest, context: Context) {
    const entries = actions.map(({ actionId, properties }) => ({
      id: actionId,
      properties,
    }));
    return putEntities(context, datasetArn, 'ACTIONS', entries);
  },

  async PutActionInteractions(input: PutActionInteractionsRequest, context: Context) {
    const { trackingId, actionInteractions } = input;
    const dataset = context.store.all('dataset').find((known) => known.trackingId === trackingId);
    if (!dataset)
      throw notFound(`There is no action interactions dataset with the tracking ID ${trackingId}.`);
    requireStatus(dataset, SERVING, 'take action interactions');
    context.rates.take(`PutActionInteractions ${dataset.datasetGroupArn}`, PUT_EVENTS_RATE);
    await dataOf(context, dataset.datasetGroupArn).putActionInteractions(actionInteractions);
    return {};
  },
};
