// The OpenAPI 3.1 document, made from the list of operations and the schemas that validate the requests.
import * as z from 'zod/mini';
import { OPERATIONS, type Operation } from '../shared/contract/routes';
import { problemSchema } from '../shared/contract/schemas';

type Json = Record<string, unknown>;

/** OpenAPI 3.1 takes JSON Schema 2020-12 as it is. `io: input` describes what a caller sends. */
function jsonSchema(schema: z.core.$ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, target: 'draft-2020-12' });
  return rest;
}

const json = (schema: Json, type = 'application/json') => ({ [type]: { schema } });

const PROBLEM = { $ref: '#/components/schemas/Problem' };

const REFUSALS: Readonly<Record<number, string>> = {
  400: 'A field is missing or wrong; `errors` names it. Nothing was written.',
  401: 'The token is missing, forged, expired or not for this call.',
  404: 'The picture is not in the gallery.',
  413: 'The body is larger than 64 KB.',
  415: 'The body is not JSON.',
  422: 'An item does not exist; `errors` names the field. Nothing was written.',
  503: 'Busy: send the same request again after the seconds of `Retry-After`.',
};

function refusals({ body, query, caller, refusals: more = [] }: Operation): Json {
  const statuses = [
    ...(body || query ? [400] : []),
    ...(caller === 'anyone' ? [] : [401]),
    ...(body ? [413, 415] : []),
    ...more,
    503,
  ];
  return Object.fromEntries(
    statuses.map((status) => [
      status,
      { description: REFUSALS[status], content: json(PROBLEM, 'application/problem+json') },
    ]),
  );
}

function parameters(query: z.ZodMiniObject): Json[] {
  const { properties = {}, required = [] } = jsonSchema(query, 'input') as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }));
}

/** The parts of the path in braces: texts, all required. */
function pathParameters(path: string): Json[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

function describe(operation: Operation): Json {
  const { operationId, summary, path, caller, body, query, status, response } = operation;
  const all = [...pathParameters(path), ...(query ? parameters(query) : [])];
  const answer = response ? jsonSchema(response, 'output') : { type: 'object' };
  return {
    operationId,
    summary,
    security: caller === 'anyone' ? [] : [{ [caller]: [] }],
    ...(all.length > 0 && { parameters: all }),
    ...(body && { requestBody: { required: true, content: json(jsonSchema(body, 'input')) } }),
    responses: {
      [status]: { description: 'Done.', content: json(answer) },
      ...refusals(operation),
    },
  };
}

function paths(): Json {
  const result: Record<string, Json> = {};
  for (const operation of OPERATIONS) {
    result[operation.path] = {
      ...result[operation.path],
      [operation.method.toLowerCase()]: describe(operation),
    };
  }
  return result;
}

const bearer = (description: string) => ({
  type: 'http',
  scheme: 'bearer',
  bearerFormat: 'JWT',
  description,
});

export function openApiDocument(): Json {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Emotion Gallery',
      version: '1.0.0',
      description: 'Pictures by emotion, likes, and the progress towards a recommender of one’s own.',
      license: { name: 'Apache 2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    paths: paths(),
    components: {
      schemas: { Problem: jsonSchema(problemSchema, 'output') },
      securitySchemes: {
        visitor: bearer('The token of POST /api/visitors.'),
        operator: bearer('The token of an operator link.'),
      },
    },
  };
}
