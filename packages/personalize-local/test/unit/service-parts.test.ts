// Small parts of the service: clocks, rates, faults, pages, promotions, segment queries, the command line.

import { ManualClock, RealClock } from '@emotion-gallery/local-kit/clock';
import { parseAttributes } from '../../src/batch/batch-segment-jobs';
import { Faults } from '../../src/faults';
import { findRecipe } from '../../src/recipes';
import { page } from '../../src/resources/pagination';
import { Rates } from '../../src/resources/rates';
import { withPromotions } from '../../src/runtime/promotions';
import { explorationOf } from '../../src/runtime/serving';
import { parseArguments } from '../../src/standalone/arguments';
import { checkSignatureForm } from '../../src/standalone/signature';

describe('exploration', () => {
  it("is the recipe's own until somebody configures it: three places in ten, of v2 one in ten", () => {
    const explores = findRecipe('aws-user-personalization')!;
    expect(explorationOf(explores)).toEqual({ weight: 0.3, itemAgeCutOffDays: 30 });
    expect(explorationOf(findRecipe('aws-user-personalization-v2')!)).toEqual({
      weight: 0.1,
      itemAgeCutOffDays: 30,
    });
    expect(explorationOf(findRecipe('aws-vod-top-picks')!)).toEqual({ weight: 0.3, itemAgeCutOffDays: 30 });
    expect(explorationOf(explores, { explorationWeight: '0' })).toEqual({ weight: 0, itemAgeCutOffDays: 30 });
    expect(explorationOf(explores, { explorationItemAgeCutOff: '7' })).toEqual({
      weight: 0.3,
      itemAgeCutOffDays: 7,
    });
    expect(explorationOf(findRecipe('aws-sims')!, { explorationWeight: '0.5' })).toBeUndefined();
  });
});

describe('clocks', () => {
  it('runs what is due in order of time when the manual clock advances', () => {
    const clock = new ManualClock(0);
    const seen: string[] = [];
    clock.after(200, () => seen.push('b'));
    clock.after(100, () => {
      seen.push('a');
      clock.after(50, () => seen.push(`nested at ${clock.elapsed()}`));
    });
    const cancel = clock.after(120, () => seen.push('never'));
    cancel();
    clock.advance(199);
    expect(seen).toEqual(['a', 'nested at 150']);
    clock.advance(1);
    expect(seen).toEqual(['a', 'nested at 150', 'b']);
  });

  it('divides delays of the real clock by its speed', () => {
    jest.useFakeTimers();
    try {
      const clock = new RealClock(10_000);
      const rung = jest.fn();
      clock.after(60_000, rung);
      jest.advanceTimersByTime(5);
      expect(rung).not.toHaveBeenCalled();
      jest.advanceTimersByTime(1);
      expect(rung).toHaveBeenCalledTimes(1);
      expect(clock.elapsed()).toBe(60_000);
      clock.stop();
    } finally {
      jest.useRealTimers();
    }
  });
});

describe('rates', () => {
  it('lets so many requests a second through and throttles the next', () => {
    const clock = new ManualClock();
    const rates = new Rates(clock, true);
    for (let i = 0; i < 10; i++) rates.take('PutItems', 10);
    expect(() => rates.take('PutItems', 10)).toThrow('Rate exceeded');
    rates.take('PutUsers', 10);
    clock.advance(99);
    expect(() => rates.take('PutItems', 10)).toThrow('Rate exceeded');
    clock.advance(1);
    rates.take('PutItems', 10);
  });

  it('lets everything through when quotas are off', () => {
    const rates = new Rates(new ManualClock(), false);
    for (let i = 0; i < 10; i++) rates.take('x', 1);
  });
});

describe('faults', () => {
  it('hit a share of the requests of one operation', async () => {
    const draws = [0.1, 0.9];
    const faults = new Faults(['PutEvents:throttle:0.5'], () => draws.shift() ?? 1);
    await expect(faults.apply('PutEvents')).rejects.toMatchObject({ code: 'ThrottlingException' });
    await faults.apply('PutEvents');
    await faults.apply('PutItems');
  });

  it('hit a count of requests of any operation, then no more', async () => {
    const faults = new Faults(['*:500:#2']);
    await expect(faults.apply('A')).rejects.toMatchObject({ code: 'InternalFailure' });
    await expect(faults.apply('B')).rejects.toMatchObject({ code: 'InternalFailure' });
    await faults.apply('C');
  });

  it('delay, drop, and are replaced while running', async () => {
    const faults = new Faults(['A:latency:#1:30']);
    jest.useFakeTimers();
    try {
      const applied = jest.fn();
      const applying = faults.apply('A').then(applied);
      await jest.advanceTimersByTimeAsync(29);
      expect(applied).not.toHaveBeenCalled();
      await jest.advanceTimersByTimeAsync(1);
      await applying;
    } finally {
      jest.useRealTimers();
    }
    faults.set(['A:drop:1']);
    await expect(faults.apply('A')).rejects.toMatchObject({ name: 'DropConnection' });
  });

  it.each(['', 'A', 'A:throttle', 'A:throttle:2', 'A:explode:1', 'A:500:#0', 'A:latency:1:soon'])(
    'refuse the rule %p and keep those in force',
    async (rule) => {
      const faults = new Faults(['A:500:1']);
      expect(() => faults.set([rule])).toThrow(/bad fault rule/);
      await expect(faults.apply('A')).rejects.toMatchObject({ code: 'InternalFailure' });
    },
  );
});

