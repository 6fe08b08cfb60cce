// Asks a campaign for the lists of all cases, some at a time.
import {
  GetPersonalizedRankingCommand,
  GetRecommendationsCommand,
} from '@aws-sdk/client-personalize-runtime';
import type { Clients } from '../clients';
import type { Rim } from '../command';
import type { GroupCampaign } from '../groups/campaigns';
import { Scoring, type SystemResult } from './evaluation';
import type { Case } from './held-out';
import { LONGEST } from './metrics';

const AT_ONCE = 16;
const TELL_MS = 2000;

/** @param candidates what a ranking campaign orders: the most popular items */
export async function campaignResult(
  { runtime }: Pick<Clients, 'runtime'>,
  { name, arn, recipe }: GroupCampaign,
  cases: readonly Case[],
  candidates: readonly string[],
  catalogue: number,
  rim: Rim,
): Promise<SystemResult> {
  const ask = async ({ userId, lastItem }: Case): Promise<string[]> => {
    if (recipe.type === 'PERSONALIZED_RANKING') {
      const request = { campaignArn: arn, userId, inputList: [...candidates] };
      const { personalizedRanking = [] } = await runtime.send(new GetPersonalizedRankingCommand(request));
      return personalizedRanking.map(({ itemId = '' }) => itemId);
    }
    const byItem = recipe.asksFor.includes('itemId');
    if (byItem && lastItem === undefined) return [];
    const whom = byItem ? { itemId: lastItem } : { userId };
    const request = { campaignArn: arn, ...whom, numResults: LONGEST };
    const { itemList = [] } = await runtime.send(new GetRecommendationsCommand(request));
    return itemList.map(({ itemId = '' }) => itemId);
  };
  const lists: string[][] = [];
  let next = 0;
  let toldAt = rim.now();
  const worker = async () => {
    for (let index = next++; index < cases.length; index = next++) {
      lists[index] = await ask(cases[index] as Case);
      if (rim.now() - toldAt < TELL_MS) continue;
      toldAt = rim.now();
      rim.progress(`${name}: ${index + 1} of ${cases.length} users`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  const scoring = new Scoring();
  for (const [index, one] of cases.entries()) scoring.add(one, lists[index] ?? []);
  return scoring.result(name, false, catalogue);
}
