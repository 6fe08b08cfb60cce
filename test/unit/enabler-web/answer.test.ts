// Answers of every sort: only what the API itself says counts, all else is a reason to try again.

import { ApiClient } from '../../../enabler-web/api/client';
import type { ProblemError } from '../../../enabler-web/api/problem-error';

const RECEIPT = JSON.stringify({ accepted: [], duplicates: [], rejected: [] });
const JSON_TYPE = { 'content-type': 'application/json' };
const HTML_TYPE = { 'content-type': 'text/html; charset=utf-8' };

/** What becomes of a like when this is the answer: the receipt, or the error. */
async function like(response: Response | Error): Promise<unknown> {
  const send = async () => {
    if (response instanceof Error) throw response;
    return response;
  };
  const batch = { sessionId: 's', likes: [] };
  return new ApiClient(send as typeof fetch, () => 0).sendLikes('t', batch).catch((error) => error);
}

/** A body that ends too early, as when the connection is lost. */
function brokenBody(): ReadableStream {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('{"accepted":['));
      controller.error(new TypeError('terminated'));
    },
  });
}

test('a whole answer is the receipt', async () => {
  expect(await like(new Response(RECEIPT, { status: 202, headers: JSON_TYPE }))).toEqual(JSON.parse(RECEIPT));
});

test.each<[string, () => Response | Error]>([
  ['no connection', () => new TypeError('fetch failed')],
  ['a time-out', () => Object.assign(new Error('timed out'), { name: 'TimeoutError' })],
  ['half a JSON', () => new Response('{"accepted":[', { headers: JSON_TYPE })],
  ['a body that breaks off', () => new Response(brokenBody(), { headers: JSON_TYPE })],
  ['an empty body', () => new Response('', { headers: JSON_TYPE })],
  ['no body at all', () => new Response(null, { status: 204 })],
  ['null', () => new Response('null', { headers: JSON_TYPE })],
  ['another JSON', () => new Response('{"status":"ok"}', { headers: JSON_TYPE })],
  ['lists that are none', () => new Response('{"accepted":1,"duplicates":{},"rejected":""}')],
  ['a 404 of another server', () => new Response('not here', { status: 404 })],
  ['a 403 page', () => new Response('<html>', { status: 403, headers: HTML_TYPE })],
  ['a 400 that is no problem document', () => new Response('{"message":"Bad Request"}', { status: 400 })],
  [
    'a problem that says another status',
    () => new Response('{"title":"x","status":422}', { status: 400, headers: JSON_TYPE }),
  ],
  ['a 502 page', () => new Response('<html>', { status: 502, headers: HTML_TYPE })],
])('%s may be better later', async (_, make) => {
  const error = (await like(make())) as ProblemError;
  expect(error).toMatchObject({ name: 'ProblemError', temporary: true, isPortal: false });
});

test.each<[string, () => Response]>([
  ['a page in the place of the answer', () => new Response('<html>Sign in</html>', { headers: HTML_TYPE })],
  ['a 511', () => new Response('', { status: 511 })],
  ['a redirection', () => Object.defineProperty(Response.error(), 'type', { value: 'opaqueredirect' })],
])('%s is that of a network that wants people to sign in', async (_, make) => {
  expect(await like(make())).toMatchObject({ temporary: true, isPortal: true });
});

test('an answer that does not come is given up after 15 seconds, and is a reason to try again', async () => {
  const time = new AbortController();
  const timeout = jest.spyOn(AbortSignal, 'timeout').mockReturnValue(time.signal);
  const send = (_: unknown, { signal }: RequestInit = {}) =>
    new Promise<Response>((_answer, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason));
      time.abort();
    });
  const api = new ApiClient(send as typeof fetch, () => 0);
  await expect(api.progress()).rejects.toMatchObject({ status: 0, temporary: true });
  expect(timeout).toHaveBeenCalledWith(15_000);
  timeout.mockRestore();
});

test('a refusal of the API is one', async () => {
  const problem = { type: 'about:blank', title: 'Bad request', status: 400, errors: [] };
  const error = await like(new Response(JSON.stringify(problem), { status: 400, headers: JSON_TYPE }));
  expect(error).toMatchObject({ status: 400, temporary: false, problem });
});

test('a day that something on the way asks for is not waited for, one that the API asks for is', async () => {
  const headers = { ...JSON_TYPE, 'retry-after': '86400' };
  expect(await like(new Response('busy', { status: 503, headers }))).toMatchObject({ retryAfterMs: 300_000 });
  const problem = JSON.stringify({ title: 'Busy', status: 503 });
  expect(await like(new Response(problem, { status: 503, headers }))).toMatchObject({
    retryAfterMs: 86_400_000,
  });
});

test('a Retry-After goes with it', async () => {
  const headers = { 'retry-after': '7' };
  expect(await like(new Response('', { status: 503, headers }))).toMatchObject({ retryAfterMs: 7000 });
});
