// recommend, similar, rank: asks the gallery's campaigns directly, as the gallery's functions do.
import {
  GetPersonalizedRankingCommand,
  GetRecommendationsCommand,
  type PredictedItem,
} from '@aws-sdk/client-personalize-runtime';
import { numberOption } from '../arguments';
import type { Clients } from '../clients';
import type { Command, Result, Values } from '../command';
import { DEPLOYMENT_OPTIONS } from '../deployment';
import { textTable } from '../table';
import { readTarget } from '../target';

type Used = Pick<Clients, 'cloudFormation' | 'runtime'>;

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
    summary: 'Recommends pictures for a visitor.',
    positionals: ['USER'],
    options: {
      ...DEPLOYMENT_OPTIONS,
      emotion: { type: 'string', value: 'E', description: 'only pictures of this emotion' },
      limit,
    },
    async run(values, [userId]) {
      const target = await readTarget(clients.cloudFormation, values);
      const filter =
        typeof values.emotion === 'string'
          ? {
              filterArn: target.arn('filter', 'by-emotion'),
              filterValues: { EMOTIONS: JSON.stringify(values.emotion) },
            }
          : {};
      const { itemList } = await clients.runtime.send(
        new GetRecommendationsCommand({
          campaignArn: target.arn('campaign', 'personal'),
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
    summary: 'Finds pictures that are liked by the same people.',
    positionals: ['ITEM'],
    options: { ...DEPLOYMENT_OPTIONS, limit },
    async run(values, [itemId]) {
      const target = await readTarget(clients.cloudFormation, values);
      const campaignArn = target.arn('campaign', 'similar');
      const request = new GetRecommendationsCommand({ campaignArn, itemId, numResults: limitOf(values) });
      return shown((await clients.runtime.send(request)).itemList);
    },
  };
}

export function rank(clients: Used): Command {
  return {
    name: 'rank',
    summary: 'Puts pictures in the order in which a visitor would like them.',
    positionals: ['USER', 'ITEM,ITEM,…'],
    options: DEPLOYMENT_OPTIONS,
    async run(values, [userId, items = '']) {
      const target = await readTarget(clients.cloudFormation, values);
      const { personalizedRanking } = await clients.runtime.send(
        new GetPersonalizedRankingCommand({
          campaignArn: target.arn('campaign', 'ranking'),
          userId,
          inputList: items.split(',').filter(Boolean),
        }),
      );
      return shown(personalizedRanking);
    },
  };
}
