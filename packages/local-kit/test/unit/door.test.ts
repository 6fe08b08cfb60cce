// The guarded door: whom it lets in, what it reads before, and what it tells those who stay outside.
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { Door, type DoorProps, readBody } from '../../src/door';
import { refusal } from '../../src/door/guard';

const doors: Door[] = [];
afterEach(() => Promise.all(doors.splice(0).map((door) => door.close())));

/** What got through, body and all. */
interface Opened {
  readonly port: number;
  readonly bodies: (number | undefined)[];
}

async function open(props: Partial<DoorProps> = {}, mostBytes = 1000): Promise<Opened> {
  const bodies: (number | undefined)[] = [];
  const door = new Door({
    serve: async (request, response) => {
      const body = await readBody(request, mostBytes);
      bodies.push(body?.length);
      response.writeHead(body ? 200 : 413).end('served');
    },
    ...props,
  });
  doors.push(door);
  return { port: await door.listen(0), bodies };
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

function ask(
  port: number,
  headers: IncomingHttpHeaders,
  options: { readonly method?: string; readonly host?: string; readonly path?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ host: '127.0.0.1', port, agent: false, ...options, headers }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    sent.on('error', reject);
    sent.end();
  });
}

describe('by the name that a request calls it', () => {
  test.each([
    'localhost',
    'localhost:80',
    '127.0.0.1:4566',
    '127.8.0.1',
    '[::1]:4566',
    'LocalHost.',
    'b.s3.localhost:1',
  ])('%s gets in', async (host) => {
    const { port } = await open();
    expect(await ask(port, { host })).toEqual({ status: 200, text: 'served' });
  });

  test.each([
    'evil.example',
    'evil.example:4566',
    'localhost.evil.example',
    'evillocalhost',
    '0.0.0.0',
    '10.0.0.1',
    'a@localhost',
    '[::2]',
    'localhost:x',
  ])('%s is refused, with the reason, and nothing is read', async (host) => {
    const { port, bodies } = await open();
    const answer = await ask(port, { host }, { method: 'POST' });
    expect(answer).toEqual({ status: 403, text: expect.stringContaining(`not called '${host}'`) });
    expect(bodies).toEqual([]);
  });

  test('a name that was allowed gets in, with what is below it where it says so', async () => {
    const { port } = await open({ hosts: ['host.docker.internal', '*.amazonaws.com'] });
    const status = async (host: string) => (await ask(port, { host })).status;
    expect(await status('host.docker.internal:4566')).toBe(200);
    expect(await status('b.s3.us-east-1.amazonaws.com')).toBe(200);
    expect(await status('x.host.docker.internal')).toBe(403);
    expect(await status('amazonaws.com.evil.example')).toBe(403);
  });

  test('an address gets in only where the server is open to the network', () => {
    const request = { method: 'GET', url: '/', headers: { host: '192.168.1.2:8080' } };
    expect(refusal(request)).toContain('not called');
    expect(refusal(request, { addresses: true })).toBeUndefined();
  });

  test('the name in an absolute request target counts too', () => {
    const request = { method: 'GET', url: 'http://evil.example/', headers: { host: 'localhost' } };
    expect(refusal(request)).toContain("not called 'evil.example'");
  });
});

