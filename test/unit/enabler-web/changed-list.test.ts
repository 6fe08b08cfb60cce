// The list after some likes, which a model has to hear of first.

import type { Recommendations } from '../../../enabler-web/api/types';
import { changedList, newcomers } from '../../../enabler-web/likes/changed-list';

const listOf = (...itemIds: string[]): Recommendations => ({
  source: 'personalize',
  images: itemIds.map((itemId) => ({ itemId, url: `/${itemId}`, emotion: 'calm', liked: false })),
});

function asked(...answers: (Recommendations | undefined)[]) {
  const pauses: number[] = [];
  return {
    pauses,
    ports: {
      ask: async () => answers[pauses.length - 1],
      wait: async (milliseconds: number) => {
        pauses.push(milliseconds);
      },
    },
  };
}

test('newcomers are what the list before had not', () => {
  expect([...newcomers(['a', 'b'], ['b', 'c', 'd'])]).toEqual(['c', 'd']);
});

test('it is asked for until it has newcomers, whether an answer came or not', async () => {
  const { ports, pauses } = asked(listOf('a', 'b'), undefined, listOf('b', 'c'), listOf('x'));
  expect(await changedList(['a', 'b'], ports)).toEqual({
    list: listOf('b', 'c'),
    newcomers: new Set(['c']),
  });
  expect(pauses).toHaveLength(3);
});

test('a list that stays the same is given as it is, with growing pauses', async () => {
  const same = listOf('a');
  const { ports, pauses } = asked(same, same, same, same);
  expect(await changedList(['a'], ports)).toEqual({ list: same, newcomers: new Set() });
  expect(pauses).toEqual([...pauses].sort((left, right) => left - right));
  expect(new Set(pauses).size).toBe(4);
});

test('nothing is given when no answer comes, or when nobody waits any more', async () => {
  expect(await changedList(['a'], asked().ports)).toBeUndefined();
  let over = false;
  const { ports } = asked(listOf('b'));
  const ask = () => {
    over = true;
    return ports.ask();
  };
  expect(await changedList(['a'], { ...ports, ask, isOver: () => over })).toBeUndefined();
});
