// What an evaluation rests on: what was held out of each user, and what training knew.
import { type Rim, UserError } from '../command';
import { cellCheck } from '../data/cell-checks';
import { kindOf } from '../data/kinds';
import { addProblem, noProblems, readRows, refuseProblems } from '../data/rows';
import { both } from '../text';

export interface History {
  /** Items by user, in the order of time; of one second in that of the file. */
  readonly itemsOf: ReadonlyMap<string, readonly string[]>;
  /** Interactions by item. */
  readonly counts: ReadonlyMap<string, number>;
}

/** @throws UserError for a file with any wrong row */
export async function readHistory(file: string, rim: Rim): Promise<History> {
  const had = new Map<string, { readonly item: string; readonly time: number }[]>();
  const counts = new Map<string, number>();
  const problems = noProblems();
  await readRows(
    file,
    (header) => {
      if (kindOf(file, header) !== 'INTERACTIONS')
        throw new UserError(both(`${file} has no interactions`, `${file}은(는) 상호작용 파일이 아닙니다`));
      const [user, item, time] = ['USER_ID', 'ITEM_ID', 'TIMESTAMP'].map((name) => header.indexOf(name)) as [
        number,
        number,
        number,
      ];
      const checks = header.map((name) => cellCheck('INTERACTIONS', name, undefined));
      return (cells, line) => {
        for (const [index, check] of checks.entries()) {
          const problem = check(cells[index] as string);
          if (problem !== undefined) addProblem(problems, file, line, problem);
        }
        const [userId, itemId] = [cells[user] as string, cells[item] as string];
        const one = { item: itemId, time: Number(cells[time]) };
        const own = had.get(userId);
        if (own) own.push(one);
        else had.set(userId, [one]);
        counts.set(itemId, (counts.get(itemId) ?? 0) + 1);
      };
    },
    problems,
    rim,
  );
  refuseProblems(problems, both('Nothing was evaluated.', '평가하지 않았습니다.'));
  const itemsOf = [...had].map(
    ([userId, own]) => [userId, own.sort((a, b) => a.time - b.time).map((one) => one.item)] as const,
  );
  return { itemsOf: new Map(itemsOf), counts };
}

/** Groups of users whose metrics are told apart. */
export const SEGMENTS = ['all', 'few', 'some', 'many', 'new users', 'cold items'] as const;
export type Segment = (typeof SEGMENTS)[number];

export interface Case {
  readonly userId: string;
  /** What counts as a hit. */
  readonly relevant: ReadonlySet<string>;
  /** Those of them that training did not know. */
  readonly cold: ReadonlySet<string>;
  /** By how much training knew of the user: thirds of all users. */
  readonly activity: Segment;
  /** The latest item that training knew: where a list is asked for by an item. */
  readonly lastItem?: string;
}

/**
 * One case a user of the held-out file.
 *
 * @throws UserError when users and items of the two files have nothing in common
 */
export function casesOf(train: History, test: History): Case[] {
  const known = [...test.itemsOf.keys()].flatMap((user) => train.itemsOf.get(user)?.length ?? []);
  if (known.length === 0) {
    throw new UserError(
      both(
        'no user of the held-out file is in the training file: are both parts of one "data split"?',
        '떼어 둔 파일의 사용자가 훈련 파일에 한 명도 없습니다. 두 파일이 한 번의 "data split"에서 나왔나요?',
      ),
    );
  }
  const sorted = known.sort((a, b) => a - b);
  const third = sorted[Math.floor(sorted.length / 3)] ?? 0;
  const twoThirds = sorted[Math.floor((2 * sorted.length) / 3)] ?? 0;
  const activityOf = (count: number): Segment => {
    if (count === 0) return 'new users';
    if (count < third) return 'few';
    return count < twoThirds ? 'some' : 'many';
  };
  return [...test.itemsOf].map(([userId, items]) => {
    const own = train.itemsOf.get(userId) ?? [];
    const relevant = new Set(items);
    return {
      userId,
      relevant,
      cold: new Set([...relevant].filter((item) => !train.counts.has(item))),
      activity: activityOf(own.length),
      lastItem: own.at(-1),
    };
  });
}
