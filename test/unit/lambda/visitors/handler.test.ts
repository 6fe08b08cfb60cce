// POST /api/visitors and the calls of operators through the real handlers.
import { decodeJwt } from 'jose';
import type { HttpHandler } from '../../../../lambda/shared/http/handler';
import { DATASET_GROUP, serviceError, World } from '../support/world';

const world = new World();
let visitors: HttpHandler;
let operator: HttpHandler;

beforeAll(async () => {
  world.install();
  visitors = (await import('../../../../lambda/visitors/handler')).handler;
  operator = (await import('../../../../lambda/operator/handler')).handler;
});

beforeEach(() => world.reset());

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('POST /api/visitors', () => {
  const create = (body?: unknown) => world.call(visitors, 'POST', '/api/visitors', { body });

  it('makes a visitor with a token of their own and a user with the mood they came with', async () => {
    const { status, body } = await create({ emotion: 'calm', locale: 'ko-KR' });
    expect(status).toBe(201);
    expect(Object.keys(body).sort()).toEqual(['expiresAt', 'token', 'visitorId']);
    expect(body.visitorId).toMatch(UUID);
    const claims = decodeJwt(body.token);
    expect(claims).toMatchObject({ sub: body.visitorId, aud: 'visitor', iss: DATASET_GROUP });
    expect(new Date(Number(claims.exp) * 1000).toISOString()).toBe(body.expiresAt);
    expect(Number(claims.exp) - Number(claims.iat)).toBe(7 * 24 * 3600);
    expect(world.users).toMatchObject([
      { users: [{ userId: body.visitorId, properties: '{"emotion":"calm"}' }] },
    ]);
    const [row] = world.dynamodb.rows('visitors');
    expect(row).toMatchObject({ visitorId: body.visitorId, emotion: 'calm', locale: 'ko-KR', likes: 0 });
    expect(row?.unsentSince).toBeUndefined();
    expect(row?.unsentPartition).toBeUndefined();
  });

  it.each([undefined, {}])('needs nothing to be told: %j', async (body) => {
    expect((await create(body)).status).toBe(201);
    expect(world.users[0]?.users?.[0]).not.toHaveProperty('properties');
  });

  it('makes the visitor although PutUsers fails, and leaves the user to the sweep', async () => {
    world.personalizeFault = () => {
      throw serviceError('ThrottlingException');
    };
    expect((await create({ emotion: 'sad' })).status).toBe(201);
    expect(world.dynamodb.rows('visitors')[0]).toMatchObject({
      unsentPartition: 'unsent',
      unsentSince: expect.any(String),
    });
  });

  it('asks to come back when the visitor cannot be written, and tells Amazon Personalize nothing', async () => {
    world.dynamodb.fault = () => ({ error: serviceError('ThrottlingException') });
    expect(await create({})).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
    expect(world.users).toEqual([]);
  });

  it.each([
    ['an unknown emotion', { emotion: 'bored' }, 'emotion'],
    ['an emotion that is a number', { emotion: 1 }, 'emotion'],
    ['an emotion that is null', { emotion: null }, 'emotion'],
    ['a locale that is none', { locale: 'Korean please' }, 'locale'],
    ['a locale that is too long', { locale: 'a'.repeat(40) }, 'locale'],
    ['a locale that is a number', { locale: 82 }, 'locale'],
    ['a visitor id of the caller’s', { visitorId: 'me' }, 'visitorId'],
    ['a list', [], 'body'],
    ['no JSON', 'emotion=calm', 'body'],
  ])('%s is refused, the field is named, nothing is written', async (_, body, field) => {
    const answer = await create(body);
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toEqual([{ field, message: expect.any(String) }]);
    expect(world.dynamodb.rows('visitors')).toEqual([]);
    expect(world.users).toEqual([]);
  });

  it('another method is refused', async () => {
    expect(await world.call(visitors, 'GET', '/api/visitors')).toMatchObject({
      status: 405,
      headers: { allow: 'POST' },
    });
  });
});

