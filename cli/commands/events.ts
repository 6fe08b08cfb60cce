// events: sends events of one visitor and shows the recommendations before and after, for the same visitor.

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { PutEventsCommand } from '@aws-sdk/client-personalize-events';
import { GetRecommendationsCommand } from '@aws-sdk/client-personalize-runtime';
import { namesIn } from '../arguments';
import type { Clients } from '../clients';
import type { Command } from '../command';
import { campaignOption, servingOf, trackingIdOf } from '../serving';
import { textTable } from '../table';
import { GROUP_OPTIONS, readTarget, type TargetClients } from '../target';

type Used = TargetClients & Pick<Clients, 'events' | 'runtime'>;

/** "Within seconds", says the developer guide of when an event shows. */
const EFFECT_MS = 3000;
const EVENTS_PER_CALL = 10;
const SHOWN = 10;

export function events(clients: Used): Command {
  return {
    name: 'events',
    summary:
      'Sends events of a visitor straight to Amazon Personalize, and shows the lists before and after.',
    positionals: ['USER', 'ITEM,ITEM,…'],
    options: {
      ...GROUP_OPTIONS,
      campaign: campaignOption,
      'event-type': { type: 'string', value: 'T', description: 'what the user did (default like)' },
    },
    async run(values, [userId, list = ''], { progress, now }) {
      const target = await readTarget(clients, values);
      const serving = await servingOf(clients.personalize, target, 'personal', values);
      const trackingId = await trackingIdOf(clients.personalize, target);
      const eventType = String(values['event-type'] ?? 'like');
      const recommended = async () => {
        const { itemList = [] } = await clients.runtime.send(
          new GetRecommendationsCommand({
            ...serving,
            userId,
            numResults: SHOWN,
          }),
        );
        return itemList.map(({ itemId = '' }) => itemId);
      };
      const before = await recommended();
      const items = namesIn(list);
      const sessionId = randomUUID();
      for (let start = 0; start < items.length; start += EVENTS_PER_CALL) {
        const eventList = items.slice(start, start + EVENTS_PER_CALL).map((itemId) => ({
          eventId: randomUUID(),
          eventType,
          itemId,
          sentAt: new Date(now()),
        }));
        await clients.events.send(
          new PutEventsCommand({
            trackingId,
            userId,
            sessionId,
            eventList,
          }),
        );
      }
      progress(`sent ${items.length} events; asking again in ${EFFECT_MS / 1000} seconds`);
      await sleep(EFFECT_MS);
      const after = await recommended();
      const rows = after.map((itemId, index) => [String(index + 1), before[index] ?? '', itemId]);
      return { text: textTable(['', 'before', 'after'], rows), json: { sent: items, before, after } };
    },
  };
}
