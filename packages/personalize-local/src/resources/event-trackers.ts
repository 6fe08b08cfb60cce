// Event trackers: where PutEvents goes, one a dataset group.

import { randomUUID } from 'node:crypto';
import { alreadyExists, invalidInput } from '../protocol/errors';
import type {
  CreateEventTrackerRequest,
  DeleteEventTrackerRequest,
  DescribeEventTrackerRequest,
  ListEventTrackersRequest,
} from '../protocol/requests';
import type { Context } from './context';
import { findActiveGroup } from './dataset-groups';
import { datasetOfType } from './datasets';
import { EVENT_TRACKER_MS } from './durations';
import { creation, deletion, lifeCycle } from './life-cycles';
import { findResource, newRecord, save, startDeletion } from './lookup';
import { page } from './pagination';

export const eventTrackerLifeCycle = lifeCycle('event-tracker', {
  ...creation<'event-tracker'>({ afterMs: EVENT_TRACKER_MS, take: () => ({ status: 'ACTIVE' }) }),
  ...deletion<'event-tracker'>(),
});

export const eventTrackerOperations = {
  CreateEventTracker(input: CreateEventTrackerRequest, context: Context) {
    const { name, datasetGroupArn } = input;
    findActiveGroup(context, datasetGroupArn, 'get an event tracker');
    const trackers = context.store.all('event-tracker');
    const other = trackers.find((tracker) => tracker.datasetGroupArn === datasetGroupArn);
    if (other) {
      throw alreadyExists(`Only one event tracker can be made for a dataset group; ${other.arn} exists.`);
    }
    if (trackers.some((tracker) => tracker.name === name)) {
      throw alreadyExists(`Another event tracker with name ${name} already exists.`);
    }
    if (!datasetOfType(context, datasetGroupArn, 'INTERACTIONS')) {
      throw invalidInput(`An event tracker needs an Interactions dataset in ${datasetGroupArn}.`);
    }
    const arn = context.arns.newEventTracker();
    const trackingId = randomUUID();
    save(context, {
      ...newRecord(context, 'event-tracker', arn, input.tags),
      eventTrackerArn: arn,
      name,
      accountId: context.accountId,
      trackingId,
      datasetGroupArn,
      status: 'CREATE PENDING',
    });
    return { eventTrackerArn: arn, trackingId };
  },

  DescribeEventTracker({ eventTrackerArn }: DescribeEventTrackerRequest, context: Context) {
    return { eventTracker: findResource(context, 'event-tracker', eventTrackerArn) };
  },

  ListEventTrackers(input: ListEventTrackersRequest, context: Context) {
    const { datasetGroupArn } = input;
    const trackers = context.store
      .all('event-tracker')
      .filter((tracker) => datasetGroupArn === undefined || tracker.datasetGroupArn === datasetGroupArn);
    const { records, nextToken } = page(trackers, input, ['ListEventTrackers', datasetGroupArn]);
    return { eventTrackers: records, nextToken };
  },

  DeleteEventTracker({ eventTrackerArn }: DeleteEventTrackerRequest, context: Context) {
    startDeletion(context, findResource(context, 'event-tracker', eventTrackerArn));
    return {};
  },
};