describe('pages', () => {
  const records = Array.from({ length: 5 }, (_, i) => ({ sequence: i + 1 }));

  it('cover the list once, and survive the deletion of the last record shown', () => {
    const first = page(records, { maxResults: 2 }, ['L']);
    expect(first.records).toHaveLength(2);
    const rest = records.filter(({ sequence }) => sequence !== 2);
    const second = page(rest, { maxResults: 2, nextToken: first.nextToken }, ['L']);
    expect(second.records.map(({ sequence }) => sequence)).toEqual([3, 4]);
    const third = page(rest, { nextToken: second.nextToken }, ['L']);
    expect(third).toEqual({ records: [{ sequence: 5 }] });
  });

  it('have no token when the last page is full', () => {
    expect(page(records, { maxResults: 5 }, ['L']).nextToken).toBeUndefined();
  });

  it('refuse tokens of another list and nonsense', () => {
    const { nextToken } = page(records, { maxResults: 2 }, ['L']);
    for (const token of [nextToken, 'nonsense', '', 'bnVsbA']) {
      expect(() => page(records, { nextToken: token ?? '' }, ['M'])).toThrow(
        'The given nextToken is not valid.',
      );
    }
  });
});

describe('promotions', () => {
  const ids = Array.from({ length: 20 }, (_, i) => `i${i}`);
  const promoted = new Set(['i15', 'i3', 'i18']);
  const list = (percentPromotedItems: number, numResults = 10) =>
    withPromotions({
      promotions: [{ name: 'sale', percentPromotedItems, filterArn: 'f' }],
      numResults,
      seed: 1,
      evaluate: () => ({ has: (id) => promoted.has(id), ids: () => promoted }),
      score: (limit, allowed) =>
        ids
          .filter((id) => !allowed || allowed(id))
          .slice(0, limit)
          .map((itemId) => ({ itemId })),
      allowed: (id) => id !== 'i3',
    });

  it('give their share of the list to promoted items, in order, without repeats', () => {
    const items = list(20);
    expect(items).toHaveLength(10);
    const names = items.filter(({ promotionName }) => promotionName === 'sale').map(({ itemId }) => itemId);
    expect(names).toEqual(['i3', 'i15']);
    expect(new Set(items.map(({ itemId }) => itemId)).size).toBe(10);
  });

  it('promote as many as there are when the share asks for more', () => {
    const items = list(100);
    expect(items).toHaveLength(10);
    expect(items.filter(({ promotionName }) => promotionName)).toHaveLength(3);
  });
});

describe('segment queries', () => {
  it('join equalities by AND', () => {
    expect(parseAttributes('ITEMS.genres = "Comedy" AND ITEMS.YEAR = 1999')).toEqual([
      { column: 'GENRES', value: 'Comedy' },
      { column: 'YEAR', value: '1999' },
    ]);
  });

  it.each(['', 'ITEMS.genres', 'ITEMS.genres = "a" OR ITEMS.genres = "b"', 'ITEMS.genres = "a" AND'])(
    'refuse %p with the place',
    (text) => {
      expect(() => parseAttributes(text)).toThrow(/at character \d+/);
    },
  );
});

describe('the command line', () => {
  it('has defaults, and takes everything that the help names', () => {
    expect(parseArguments([])).toMatchObject({ port: 4567, speed: 60, quotas: true, faults: [] });
    expect(
      parseArguments(['--speed', 'real', '--no-quotas', '--fault', 'A:500:1', '--fault', 'B:drop:#1']),
    ).toMatchObject({ speed: 1, quotas: false, faults: ['A:500:1', 'B:drop:#1'] });
    expect(parseArguments(['--help'])).toBe('help');
  });

  it.each([
    ['--port', 'x'],
    ['--speed', '0'],
    ['--account', '1'],
    ['--unknown'],
    ['--s3-dir', 'a', '--s3-endpoint', 'b'],
  ])('refuses %p', (...args) => {
    expect(() => parseArguments(args)).toThrow();
  });
});

describe('signatures', () => {
  const date = '20260101T000000Z';
  const good = `AWS4-HMAC-SHA256 Credential=AKID/20260101/eu-central-1/personalize/aws4_request, SignedHeaders=host, Signature=${'a'.repeat(64)}`;

  it('are checked for form only', () => {
    expect(() => checkSignatureForm({ authorization: good, 'x-amz-date': date })).not.toThrow();
    expect(() => checkSignatureForm({})).toThrow('Missing Authentication Token');
    expect(() => checkSignatureForm({ authorization: good })).toThrow(/X-Amz-Date/);
    const other = good.replace('/personalize/', '/s3/');
    expect(() => checkSignatureForm({ authorization: other, 'x-amz-date': date })).toThrow(
      /scoped to personalize/,
    );
  });
});
