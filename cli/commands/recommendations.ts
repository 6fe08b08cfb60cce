// recommend, similar, rank: asks the campaigns of a dataset group directly, as the gallery's functions do.
import {
  GetPersonalizedRankingCommand,
  GetRecommendationsCommand,
  type PredictedItem,
} from '@aws-sdk/client-personalize-runtime';
import { namesIn, numberOption } from '../arguments';
import type { Clients } from '../clients';
import type { Command, Result, Values } from '../command';
import { UserError } from '../command';
import { campaignOf, campaignOption, servingOf } from '../serving';
import { textTable } from '../table';
import { GROUP_OPTIONS, readTarget, type TargetClients } from '../target';

type Used = TargetClients & Pick<Clients, 'runtime'>;

const limit = { type: 'string', value: 'N', description: 'how many (default 10)' } as const;
const limitOf = (values: Values) =>
  numberOption(values, 'limit', { minimum: 1, maximum: 500, otherwise: 10 });

export function shown(items: readonly PredictedItem[] | undefined): Result {
  const rows = (items ?? []).map(({ itemId = '', score, reason }, index) => [
    String(index + 1),
    itemId,
    score?.toFixed(7) ?? '',
    (reason ?? []).join(', '),
  ]);
  return { text: textTable(['', 'item', 'score', 'reason'], rows), json: items ?? [] };
}

export function recommend(clients: Used): Command {
  return {
    name: 'recommend',
    summary: 'Recommends pictures for a visitor, or items for a user of another dataset group.',
    positionals: ['USER'],
    options: {
      ...GROUP_OPTIONS,
      campaign: campaignOption,
      emotion: { type: 'string', value: 'E', description: 'only pictures of this emotion' },
      limit,
    },
    async run(values, [userId]) {
      const target = await readTarget(clients, values);
      if (values.emotion !== undefined && !target.isGallery) {
        throw new UserError('--emotion is for the gallery: other groups have filters of their own', true);
      }
      const filter =
        typeof values.emotion === 'string'
          ? {
              filterArn: target.arn('filter', 'by-emotion'),
              filterValues: { EMOTIONS: JSON.stringify(values.emotion) },
            }
          : {};
      const { itemList } = await clients.runtime.send(
        new GetRecommendationsCommand({
          ...(await servingOf(clients.personalize, target, 'personal', values)),
          userId,
          numResults: limitOf(values),
          ...filter,
        }),
      );
      return shown(itemList);
    },
  };
}

export function similar(clients: Used): Command {
  return {
    name: 'similar',
    summary: 'Finds what is liked by the same people.',
    positionals: ['ITEM'],
    options: { ...GROUP_OPTIONS, campaign: campaignOption, limit },
    async run(values, [itemId]) {
      const target = await readTarget(clients, values);
      const serving = await servingOf(clients.personalize, target, 'similar', values);
      const request = new GetRecommendationsCommand({ ...serving, itemId, numResults: limitOf(values) });
      return shown((await clients.runtime.send(request)).itemList);
    },
  };
}

export function rank(clients: Used): Command {
  return {
    name: 'rank',
    summary: 'Puts items in the order in which a visitor would like them.',
    positionals: ['USER', 'ITEM,ITEM,…'],
    options: { ...GROUP_OPTIONS, campaign: campaignOption },
    async run(values, [userId, items = '']) {
      const target = await readTarget(clients, values);
      const { personalizedRanking } = await clients.runtime.send(
        new GetPersonalizedRankingCommand({
          campaignArn: await campaignOf(clients.personalize, target, 'ranking', values),
          userId,
          inputList: namesIn(items),
        }),
      );
      return shown(personalizedRanking);
    },
  };
}
