// Writes requests.json: by what a request is known to ask for one of S3's operations, and which of its query parameters are members, as
// the SDK's own schemas say; to load the client for it would cost every start.
// Run with: node --conditions=source --import tsx packages/aws-local/scripts/generate-s3-requests.ts
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as client from '@aws-sdk/client-s3';
import type { KnownRequest } from '../src/services/s3/known-requests';

/** What Smithy's schemas are at run time: an operation's traits and input; an input's members, their types, how many are required. */
type OperationSchema = readonly [
  9,
  string,
  name: string,
  { readonly http: readonly [string, string] },
  Input,
];
type Input = Struct | (() => Struct);
type Struct = readonly [3, string, string, unknown, names: string[], types: Member[], required?: number];
type Member =
  | unknown
  | readonly [type: unknown, { readonly httpQuery?: string; readonly httpHeader?: string }];

const TYPES: Readonly<Record<string, 'number' | 'boolean'>> = { 1: 'number', 2: 'boolean' };

function describe([, , , { http }, input]: OperationSchema): KnownRequest {
  const [method, path] = http;
  const [, , , , names, types, required = 0] = typeof input === 'function' ? input() : input;
  const isMember = (word: string) => word !== '' && !word.startsWith('x-id=');
  const needs = (path.split('?')[1] ?? '').split('&').filter(isMember);
  const headers: string[] = [];
  const members: Record<string, [string] | [string, 'number' | 'boolean']> = {};
  for (const [index, name] of names.entries()) {
    const member = types[index];
    const [type, { httpQuery = undefined, httpHeader = undefined }] = Array.isArray(member)
      ? member
      : [member, {}];
    if (httpHeader && index < required) headers.push(httpHeader.toLowerCase());
    if (!httpQuery) continue;
    const kind = TYPES[String(type)];
    members[httpQuery] = kind ? [name, kind] : [name];
    if (index < required) needs.push(httpQuery);
  }
  const of = path.startsWith('/{Key+}') ? 'object' : names.includes('Bucket') ? 'bucket' : 'account';
  return { method, of, needs, headers, members };
}

export function knownRequests(): Record<string, KnownRequest> {
  const schemas = (Object.values(client) as unknown[]).filter(
    (value): value is OperationSchema => Array.isArray(value) && value[0] === 9,
  );
  const described = schemas.map((schema) => [schema[2], describe(schema)] as const);
  return Object.fromEntries(described.sort(([a], [b]) => (a < b ? -1 : 1)));
}

if (require.main === module) {
  const file = join(__dirname, '../src/services/s3/requests.json');
  writeFileSync(file, `${JSON.stringify(knownRequests())}\n`);
}
