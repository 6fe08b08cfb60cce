// The like transaction: what shows among the pictures liked last.
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { likeCommand, type PendingLike } from '../../../../lambda/like/transaction';

const pending = (eventId: string, eventType: 'like' | 'unlike'): PendingLike => ({
  eventId,
  eventType,
  itemId: `emotions/calm/${eventId}.svg`,
  occurredAt: '2026-05-02T11:59:00.000Z',
  emotion: 'calm',
});

const storedLikes = (showAsLatest: boolean) => {
  const { input } = likeCommand(
    { visitors: 'visitors', likes: 'likes', totals: 'totals', undelivered: 'undelivered' },
    {
      entry: { partition: '0', entry: 'e' },
      visitorId: 'anna',
      sessionId: 'session',
      trackingId: 'tracking',
      acceptedAt: '2026-05-02T12:00:00.000Z',
      likes: [pending('1', 'like'), pending('2', 'unlike')],
      knownCount: 0,
      shard: '0',
      showAsLatest,
      delivered: [],
    },
  );
  return (input.TransactItems ?? []).flatMap(({ Put }) =>
    Put?.TableName === 'likes' && Put.Item ? [unmarshall(Put.Item)] : [],
  );
};

test('a like is shown among those of its day, a like that is taken back is not', () => {
  const [like, unlike] = storedLikes(true);
  expect(like).toMatchObject({ eventId: '1', liked: true, day: '2026-05-02' });
  expect(unlike).toMatchObject({ eventId: '2', liked: false });
  expect(unlike).not.toHaveProperty('day');
});

test('a like that the index has no place for is stored without a day', () => {
  const [like] = storedLikes(false);
  expect(like).toMatchObject({ liked: true });
  expect(like).not.toHaveProperty('day');
});
