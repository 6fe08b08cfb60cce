// Any filter on any data lets through what a slow, obvious evaluator lets through.
import fc from 'fast-check';
import { compileFilter } from '../../../src/filters';
import { interactions, items, TestGroup, users } from '../data/fixtures';

interface Item {
  readonly id: string;
  readonly genres?: string;
  readonly price?: number;
}

interface Event {
  readonly userId: string;
  readonly itemId: string;
  readonly eventType: string;
}

type ItemTest = (item: Item) => boolean;

/** A condition as text, and what it means. */
interface NaiveCondition {
  readonly text: string;
  readonly meets: ItemTest;
}

const GENRES = ['drama', 'comedy', 'war', 'a "b"'];
const genre = fc.constantFrom(...GENRES);
const quoted = (text: string) => `"${text.replaceAll('"', '\\"')}"`;
const hasGenre = (item: Item, wanted: readonly string[]) =>
  (item.genres?.split('|') ?? []).some((each) => wanted.includes(each));

const genreCondition: fc.Arbitrary<NaiveCondition> = fc
  .tuple(fc.boolean(), fc.uniqueArray(genre, { minLength: 1, maxLength: 3 }))
  .map(([negated, wanted]) => ({
    text: `Items.GENRES ${negated ? 'NOT IN' : 'in'} (${wanted.map(quoted).join(', ')})`,
    meets: (item) => hasGenre(item, wanted) !== negated,
  }));

const COMPARE: Record<string, (a: number, b: number) => boolean> = {
  '=': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

const priceCondition: fc.Arbitrary<NaiveCondition> = fc
  .tuple(fc.constantFrom(...Object.keys(COMPARE)), fc.integer({ min: 0, max: 5 }))
  .map(([operator, bound]) => ({
    text: `items.PRICE ${operator} ${bound}`,
    meets: ({ price }) => price !== undefined && (COMPARE[operator]?.(price, bound) ?? false),
  }));

/** Conditions joined by AND and OR, of which AND binds more tightly. */
const conditions: fc.Arbitrary<NaiveCondition> = fc
  .array(fc.array(fc.oneof(genreCondition, priceCondition), { minLength: 1, maxLength: 3 }), {
    minLength: 1,
    maxLength: 3,
  })
  .map((alternatives) => ({
    text: alternatives.map((parts) => parts.map(({ text }) => text).join(' AND ')).join(' OR '),
    meets: (item) => alternatives.some((parts) => parts.every(({ meets }) => meets(item))),
  }));

const eventTypes = fc.uniqueArray(fc.constantFrom('like', 'View', 'BUY', '*'), {
  minLength: 1,
  maxLength: 2,
});

interface NaiveExpression {
  readonly text: string;
  readonly includes: boolean;
  readonly meets: (item: Item, events: readonly Event[], age: number) => boolean;
  readonly applies: (age: number) => boolean;
}

const expression: fc.Arbitrary<NaiveExpression> = fc
  .tuple(fc.boolean(), fc.oneof(conditions, eventTypes), fc.option(fc.integer({ min: 0, max: 60 })))
  .map(([includes, what, minimumAge]) => {
    const start = `${includes ? 'INCLUDE' : 'EXCLUDE'} ItemID WHERE `;
    const end = minimumAge === null ? '' : ` IF CurrentUser.AGE >= ${minimumAge}`;
    const applies = (age: number) => minimumAge === null || age >= minimumAge;
    if (!Array.isArray(what)) {
      return { text: start + what.text + end, includes, applies, meets: (item: Item) => what.meets(item) };
    }
    const types = what.map((type) => type.toLowerCase());
    return {
      text: `${start}Interactions.EVENT_TYPE IN (${what.map(quoted).join(',')})${end}`,
      includes,
      applies,
      meets: (item: Item, events: readonly Event[]) =>
        events.some(
          (event) =>
            event.itemId === item.id &&
            (types.includes('*') || types.includes(event.eventType.toLowerCase())),
        ),
    };
  });

const item = (id: string): fc.Arbitrary<Item> =>
  fc.record({
    id: fc.constant(id),
    genres: fc.option(
      fc.uniqueArray(genre, { minLength: 1, maxLength: 3 }).map((list) => list.join('|')),
      { nil: undefined },
    ),
    price: fc.option(fc.integer({ min: 0, max: 5 }), { nil: undefined }),
  });
const IDS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const catalogue = fc.tuple(...IDS.map(item));
const events = fc.array(
  fc.record({
    userId: fc.constantFrom('u1', 'u2'),
    itemId: fc.constantFrom(...IDS),
    eventType: fc.constantFrom('like', 'view', 'Buy'),
  }),
  { maxLength: 12 },
);

function naive(
  expressions: readonly NaiveExpression[],
  stock: readonly Item[],
  own: readonly Event[],
  age: number,
) {
  const active = expressions.filter(({ applies }) => applies(age));
  const including = active.filter(({ includes }) => includes);
  const excluding = active.filter(({ includes }) => !includes);
  return stock
    .filter(
      (each) =>
        (including.length === 0 || including.some(({ meets }) => meets(each, own, age))) &&
        !excluding.some(({ meets }) => meets(each, own, age)),
    )
    .map(({ id }) => id);
}

test('filters agree with a naive evaluator', async () => {
  const group = await TestGroup.open(interactions, items, users);
  await group.data.putEntities('USERS', [{ id: 'u1', properties: '{"age":30}' }]);
  try {
    await fc.assert(
      fc.asyncProperty(
        catalogue,
        events,
        fc.array(fc.array(expression, { minLength: 1, maxLength: 3 }), { minLength: 5, maxLength: 5 }),
        async (stock, happened, filters) => {
          await group.data.deleteDataset('INTERACTIONS');
          await group.data.ensureDataset('INTERACTIONS', interactions);
          await group.data.putEntities(
            'ITEMS',
            stock.map(({ id, genres, price }) => ({ id, properties: JSON.stringify({ genres, price }) })),
          );
          for (const { userId, itemId, eventType } of happened) {
            const sentAt = new Date(1e12);
            await group.data.putEvents({
              userId,
              sessionId: 's',
              eventList: [{ eventType, itemId, sentAt }],
            });
          }
          for (const expressions of filters) {
            const text = expressions.map((each) => each.text).join(' | ');
            const set = compileFilter(text, group.data.schemas).evaluate({ data: group.data, userId: 'u1' });
            const own = happened.filter(({ userId }) => userId === 'u1');
            const expected = naive(expressions, stock, own, 30);
            expect({ text, ids: [...set.ids()].sort() }).toEqual({ text, ids: expected });
          }
        },
      ),
      { numRuns: 60 },
    );
  } finally {
    await group.remove();
  }
});