describe('by the page that sends', () => {
  const from = (headers: IncomingHttpHeaders, method = 'POST') =>
    refusal({ method, url: '/', headers: { host: 'localhost:8080', ...headers } });

  test('programs, which say nothing, and pages of its own get in', () => {
    expect(from({})).toBeUndefined();
    expect(from({ origin: 'http://localhost:8080', 'sec-fetch-site': 'same-origin' })).toBeUndefined();
    expect(from({ 'sec-fetch-site': 'none' }, 'GET')).toBeUndefined();
  });

  test.each([
    'https://evil.example',
    'http://localhost:3000',
    'http://127.0.0.1:8080',
    'null',
    '',
    'file://',
  ])("a page from '%s' does not", (origin) => expect(from({ origin })).toContain(`a page from '${origin}'`));

  test.each(['cross-site', 'same-site', 'anything'])('nor does what is %s', (site) => {
    expect(from({ 'sec-fetch-site': site }, 'GET')).toContain(site);
  });

  test('a followed link does where pages may be linked; a frame, an image and a form do not', () => {
    const visit = (headers: IncomingHttpHeaders, method = 'GET') =>
      refusal(
        { method, url: '/', headers: { host: 'localhost:8080', 'sec-fetch-site': 'cross-site', ...headers } },
        { linkable: true },
      );
    const link = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
    expect(visit(link)).toBeUndefined();
    expect(visit(link, 'POST')).toContain('cross-site');
    expect(visit({ ...link, 'sec-fetch-dest': 'iframe' })).toContain('cross-site');
    expect(visit({ 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' })).toContain('cross-site');
  });

  test('a page of a proxy that was named gets in', () => {
    const request = {
      method: 'POST',
      url: '/',
      headers: { host: 'localhost', origin: 'https://box.example' },
    };
    expect(refusal(request)).toContain('box.example');
    expect(refusal(request, { hosts: ['box.example'] })).toBeUndefined();
  });
});

describe('of a body', () => {
  test('no more is kept than may be, whether its length was said or not', async () => {
    const { port, bodies } = await open();
    const answers = [];
    for (const headers of [{ 'content-length': '2000' }, { 'transfer-encoding': 'chunked' }]) {
      answers.push(
        await new Promise((resolve, reject) => {
          const sent = httpRequest(
            { host: '127.0.0.1', port, agent: false, method: 'PUT', headers },
            (answer) => {
              answer.resume();
              resolve(answer.statusCode);
            },
          );
          sent.on('error', reject);
          sent.end(Buffer.alloc(2000));
        }),
      );
    }
    expect(answers).toEqual([413, 413]);
    expect(bodies).toEqual([undefined, undefined]);
  });

  test.each([
    ['is asked for when it is wanted', 'localhost', '2', 'HTTP/1.1 100 Continue'],
    ['is never asked for when it is too large', 'localhost', '2000', 'HTTP/1.1 413 '],
    ['is never asked for from who is refused', 'evil.example', '2', 'HTTP/1.1 403 '],
  ])('that waits for leave: it %s', async (_what, host, length, first) => {
    const { port } = await open();
    const socket = connect(port, '127.0.0.1');
    socket.write(
      `PUT / HTTP/1.1\r\nhost: ${host}\r\ncontent-length: ${length}\r\nexpect: 100-continue\r\n\r\n`,
    );
    const heard = () =>
      new Promise<string>((resolve) => socket.once('data', (data) => resolve(String(data))));
    const said = await heard();
    if (said.includes(' 100 ')) {
      socket.write('ok');
      expect(await heard()).toContain('HTTP/1.1 200');
    }
    socket.destroy();
    expect(said).toContain(first);
  });
});

test('headers that are too large are refused', async () => {
  const { port } = await open();
  expect(await ask(port, { 'x-large': 'x'.repeat(20_000) })).toMatchObject({ status: 431 });
});

test('both loopback addresses answer on one port, and both are gone after closing', async () => {
  const { port } = await open();
  for (const host of ['127.0.0.1', '::1'])
    expect(await ask(port, {}, { host })).toMatchObject({ status: 200 });
  await doors.pop()?.close();
  for (const host of ['127.0.0.1', '::1'])
    await expect(ask(port, {}, { host })).rejects.toThrow('ECONNREFUSED');
});

test('a port that is taken is said to be, and leaves nothing open', async () => {
  const { port } = await open();
  const second = new Door({ serve: () => undefined });
  await expect(second.listen(port)).rejects.toMatchObject({ code: 'EADDRINUSE', port });
  await second.close();
});
