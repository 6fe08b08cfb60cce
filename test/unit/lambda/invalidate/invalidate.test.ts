// Pictures that were taken away, and what the distribution is told.
import type { CreateInvalidationCommandInput } from '@aws-sdk/client-cloudfront';
import { invalidate } from '../../../../lambda/invalidate/invalidate';

const asked: CreateInvalidationCommandInput[] = [];
const cloudFront = {
  send: async ({ input }: { input: CreateInvalidationCommandInput }) => {
    asked.push(input);
  },
};

const deleted = (key: string) =>
  invalidate(
    { cloudFront: cloudFront as never, distributionId: 'E1' },
    { id: 'event', detail: { object: { key } } },
  );

beforeEach(() => {
  asked.length = 0;
});

it.each(['picture.jpg', 'picture.svg'])(
  'the folder of a deleted %s is forgotten, once for all its files',
  async (name) => {
    expect(await deleted(`pictures/a/b/${name}`)).toBe('/pictures/a/b/*');
    expect(asked).toEqual([
      {
        DistributionId: 'E1',
        InvalidationBatch: { CallerReference: 'event', Paths: { Quantity: 1, Items: ['/pictures/a/b/*'] } },
      },
    ]);
  },
);

it.each(['pictures/a/b/320.webp', 'site/picture.jpg', 'emotions/calm/picture.jpg'])(
  'for %s there is nothing to do',
  async (key) => {
    expect(await deleted(key)).toBeUndefined();
    expect(asked).toEqual([]);
  },
);
