// Calls without an SDK: any body, any operation, in process or over HTTP.
import { operations } from '../../src/protocol/model';
import type { HttpRequest } from '../../src/service';

/** The region of what these calls make. */
export const REGION = 'eu-central-1';

const SIGNATURE = {
  authorization: `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260101/${REGION}/personalize/aws4_request, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`,
  'x-amz-date': '20260101T000000Z',
};

/** The HTTP request of an operation, signed in form. */
export function requestOf(name: string, body: string | object): HttpRequest {
  const operation = operations.get(name);
  if (!operation) throw new Error(`no operation ${name}`);
  const isControl = operation.service === 'personalize';
  return {
    method: 'POST',
    path: operation.path,
    query: {},
    headers: {
      ...SIGNATURE,
      'content-type': isControl ? 'application/x-amz-json-1.1' : 'application/json',
      ...(isControl && { 'x-amz-target': `AmazonPersonalize.${name}` }),
    },
    body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  };
}

export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export const parseBody = (text: string): Readonly<Record<string, unknown>> =>
  text === '' ? {} : JSON.parse(text);