describe('POST /api/operator/people', () => {
  const create = async (body?: unknown, token?: string) =>
    world.call(operator, 'POST', '/api/operator/people', {
      body,
      token: token ?? (await world.token('operator', { audience: 'operator' })),
    });

  it('makes one person with a token and a label', async () => {
    const { status, body } = await create({ emotion: 'happy' });
    expect(status).toBe(201);
    expect(body.visitors).toEqual([
      {
        visitorId: expect.stringMatching(UUID),
        token: expect.any(String),
        expiresAt: expect.any(String),
        label: expect.stringMatching(/^Person [0-9A-F]{4}-1$/),
        emotion: 'happy',
      },
    ]);
    expect(decodeJwt(body.visitors[0].token)).toMatchObject({
      sub: body.visitors[0].visitorId,
      aud: 'visitor',
    });
    expect(world.dynamodb.rows('visitors')[0]).toMatchObject({ madeBy: 'operator', emotion: 'happy' });
  });

  it('makes 25 at once, in calls of ten users', async () => {
    const { body } = await create({ count: 25 });
    expect(new Set(body.visitors.map(({ label }: { label: string }) => label)).size).toBe(25);
    expect(world.users.map(({ users }) => users?.length)).toEqual([10, 10, 5]);
    expect(world.dynamodb.rows('visitors').every((row) => row.unsentSince === undefined)).toBe(true);
  });

  it.each([
    ['no people', { count: 0 }, 'count'],
    ['26 people', { count: 26 }, 'count'],
    ['half a person', { count: 1.5 }, 'count'],
    ['a count that is a text', { count: '3' }, 'count'],
    ['an unknown emotion', { emotion: 'bored' }, 'emotion'],
    ['an unknown field', { name: 'Ann' }, 'name'],
  ])('%s is refused, the field is named, nothing is written', async (_, body, field) => {
    const answer = await create(body);
    expect(answer.status).toBe(400);
    expect(answer.body.errors).toEqual([{ field, message: expect.any(String) }]);
    expect(world.dynamodb.rows('visitors')).toEqual([]);
  });

  it.each<[string, () => Promise<string> | string]>([
    ['no token', () => ''],
    ['a visitor token', () => world.token('11111111-1111-4111-8111-111111111111')],
    [
      'a visitor token that claims to be for operators',
      () => world.token('operator', { audience: 'operator', secret: 'visitor-secret' }),
    ],
    [
      'an expired operator token',
      () => world.token('operator', { audience: 'operator', issuedMsAgo: 2 * 3600 * 1000 }),
    ],
    [
      'an operator token of another deployment',
      () => world.token('operator', { audience: 'operator', issuer: 'other' }),
    ],
  ])('%s is refused', async (_, make) => {
    const answer = await create({}, await make());
    expect(answer).toMatchObject({ status: 401, body: { errors: [{ field: 'authorization' }] } });
    expect(world.dynamodb.rows('visitors')).toEqual([]);
  });

  it('a revoked link is refused at once, with these words; others go on', async () => {
    const token = await world.token('ben', { audience: 'operator' });
    const row = { operatorId: 'ben', name: 'Ben' };
    world.dynamodb.put('operators', row);
    expect((await create({}, token)).status).toBe(201);
    world.dynamodb.put('operators', { ...row, revokedAt: '2026-05-01T12:00:00.000Z' });
    expect(await create({}, token)).toMatchObject({
      status: 401,
      body: { detail: 'This operator link has been revoked.' },
    });
    expect((await create({})).status).toBe(201);
  });

  it('a link that no operator has, as those of earlier releases, is refused', async () => {
    const answer = await create({}, await world.token('nobody', { audience: 'operator' }));
    expect(answer).toMatchObject({
      status: 401,
      body: { detail: expect.stringContaining('earlier release') },
    });
  });
});
