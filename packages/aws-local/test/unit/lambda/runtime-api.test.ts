// The Runtime API over a bare socket: what arrives in pieces or all at once, in which order answers leave, what is refused.
import { connect, type Socket } from 'node:net';
import type { NextInvocation } from '../../../src/services/lambda/environment';
import { RuntimeApi, type RuntimeEnvironment } from '../../../src/services/lambda/runtime-api';

let api: RuntimeApi;
let socket: Socket;
let received: string;
let finished: { requestId: string; payload: string; error?: string }[];
let give: ((next: NextInvocation) => void) | undefined;

const environment: RuntimeEnvironment = {
  id: 'environment',
  record: { arn: 'arn:aws:lambda:us-east-1:000000000000:function:f' },
  next: (answer) => {
    give = answer;
  },
  finish: (requestId, payload, error) => {
    finished.push({ requestId, payload: payload.toString(), ...(error && { error }) });
    return requestId !== 'unknown';
  },
  initFailed: (description) => {
    finished.push({ requestId: 'init', payload: description.toString() });
  },
};

beforeEach(async () => {
  [received, finished, give] = ['', [], undefined];
  api = await RuntimeApi.start();
  api.add(environment);
  const { hostname: host, port } = new URL(`http://${api.address('environment')}`);
  socket = connect({ host, port: Number(port) });
  socket.on('data', (data) => {
    received += data.toString();
  });
});

afterEach(async () => {
  socket.destroy();
  await api.close();
});

/** Looks again in each turn of the event loop, for as long as the test may take. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}

const path = (rest: string, id = 'environment') => `/${id}/2018-06-01/runtime/${rest}`;
const next = (id?: string) => `GET ${path('invocation/next', id)} HTTP/1.1\r\nhost: x\r\n\r\n`;
const post = (rest: string, body: string) =>
  `POST ${path(rest)} HTTP/1.1\r\nhost: x\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
const event = (requestId: string): NextInvocation => ({
  ...{ requestId, deadline: 5, payload: Buffer.from('{"한":1}') },
});

test('hands out an event when there is one, with its id, deadline and the function', async () => {
  socket.write(next());
  await until(() => give !== undefined);
  give?.(event('one'));
  await until(() => received.endsWith('}'));
  expect(received).toBe(
    [
      ...['HTTP/1.1 200 OK', 'content-length: 9', 'content-type: application/json'],
      ...['lambda-runtime-aws-request-id: one', 'lambda-runtime-deadline-ms: 5'],
      `lambda-runtime-invoked-function-arn: ${environment.record.arn}`,
      ...['', '{"한":1}'],
    ].join('\r\n'),
  );
});

test('takes an answer and the question for the next event from one packet, and answers in their order', async () => {
  socket.write(post('invocation/one/response', '"done"') + next());
  await until(() => give !== undefined);
  give?.(event('two'));
  await until(() => received.endsWith('}'));
  expect(finished).toEqual([{ requestId: 'one', payload: '"done"' }]);
  expect(received.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 202', 'HTTP/1.1 200']);
});

test('does not hold an answer back while there is no event', async () => {
  socket.write(post('invocation/one/response', '1') + next());
  await until(() => received.includes('202'));
  expect(received).not.toContain('200 OK');
});

test('takes a request in pieces, wherever it is cut', async () => {
  const bytes = Buffer.from(post('invocation/one/error', '{"errorMessage":"안녕"}'));
  for (const byte of bytes) {
    await new Promise((resolve) => socket.write(Buffer.of(byte), resolve));
  }
  await until(() => received.includes('202'));
  expect(finished).toEqual([{ requestId: 'one', payload: '{"errorMessage":"안녕"}', error: 'Unhandled' }]);
});

test('hears of a function that cannot be loaded', async () => {
  socket.write(post('init/error', '{}'));
  await until(() => received.includes('202'));
  expect(finished).toEqual([{ requestId: 'init', payload: '{}' }]);
});

test.each([
  ['an answer to an invocation that is not in progress', post('invocation/unknown/response', '1'), 400],
  ['an environment that is not there', next('somebody'), 404],
  ['a path that is none', 'GET /environment/else HTTP/1.1\r\n\r\n', 404],
  ['a method that is none', 'BREW / HTTP/1.1\r\n\r\n', 400],
  ['a length that is none', `POST ${path('init/error')} HTTP/1.1\r\ncontent-length: -1\r\n\r\n`, 400],
  [
    'a body without a length',
    `POST ${path('init/error')} HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n`,
    411,
  ],
  ['a head without an end', 'x'.repeat(17_000), 431],
])('refuses %s', async (_, request, status) => {
  socket.write(request);
  await until(() => received.includes('\r\n\r\n'));
  expect(received).toContain(`HTTP/1.1 ${status} `);
});

test('goes on after a refusal that leaves no doubt where the next request begins', async () => {
  socket.write(next('somebody') + next());
  await until(() => give !== undefined);
  give?.(event('one'));
  await until(() => received.endsWith('}'));
  expect(received.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 404', 'HTTP/1.1 200']);
});
