// GET /api/openapi.json, and what every path and method gets that does not exist.
import { OPERATIONS } from '../../../../lambda/shared/contract/routes';
import type { HttpHandler } from '../../../../lambda/shared/http/handler';
import { World } from '../support/world';

const world = new World();
let handler: HttpHandler;

beforeAll(async () => {
  world.install();
  handler = (await import('../../../../lambda/openapi/handler')).handler;
});

it('describes every call with its schemas, its token and its refusals', async () => {
  const { status, body } = await world.call(handler, 'GET', '/api/openapi.json');
  expect(status).toBe(200);
  expect(body.openapi).toBe('3.1.0');
  for (const { method, path, caller, status: success } of OPERATIONS) {
    const operation = body.paths[path][method.toLowerCase()];
    expect(operation.security).toEqual(caller === 'anyone' ? [] : [{ [caller]: [] }]);
    expect(operation.responses[String(success)].content['application/json'].schema).toBeDefined();
    expect(operation.responses[503].content['application/problem+json']).toBeDefined();
  }
});

it('says what the validation says: limits, patterns, required fields', async () => {
  const { body } = await world.call(handler, 'GET', '/api/openapi.json');
  const { schema } = body.paths['/api/likes'].post.requestBody.content['application/json'];
  expect(schema).toMatchObject({
    required: ['sessionId', 'likes'],
    additionalProperties: false,
    properties: {
      likes: {
        minItems: 1,
        maxItems: 10,
        items: {
          required: ['eventId', 'itemId', 'liked', 'impression', 'occurredAt'],
          properties: { eventId: { format: 'uuid' }, impression: { maxItems: 25 } },
        },
      },
    },
  });
  const parameters = body.paths['/api/images'].get.parameters.map(({ name }: { name: string }) => name);
  expect(parameters).toEqual(['emotion', 'limit', 'cursor']);
});

it('has references only to what it defines', async () => {
  const { body } = await world.call(handler, 'GET', '/api/openapi.json');
  const references = [...JSON.stringify(body).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)];
  expect(references.length).toBeGreaterThan(0);
  for (const [, name = ''] of references) expect(body.components.schemas).toHaveProperty(name);
});

it.each(OPERATIONS.map(({ method, path }) => [path, method]))(
  '%s answers %s only, and says so',
  async (path, method) => {
    const answer = await world.call(handler, 'DELETE', path);
    expect(answer).toMatchObject({ status: 405, headers: { allow: expect.stringContaining(method) } });
    expect(answer.headers['content-type']).toBe('application/problem+json');
  },
);

it.each(['/', '/api', '/api/unknown', '/api/likes/1', '/emotions/calm/1.svg'])(
  'there is nothing at %s',
  async (path) => {
    expect(await world.call(handler, 'GET', path)).toMatchObject({ status: 404, body: { status: 404 } });
  },
);
