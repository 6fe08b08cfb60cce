// GET /api/openapi.json; as the API's $default route also the answer to every unknown path and method.
import { OPERATIONS } from '../shared/contract/routes';
import { httpHandler } from '../shared/http/handler';
import { logger } from '../shared/logger';
import { openApiDocument } from './document';

const document = openApiDocument();
const known = OPERATIONS.map(({ method, path }) => `${method} ${path}`);

export const handler = httpHandler(
  { 'GET /api/openapi.json': async () => ({ status: 200, body: document }) },
  logger,
  known,
);
