// What the bodies of all requests take together is bounded, whoever sends them.
import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { Gateway } from '../../../src/gateway/server';
import { SERVICES } from '../../../src/services';

let gateway: Gateway;
let port: number;

beforeEach(async () => {
  gateway = new Gateway({
    account: () => undefined,
    services: SERVICES,
    accountId: '000000000000',
    now: () => 0,
    log: () => undefined,
    mostBytesHeld: 1_000,
  });
  port = await gateway.listen(0);
});
afterEach(() => gateway.close());

/** A request whose body has begun; anonymous, so it is answered when its body is there. */
function begin(contentLength: number): ClientRequest {
  const headers = { 'content-length': contentLength };
  const outgoing = request({ host: '127.0.0.1', port, method: 'PUT', path: '/bucket/key', headers });
  outgoing.on('error', () => undefined);
  outgoing.write('.');
  return outgoing;
}

async function answerOf(outgoing: ClientRequest): Promise<[status: number | undefined, body: string]> {
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
  return [incoming.statusCode, await text(incoming)];
}

/** The gateway holds it when another one of one byte more than the rest is refused. */
async function untilHeld(bytes: number): Promise<void> {
  for (;;) {
    const [, body] = await answerOf(begin(1_001 - bytes).end('.'.repeat(1_000 - bytes)));
    if (body.includes('SlowDown')) return;
  }
}

test('a body that is more than what is left is refused with an error after which SDKs try again', async () => {
  const first = begin(600);
  await untilHeld(600);
  const fits = begin(400);
  await untilHeld(1_000);
  const [status, body] = await answerOf(begin(2));
  expect([status, body]).toEqual([503, expect.stringContaining('SlowDown')]);
  // What was answered is held no more.
  expect((await answerOf(fits.end('.'.repeat(399))))[1]).not.toContain('SlowDown');
  expect((await answerOf(begin(300).end('.'.repeat(299))))[1]).not.toContain('SlowDown');
  first.destroy();
});

test('a body whose sender goes away is held no more', async () => {
  const first = begin(1_000);
  await untilHeld(1_000);
  first.destroy();
  for (let isRefused = true; isRefused; )
    isRefused = (await answerOf(begin(500).end('.'.repeat(499))))[1].includes('SlowDown');
});
