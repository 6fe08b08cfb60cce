// The guarded door: whom it lets in, what it reads before, and what it tells those who stay outside.
import { once } from 'node:events';
import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
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
      // The connection may break, which is for its sender to see.
      const body = await readBody(request, mostBytes).catch(() => undefined);
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
    '127.evil.example',
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
    expect(await status('evilamazonaws.com')).toBe(403);
  });

  test('an address gets in only where the server is open to the network', () => {
    const request = { method: 'GET', url: '/', headers: { host: '192.168.1.2:8080' } };
    expect(refusal(request)).toContain('not called');
    expect(refusal(request, { addresses: true })).toBeUndefined();
  });

  test('the name in an absolute request target counts too, and does not replace it', () => {
    const to = (url: string, host: string) => refusal({ method: 'GET', url, headers: { host } });
    expect(to('http://evil.example/', 'localhost')).toContain("not called 'evil.example'");
    expect(to('http://localhost/', 'evil.example')).toContain("not called 'evil.example'");
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
    const visit = (headers: IncomingHttpHeaders, method = 'GET', linkable = true) =>
      refusal(
        { method, url: '/', headers: { host: 'localhost:8080', 'sec-fetch-site': 'cross-site', ...headers } },
        { linkable },
      );
    const link = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
    expect(visit(link)).toBeUndefined();
    expect(visit(link, 'GET', false)).toContain('cross-site');
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

test('a body that breaks off is an error to whoever reads it', async () => {
  const broken = new Promise((resolve) => {
    const serve = (request: IncomingMessage) =>
      readBody(request, 1000).then(resolve, (error: Error) => resolve(error.message));
    void open({ serve }).then(({ port }) => {
      const socket = connect(port, '127.0.0.1');
      socket.write('PUT / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 10\r\n\r\nhalf', () =>
        socket.destroy(),
      );
    });
  });
  expect(await broken).toMatch(/closed|aborted/);
});

describe('a connection', () => {
  /** What the other side says until it ends the connection. */
  const saidTo = (port: number, text: string, host = '127.0.0.1') =>
    new Promise<string>((resolve, reject) => {
      const socket = connect(port, host, () => socket.write(text));
      let said = '';
      socket.on('data', (data) => {
        said += String(data);
      });
      socket.on('end', () => socket.end()).on('error', reject);
      socket.on('close', () => resolve(said));
    });
  const quick = { headersMs: 50, requestMs: 100, idleMs: 50, checkMs: 20 };
  const request = 'PUT / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 2\r\n\r\n';

  test.each(['127.0.0.1', '::1'])(
    'to %s is ended whose headers do not come, whose body does not, and that is not used any more',
    async (host) => {
      const { port } = await open({ limits: quick });
      expect(await saidTo(port, 'GET / HTTP/1.1\r\nhost: loc', host)).toContain(' 408 ');
      expect(await saidTo(port, request, host)).toContain(' 408 ');
      expect(await saidTo(port, `${request}ok`, host)).toContain(' 200 ');
    },
  );

  test('beyond the most that may be open at once is ended unread, on each address', async () => {
    const { port } = await open({ limits: { connections: 1 } });
    for (const host of ['127.0.0.1', '::1']) {
      const first = connect(port, host);
      await once(first, 'connect');
      expect(await saidTo(port, `${request}ok`, host)).toBe('');
      first.destroy();
    }
  });
});

test('other addresses of the machine than the loopback ones do not answer', async () => {
  const { port } = await open();
  const addresses = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
  const others = addresses.filter(({ internal, scopeid }) => !internal && !scopeid);
  for (const { address: host } of others)
    await expect(ask(port, { host: 'localhost' }, { host })).rejects.toThrow('ECONNREFUSED');
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
