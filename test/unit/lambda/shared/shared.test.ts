// The small shared parts: environment, secrets, values kept for a while, shards, retries.

import type { BatchGetItemCommand } from '@aws-sdk/client-dynamodb';
import { ResourceNotFoundException } from '@aws-sdk/client-secrets-manager';
import { readTotals, shardPicker } from '../../../../lambda/shared/data/totals';
import { fresh } from '../../../../lambda/shared/fresh';
import { requireCount, requireEnv } from '../../../../lambda/shared/require-env';
import { backoff, isTransient } from '../../../../lambda/shared/retry';
import { previousSecretOf, SECRET_KEPT_MS, secretOf } from '../../../../lambda/shared/secrets';
import { serviceError } from '../support/world';

describe('the environment', () => {
  afterEach(() => {
    delete process.env.SOME_TABLE;
  });

  it('gives a variable’s value', () => {
    process.env.SOME_TABLE = '25';
    expect(requireEnv('SOME_TABLE')).toBe('25');
    expect(requireCount('SOME_TABLE')).toBe(25);
  });

  it('says which variable is missing', () => {
    expect(() => requireEnv('SOME_TABLE')).toThrow('SOME_TABLE is not set');
  });

  it.each(['0', '-1', '1.5', 'many'])('says that %s is no count', (value) => {
    process.env.SOME_TABLE = value;
    expect(() => requireCount('SOME_TABLE')).toThrow(`got ${value}`);
  });
});

describe('a secret', () => {
  it('is read once, and again only after a failure', async () => {
    const send = jest
      .fn()
      .mockRejectedValueOnce(serviceError('TimeoutError'))
      .mockResolvedValue({ SecretString: 'key' });
    const secret = secretOf({ send } as never, 'arn');
    await expect(secret()).rejects.toThrow('TimeoutError');
    expect(new TextDecoder().decode(await secret())).toBe('key');
    await secret();
    expect(send).toHaveBeenCalledTimes(2);
  });

  it('is read anew after some minutes, and what was read goes on while Secrets Manager fails', async () => {
    let now = 0;
    const send = jest
      .fn()
      .mockResolvedValueOnce({ SecretString: 'old' })
      .mockRejectedValueOnce(serviceError('TimeoutError'))
      .mockResolvedValue({ SecretString: 'new' });
    const secret = secretOf({ send } as never, 'arn', () => now);
    const text = async () => new TextDecoder().decode(await secret());
    expect(await text()).toBe('old');
    now = SECRET_KEPT_MS;
    expect(await text()).toBe('old');
    now = 2 * SECRET_KEPT_MS;
    expect(await text()).toBe('new');
  });

  it('before the current one is undefined while there is none', async () => {
    const missing = new ResourceNotFoundException({ message: 'no', $metadata: {} });
    const send = jest.fn().mockRejectedValue(missing);
    expect(await previousSecretOf({ send } as never, 'arn')()).toBeUndefined();
    expect(send.mock.calls[0][0].input).toEqual({ SecretId: 'arn', VersionStage: 'AWSPREVIOUS' });
  });

  it('that is empty is refused', async () => {
    await expect(secretOf({ send: async () => ({}) } as never, 'arn')()).rejects.toThrow('empty');
  });
});

describe('a value kept for a while', () => {
  it('is shared by callers, renewed when it is old, and not kept when reading failed', async () => {
    let now = 0;
    const read = jest.fn().mockRejectedValueOnce(new Error('down')).mockResolvedValue(1);
    const value = fresh(1000, () => now, read);
    await expect(Promise.all([value(), value()])).rejects.toThrow('down');
    expect(read).toHaveBeenCalledTimes(1);
    expect(await value()).toBe(1);
    now = 999;
    await value();
    expect(read).toHaveBeenCalledTimes(2);
    now = 1000;
    await value();
    expect(read).toHaveBeenCalledTimes(3);
  });
});

describe('the totals', () => {
  it('an instance stays on its shard until it moves to another one', () => {
    const shards = shardPicker(Math.random);
    for (let moves = 0; moves < 200; moves += 1) {
      const before = shards.current();
      expect(before).toMatch(/^[0-5]\d$|^6[0-3]$/);
      expect(shards.current()).toBe(before);
      shards.move();
      expect(shards.current()).not.toBe(before);
    }
  });

  it('asks again for the keys that DynamoDB left out, and gives up after some tries', async () => {
    const asked: number[] = [];
    const leftOut = [{ shard: { S: '63' } }];
    const client = {
      send: (async ({ input }: BatchGetItemCommand) => {
        asked.push(input.RequestItems?.totals?.Keys?.length ?? 0);
        const row = { shard: { S: '00' }, users: { N: '1' }, interactions: { N: '3' } };
        return asked.length === 1
          ? { Responses: { totals: [row] }, UnprocessedKeys: { totals: { Keys: leftOut } } }
          : { Responses: { totals: [{ ...row, shard: { S: '63' } }] } };
      }) as never,
    };
    const rim = { random: Math.random, sleep: async () => undefined };
    expect(await readTotals(client, 'totals', rim)).toMatchObject({ users: 2, interactions: 6 });
    expect(asked).toEqual([65, 1]);
    const stuck = { send: (async () => ({ UnprocessedKeys: { totals: { Keys: leftOut } } })) as never };
    await expect(readTotals(stuck, 'totals', rim)).rejects.toMatchObject({ status: 503 });
  });
});

describe('retries', () => {
  it('wait a random time below a bound that doubles up to a maximum', () => {
    expect([0, 1, 2, 9].map((attempt) => backoff(attempt, 20, 400, () => 0.999))).toEqual([19, 39, 79, 399]);
    expect(backoff(5, 20, 400, () => 0)).toBe(0);
  });

  it('are worth it for throttles, time-outs, unreachable and failing services only', () => {
    const unreachable = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
    const transient = [
      serviceError('ThrottlingException'),
      serviceError('TimeoutError'),
      serviceError('InternalServerError', 'server'),
      unreachable,
    ];
    expect(transient.map(isTransient)).toEqual([true, true, true, true]);
    const lasting = [serviceError('AccessDeniedException'), new Error('bug'), 'text'];
    expect(lasting.map(isTransient)).toEqual([false, false, false]);
  });
});

describe('1,000 likes a second', () => {
  it('forty instances, each with one request at a time, soon are on forty shards', () => {
    let seed = 7;
    const random = () => {
      seed = (seed * 16807) % 2147483647;
      return seed / 2147483647;
    };
    const instances = Array.from({ length: 40 }, () => shardPicker(random));
    // A round: all forty write at the same moment, so of those on one shard all but the first meet a conflict.
    const conflictsOfARound = () => {
      const taken = new Set<string>();
      const conflicting = instances.filter((instance) => {
        const conflict = taken.has(instance.current());
        taken.add(instance.current());
        return conflict;
      });
      for (const instance of conflicting) instance.move();
      return conflicting.length;
    };
    const rounds = Array.from({ length: 15 }, conflictsOfARound);
    expect(rounds[0]).toBeGreaterThan(0);
    expect(rounds.slice(-5)).toEqual([0, 0, 0, 0, 0]);
  });
});
