// Malformed HTTP requests for the gallery: each a good request that something is wrong with.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { OPERATIONS, type Operation } from '../../../lambda/shared/contract/routes';
import type { Account } from './account';
import { type Call, type GalleryClient, likeOf } from './gallery-client';

interface MalformedRequest extends Call {
  readonly path: string;
}

interface Ingredients {
  readonly visitorToken: string;
  readonly operatorToken: string;
  readonly itemId: string;
  /** From 0 up to 1. */
  readonly random: () => number;
}

const HOSTILE_VALUES: readonly unknown[] = [
  null,
  true,
  -1,
  1e308,
  '',
  ' ',
  'null',
  '\u0000',
  '\ud800',
  '../../personalize/config/x.json',
  '<script>alert(1)</script>',
  "'; DROP TABLE likes; --",
  '𝒳'.repeat(300),
  [],
  [[]],
  {},
  { $ne: null },
  { __proto__: { polluted: true } },
];

const HOSTILE_BODIES = [
  '',
  '{',
  '[]',
  'null',
  '"text"',
  '\u0000\u0001',
  '{"a":'.repeat(2_000),
  `{"sessionId":${'9'.repeat(5_000)}}`,
];

const HOSTILE_PATHS = [
  '/api/likes/../../personalize/config/x.json',
  '/api/similar/%',
  '/api/similar/%00',
  '/api/similar/emotions/calm/%2e%2e%2f%2e%2e%2fx',
  '/api/images?limit=0',
  '/api/images?limit=1e3',
  '/api/images?cursor=%FF%FE',
  '/api/images?emotion=joy',
  '/api/images?emotion=calm&emotion=sad',
  '/api/recommendations?limit=9999',
  '/api/latest?limit=-1',
  '/api//likes',
  '/api/likes?x=%E0%A4%A',
  '/emotions/%2e%2e/personalize/x',
  '/personalize/config/x.json',
  '/%c0%ae%c0%ae/personalize',
  '/api/operator/people',
];

/** Nothing that a route without a required field could take for a request. */
const NO_OBJECTS = HOSTILE_BODIES.filter((body) => body !== '' && !body.startsWith('{"sessionId"'));

const HOSTILE_AUTHORIZATIONS = [
  'Bearer',
  'Bearer ',
  'Basic YTpi',
  'Bearer a.b.c',
  'x'.repeat(5_000),
  'Bearer é',
];

const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD'];

/** Never a request that the gallery may accept. */
function malformedRequest(ingredients: Ingredients): MalformedRequest {
  const { visitorToken, operatorToken, itemId, random } = ingredients;
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const breakToken = () => {
    const at = Math.floor(random() * visitorToken.length);
    return `${visitorToken.slice(0, at)}${pick(['.', '!', ''])}${visitorToken.slice(at + 2)}`;
  };
  const post = (body: unknown): MalformedRequest => ({
    method: 'POST',
    path: '/api/likes',
    token: visitorToken,
    body,
  });
  const sessionId = randomUUID();
  const pathOf = ({ path }: Operation) => path.replace('{itemId}', itemId);
  const tokenFor = ({ caller }: Operation) => (caller === 'operator' ? operatorToken : visitorToken);
  const guarded = OPERATIONS.filter(({ caller }) => caller !== 'anyone');
  const posts = OPERATIONS.filter(({ method }) => method === 'POST');
  const kinds: readonly (() => MalformedRequest)[] = [
    () => {
      const field = pick(['eventId', 'itemId', 'liked', 'impression', 'occurredAt', 'recommendationId']);
      const wrong =
        field === 'liked' ? 'yes' : pick(HOSTILE_VALUES.filter((value) => !isHarmless(field, value)));
      return post({ sessionId, likes: [{ ...likeOf(itemId), [field]: wrong }] });
    },
    () => post({ sessionId: pick(HOSTILE_VALUES), likes: [likeOf(itemId)] }),
    () => post({ sessionId, likes: pick(HOSTILE_VALUES) }),
    () => post({ sessionId, likes: Array.from({ length: 11 }, () => likeOf(itemId)) }),
    () => post({ sessionId, likes: [likeOf(itemId)], visitorId: randomUUID() }),
    () => post({ sessionId, likes: [likeOf('emotions/calm/there-is-none.svg')] }),
    () => ({ ...post({ sessionId, likes: [likeOf(itemId)] }), token: breakToken() }),
    () => ({ method: 'POST', path: '/api/likes', token: visitorToken, rawBody: pick(HOSTILE_BODIES) }),
    () => ({ method: 'POST', path: '/api/likes', token: visitorToken, rawBody: 'x'.repeat(70_000) }),
    () => ({
      method: 'POST',
      path: '/api/visitors',
      body: { emotion: pick(HOSTILE_VALUES.filter((value) => value !== undefined)) },
    }),
    () => ({ method: 'POST', path: '/api/operator/people', token: visitorToken, body: { count: 1 } }),
    () => ({
      method: 'POST',
      path: '/api/operator/training',
      token: visitorToken,
      body: { action: 'start' },
    }),
    () => ({
      method: 'POST',
      path: '/api/ranking',
      token: visitorToken,
      body: { itemIds: pick(HOSTILE_VALUES) },
    }),
    () => ({ method: 'GET', path: pick(HOSTILE_PATHS), token: visitorToken }),
    () => {
      const operation = pick(OPERATIONS);
      const others = METHODS.filter((method) => method !== operation.method);
      return { method: pick(others), path: pathOf(operation), token: tokenFor(operation), rawBody: '{}' };
    },
    () => {
      const operation = pick(guarded);
      const headers = { authorization: pick(HOSTILE_AUTHORIZATIONS) };
      return { method: operation.method, path: pathOf(operation), headers, rawBody: '{}' };
    },
    () => {
      const operation = pick(posts);
      return {
        method: 'POST',
        path: pathOf(operation),
        token: tokenFor(operation),
        rawBody: pick(NO_OBJECTS),
      };
    },
    () => {
      const body = { [pick(['count', 'emotion'])]: pick(HOSTILE_VALUES) };
      return { method: 'POST', path: '/api/operator/people', token: operatorToken, body };
    },
    () => {
      const body = { action: pick(HOSTILE_VALUES) };
      return { method: 'POST', path: '/api/operator/training', token: operatorToken, body };
    },
    () => {
      const operation = pick(OPERATIONS.filter(({ method }) => method === 'GET'));
      const query = `${pick(['limit', 'cursor', 'emotion', 'x'])}=${encodeURIComponent('\u0000'.repeat(3))}`;
      return { method: 'GET', path: `${pathOf(operation)}?${query}`, token: tokenFor(operation) };
    },
    () => ({ method: 'GET', path: pathOf(pick(OPERATIONS)), headers: { 'x-long': 'x'.repeat(20_000) } }),
    () => ({
      method: pick(METHODS.filter((method) => method !== 'POST')),
      path: '/api/likes',
      token: visitorToken,
    }),
  ];
  return pick(kinds)();
}

