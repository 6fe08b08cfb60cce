// The figures of `evaluate` by hand: loops over the two files and the campaign's own answers, by the definitions of the metrics, and
// nothing of what the command is made of.
import { readFileSync } from 'node:fs';
import {
  GetRecommendationsCommand,
  type PersonalizeRuntimeClient,
} from '@aws-sdk/client-personalize-runtime';

type Lists = ReadonlyMap<string, readonly string[]>;

/** Items by user. The files are of MovieLens or made by `data sample`: no cell has a comma. */
function itemsByUser(file: string): Map<string, string[]> {
  const [header = '', ...lines] = readFileSync(file, 'utf8').trim().split('\n');
  const names = header.split(',');
  const found = new Map<string, string[]>();
  for (const line of lines) {
    const cells = line.split(',');
    const user = cells[names.indexOf('USER_ID')] ?? '';
    const item = cells[names.indexOf('ITEM_ID')] ?? '';
    found.set(user, [...(found.get(user) ?? []), item]);
  }
  return found;
}

function ndcg(hits: readonly number[]): number {
  let gain = 0;
  for (const place of hits) gain += Math.log(2) / Math.log(place + 1);
  let best = 0;
  for (let place = 1; place <= hits.length; place++) best += Math.log(2) / Math.log(place + 1);
  return best === 0 ? 0 : gain / best;
}

export type Figures = Record<string, number>;

function figuresOf(lists: Lists, test: Map<string, string[]>, catalogue: number): Figures {
  const figures: Figures = {};
  for (const k of [5, 10, 25]) {
    let [hr, precision, gain, mrr] = [0, 0, 0, 0];
    const recommended = new Set<string>();
    for (const [user, chosen] of test) {
      const list = (lists.get(user) ?? []).slice(0, k);
      const hits: number[] = [];
      for (let place = 1; place <= list.length; place++) {
        const item = list[place - 1] as string;
        recommended.add(item);
        if (chosen.includes(item)) hits.push(place);
      }
      if (hits[0] !== undefined) {
        hr += 1;
        mrr += 1 / hits[0];
      }
      precision += hits.length / k;
      gain += ndcg(hits);
    }
    figures[`hr@${k}`] = hr / test.size;
    figures[`precision@${k}`] = precision / test.size;
    figures[`ndcg@${k}`] = gain / test.size;
    figures[`mrr@${k}`] = mrr / test.size;
    figures[`coverage@${k}`] = recommended.size / catalogue;
  }
  return figures;
}

/** @param campaigns ARNs by name, of recipes that are asked by user */
export async function byHand(
  runtime: PersonalizeRuntimeClient,
  campaigns: ReadonlyMap<string, string>,
  files: { readonly train: string; readonly test: string },
): Promise<Map<string, Figures>> {
  const [train, test] = [itemsByUser(files.train), itemsByUser(files.test)];
  const count = new Map<string, number>();
  for (const items of train.values()) for (const item of items) count.set(item, (count.get(item) ?? 0) + 1);
  const catalogue = new Set([...count.keys(), ...[...test.values()].flat()]).size;
  const all = new Map<string, Figures>();
  for (const [name, campaignArn] of campaigns) {
    const lists = new Map<string, string[]>();
    for (const userId of test.keys()) {
      const request = new GetRecommendationsCommand({ campaignArn, userId, numResults: 25 });
      const { itemList = [] } = await runtime.send(request);
      lists.set(
        userId,
        itemList.map(({ itemId = '' }) => itemId),
      );
    }
    all.set(name, figuresOf(lists, test, catalogue));
  }
  const popular = [...count.entries()].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  const list = popular.slice(0, 25).map(([item]) => item);
  all.set('popularity', figuresOf(new Map([...test.keys()].map((user) => [user, list])), test, catalogue));
  return all;
}
