// What the functions log: enough to find a fault, nothing about a person.
import { randomUUID } from 'node:crypto';
import { serviceError, World } from '../support/world';

const world = new World();
const lines: string[] = [];

beforeAll(() => {
  world.install();
  // In this mode the logger writes to the global console, where the test can listen.
  Object.assign(process.env, { POWERTOOLS_LOG_LEVEL: 'DEBUG', POWERTOOLS_DEV: 'true' });
  const listen = (line?: unknown) => {
    lines.push(String(line));
  };
  for (const method of ['debug', 'info', 'warn', 'error'] as const) {
    jest.spyOn(console, method as 'info').mockImplementation(listen);
  }
});

it('logs name the fault and the field, and no token, visitor, session, event or body', async () => {
  const { handler } = await import('../../../../lambda/like/handler');
  const visitorId = randomUUID();
  const token = await world.token(visitorId);
  const item = 'emotions/calm/1.svg';
  world.addVisitor(visitorId);
  world.addPictures(item);
  const eventId = randomUUID();
  const like = { eventId, itemId: item, liked: true, impression: [], occurredAt: new Date().toISOString() };
  const send = (likes: unknown, as = token) =>
    world.call(handler, 'POST', '/api/likes', { token: as, body: { sessionId: 'my-session', likes } });

  world.personalizeFault = () => {
    throw serviceError('ThrottlingException');
  };
  world.queueFault = () => {
    throw serviceError('TimeoutError');
  };
  await send([like]);
  await send([{ ...like, eventId: 'no-uuid-but-mine' }]);
  await send([like], `${token}x`);
  world.dynamodb.fault = () => ({ error: serviceError('AccessDeniedException') });
  await send([{ ...like, eventId: randomUUID() }]);

  const all = lines.join('\n');
  for (const expected of [
    'ThrottlingException',
    'TimeoutError',
    'likes[0].eventId',
    'AccessDeniedException',
  ]) {
    expect(all).toContain(expected);
  }
  for (const secret of [token, visitorId, 'my-session', eventId, 'no-uuid-but-mine'])
    expect(all).not.toContain(secret);
  for (const line of lines) expect(JSON.parse(line)).toMatchObject({ level: expect.any(String) });
});
