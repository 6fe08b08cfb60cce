// look: what one user gets from each campaign of a dataset group, side by side, with what the user had; before and after events.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { PutEventsCommand } from '@aws-sdk/client-personalize-events';
import {
  GetPersonalizedRankingCommand,
  GetRecommendationsCommand,
} from '@aws-sdk/client-personalize-runtime';
import { listOption, numberOption } from '../arguments';
import type { Clients } from '../clients';
import { type Command, UserError, type Values } from '../command';
import { secondsOf } from '../data/convert/times';
import { readHistory } from '../evaluate/held-out';
import { readTitles } from '../evaluate/titles';
import { type GroupCampaign, groupCampaigns, trackingIdOf } from '../groups/campaigns';
import { groupOption, readGroup } from '../groups/group';
import { langOption, languageOf, speaker } from '../language';
import { textTable } from '../table';
import { both } from '../text';

type Used = Pick<Clients, 'personalize' | 'runtime' | 'events'>;

/** "Within seconds", says the developer guide of when an event shows. */
const EFFECT_MS = 3000;
const EVENTS_PER_CALL = 10;

interface Column {
  readonly name: string;
  readonly items: readonly string[];
}

export function look(clients: Used): Command {
  return {
    name: 'look',
    summary: both(
      'Shows what a user gets from all campaigns of a dataset group, and what events change.',
      '한 사용자가 데이터 세트 그룹의 모든 캠페인에서 받는 목록과 이벤트로 달라지는 것을 보여 줍니다.',
    ),
    positionals: ['USER'],
    options: {
      'dataset-group': groupOption,
      item: {
        type: 'string',
        value: 'I',
        description: both(
          'to which similar items are asked (default the latest of the history)',
          '유사 항목을 물을 항목 (기본값: 과거의 마지막 항목)',
        ),
      },
      history: {
        type: 'string',
        value: 'FILE',
        description: both(
          'interactions, to show what the user had',
          '상호작용 파일, 사용자의 과거를 보여 줌',
        ),
      },
      items: {
        type: 'string',
        value: 'FILE',
        description: both('items, to show titles instead of ids', '항목 파일, ID 대신 제목을 보여 줌'),
      },
      campaigns: {
        type: 'string',
        value: 'C,C',
        description: both('these alone (default all that are up)', '이것만 (기본값: 떠 있는 것 모두)'),
      },
      events: {
        type: 'string',
        value: 'I,I',
        description: both(
          'send an event for each of these items, and look again',
          '이 항목마다 이벤트를 보내고 다시 살펴봄',
        ),
      },
      'sent-at': {
        type: 'string',
        value: 'TIME',
        description: both(
          'when the events were, ISO 8601 or seconds since 1970 (default now)',
          '이벤트의 시각, ISO 8601 또는 1970년부터의 초 (기본값: 지금)',
        ),
      },
      'event-type': {
        type: 'string',
        value: 'T',
        description: both('what the user did (default view)', '사용자가 한 일 (기본값 view)'),
      },
      limit: {
        type: 'string',
        value: 'N',
        description: both('how many (default 10)', '몇 개인지 (기본값 10)'),
      },
      lang: langOption,
    },
    async run(values, [userId = ''], rim) {
      const say = speaker(languageOf(values));
      const limit = numberOption(values, 'limit', { minimum: 1, maximum: 100, otherwise: 10 });
      const sentAt = sentAtOf(values) ?? rim.now();
      const titleOf = await readTitles(values.items as string | undefined, rim);
      const history =
        values.history === undefined ? undefined : await readHistory(String(values.history), rim);
      const had = history?.itemsOf.get(userId) ?? [];
      if (history && had.length === 0)
        rim.progress(`${userId} is not in ${values.history}: a new user gets what is popular`);
      const group = await readGroup(clients, values);
      const campaigns = await groupCampaigns(clients.personalize, group, listOption(values, 'campaigns'));
      const item = (values.item as string | undefined) ?? had.at(-1);
      const ask = () => askAll(clients, campaigns, { userId, item, limit });
      const before = await ask();
      const sent = listOption(values, 'events') ?? [];
      if (sent.length > 0) {
        const trackingId = await trackingIdOf(clients.personalize, group);
        if (!trackingId)
          throw new UserError(
            both(
              `${group.name} has no event tracker; "serve" makes one`,
              `${group.name}에 이벤트 트래커가 없습니다. "serve"로 만드세요`,
            ),
          );
        await send(clients, trackingId, userId, sent, String(values['event-type'] ?? 'view'), sentAt);
        rim.progress(`sent ${sent.length} events; asking again in ${EFFECT_MS / 1000} seconds`);
        await sleep(EFFECT_MS);
      }
      const after = sent.length > 0 ? await ask() : undefined;
      const columns: Column[] = [
        ...(history ? [{ name: say('had', '과거'), items: had.slice(-limit).reverse() }] : []),
        ...before.flatMap((column, index) => {
          const later = after?.[index];
          return later
            ? [
                { ...column, name: `${column.name} ${say('before', '이전')}` },
                { ...later, name: say('after', '이후') },
              ]
            : [column];
        }),
      ];
      const rows = Array.from({ length: limit }, (_, rank) => [
        String(rank + 1),
        ...columns.map(({ items }) => {
          const one = items[rank];
          return one === undefined ? '' : titleOf(one);
        }),
      ]);
      return {
        text: textTable(['', ...columns.map(({ name }) => name)], rows),
        json: { userId, item, had, before, ...(after && { sent, after }) },
      };
    },
  };
}