/** Values that a field may have: nobody saw anything, or no recommendation. */
function isHarmless(field: string, value: unknown): boolean {
  return field === 'impression' && Array.isArray(value) && value.length === 0;
}

export interface MalformedRun {
  readonly client: GalleryClient;
  readonly account: Account;
  readonly operatorToken: string;
  readonly requests: number;
  readonly random: () => number;
}

export interface MalformedReport {
  /** Requests that got a 5xx, or were accepted, or got no answer; in words. */
  readonly failures: readonly string[];
  /** Tables whose rows changed. */
  readonly written: readonly string[];
}

const TABLES = [
  'ItemsTableName',
  'VisitorsTableName',
  'LikesTableName',
  'TotalsTableName',
  'UndeliveredTableName',
];
const CONCURRENCY = 8;
const SAMPLE_PICTURES = 240;
/** The sweep sends what was throttled within two minutes. */
const INGESTION_PATIENCE_MS = 150_000;

/** Sends malformed requests and tells what went wrong with any of them. */
export async function sendMalformed({
  client,
  account,
  operatorToken,
  requests,
  random,
}: MalformedRun): Promise<MalformedReport> {
  await ingested(account);
  const { token: visitorToken } = await client.createVisitor();
  const [image] = (await client.images(visitorToken)).images;
  const ingredients = { visitorToken, operatorToken, itemId: image?.itemId ?? '', random };
  const before = await Promise.all(TABLES.map((table) => account.rows(table)));
  const failures: string[] = [];
  let left = requests;
  const worker = async () => {
    while (left > 0) {
      left -= 1;
      const request = malformedRequest(ingredients);
      const outcome = await client.send(request.path, request).then(
        ({ status }) => status,
        (error: unknown) => String(error),
      );
      if (typeof outcome !== 'number' || outcome >= 500 || isAccepted(request, outcome)) {
        failures.push(`${outcome}: ${JSON.stringify(request).slice(0, 400)}`);
      }
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  const after = await Promise.all(TABLES.map((table) => account.rows(table)));
  const written = TABLES.filter((_, index) => !sameRows(before[index], after[index]));
  return { failures, written };
}

/** After a deployment, pictures are still on their way to Amazon Personalize. */
async function ingested(account: Account): Promise<void> {
  const end = Date.now() + INGESTION_PATIENCE_MS;
  for (;;) {
    const items = await account.rows('ItemsTableName');
    if (items.length === SAMPLE_PICTURES && items.every((item) => !('unsentSince' in item))) return;
    if (Date.now() > end) throw new Error('the pictures of the deployment are not ingested');
    await sleep(500);
  }
}

/** Reading is harmless, so only an accepted write counts. */
function isAccepted({ method }: MalformedRequest, status: number): boolean {
  return !['GET', 'HEAD', 'OPTIONS'].includes(method ?? 'GET') && status < 400;
}

function sameRows(before: readonly object[] = [], after: readonly object[] = []): boolean {
  const text = (rows: readonly object[]) => JSON.stringify(rows.map((row) => JSON.stringify(row)).sort());
  return text(before) === text(after);
}
