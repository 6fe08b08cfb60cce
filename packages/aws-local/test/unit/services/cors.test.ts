// Cross-origin requests to HTTP APIs: the API answers for itself, and above what a function says.
import type { ApiRequest } from '../../../src/ports';
import { preflightAnswer, withCorsHeaders } from '../../../src/services/apigateway/cors';

const asked = (method: string, headers: Record<string, string>): ApiRequest => ({
  method,
  path: '/',
  query: '',
  headers,
  body: Buffer.alloc(0),
  sourceIp: '127.0.0.1',
});
const CORS = {
  AllowOrigins: ['https://a.example', 'http://*'],
  AllowMethods: ['GET'],
  AllowCredentials: true,
  MaxAge: 5,
};
const preflight = (origin: string) =>
  preflightAnswer(CORS, asked('OPTIONS', { origin, 'access-control-request-method': 'GET' }));

test('a preflight of an allowed origin is answered with what is allowed, another one without', () => {
  expect(preflight('https://a.example')).toMatchObject({
    status: 204,
    headers: {
      'access-control-allow-origin': 'https://a.example',
      'access-control-allow-methods': 'GET',
      'access-control-allow-credentials': 'true',
      'access-control-max-age': '5',
    },
  });
  expect(preflight('http://any.example')?.headers).toMatchObject({
    'access-control-allow-origin': 'http://any.example',
  });
  expect(preflight('https://b.example')?.headers).toEqual({});
  expect(preflightAnswer(CORS, asked('OPTIONS', { origin: 'https://a.example' }))).toBeUndefined();
});

test('the headers of a function give way to those of the API', () => {
  const answer = {
    status: 200,
    headers: { 'Access-Control-Allow-Origin': '*', vary: 'x' },
    body: Buffer.alloc(0),
  };
  const headers = (origin: string) => withCorsHeaders(CORS, asked('GET', { origin }), answer).headers;
  expect(headers('https://b.example')).toEqual({ vary: 'x' });
  expect(headers('https://a.example')).toMatchObject({
    vary: 'x',
    'access-control-allow-origin': 'https://a.example',
  });
});