/** In milliseconds. @throws UserError */
function sentAtOf({ 'sent-at': text }: Values): number | undefined {
  if (text === undefined) return undefined;
  const seconds = secondsOf(text);
  if (seconds !== undefined) return seconds * 1000;
  throw new UserError(
    both(
      `--sent-at must be ISO 8601 or seconds since 1970, got ${text}`,
      `--sent-at에는 ISO 8601 또는 1970년부터의 초가 필요합니다. 받은 값: ${text}`,
    ),
    true,
  );
}

interface Asked {
  readonly userId: string;
  readonly item?: string;
  readonly limit: number;
}

/** A ranking orders what the first other campaign recommends. */
async function askAll(
  { runtime }: Used,
  campaigns: readonly GroupCampaign[],
  { userId, item, limit }: Asked,
): Promise<Column[]> {
  const others: Column[] = [];
  for (const { name, arn: campaignArn, recipe } of campaigns) {
    if (recipe.type === 'PERSONALIZED_RANKING') continue;
    const byItem = recipe.asksFor.includes('itemId');
    if (byItem && item === undefined) continue;
    const whom = byItem ? { itemId: item } : { userId };
    const { itemList = [] } = await runtime.send(
      new GetRecommendationsCommand({ campaignArn, ...whom, numResults: limit }),
    );
    others.push({ name, items: itemList.map(({ itemId = '' }) => itemId) });
  }
  const [first] = others;
  const ranked: Column[] = [];
  for (const { name, arn: campaignArn, recipe } of campaigns) {
    if (recipe.type !== 'PERSONALIZED_RANKING' || !first || first.items.length === 0) continue;
    const request = new GetPersonalizedRankingCommand({ campaignArn, userId, inputList: [...first.items] });
    const { personalizedRanking = [] } = await runtime.send(request);
    ranked.push({ name, items: personalizedRanking.map(({ itemId = '' }) => itemId) });
  }
  return [...others, ...ranked];
}

async function send(
  { events }: Used,
  trackingId: string,
  userId: string,
  items: readonly string[],
  eventType: string,
  sentAt: number,
): Promise<void> {
  const sessionId = randomUUID();
  for (let start = 0; start < items.length; start += EVENTS_PER_CALL) {
    const eventList = items.slice(start, start + EVENTS_PER_CALL).map((itemId) => ({
      ...{ eventId: randomUUID(), eventType, itemId },
      sentAt: new Date(sentAt),
    }));
    await events.send(new PutEventsCommand({ trackingId, userId, sessionId, eventList }));
  }
}
