// Encodes an error in the wire format of the service that was asked.
import type { ServiceDeclaration } from '../declaration';
import { AwsError, type AwsResponse } from '../service';
import { toXml } from '../wire/query';
import { type XmlElement, xmlDocument } from '../wire/xml';

/** Codes that a format words differently from the common name. */
const JSON_CODES: Readonly<Record<string, string>> = {
  AccessDenied: 'AccessDeniedException',
  InvalidClientTokenId: 'UnrecognizedClientException',
  ExpiredToken: 'ExpiredTokenException',
};

/** What a service threw as an AwsError; anything else is a defect here and becomes a logged InternalFailure. */
export function asAwsError(thrown: unknown, log: (line: string) => void): AwsError {
  if (thrown instanceof AwsError) return thrown;
  const text = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  log(`internal error: ${text}`);
  return new AwsError('InternalFailure', thrown instanceof Error ? thrown.message : String(thrown), 500);
}

/** @param queryCode what the error is called in the query protocol, where clients need to be told */
function encodeJson(error: AwsError, queryCode: string | undefined): AwsResponse {
  const code = JSON_CODES[error.code] ?? error.code;
  // Services differ in the message's spelling; SDKs read either.
  const body = Buffer.from(
    JSON.stringify({ __type: code, message: error.message, Message: error.message, ...error.details }),
  );
  return {
    status: error.status,
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amzn-errortype': code,
      ...(queryCode !== undefined && {
        'x-amzn-query-error': `${queryCode};${error.status >= 500 ? 'Receiver' : 'Sender'}`,
      }),
    },
    body,
  };
}

function encodeS3(error: AwsError, requestId: string): AwsResponse {
  const details = error.details as XmlElement;
  const body = xmlDocument('Error', {
    Code: error.code,
    Message: error.message,
    ...details,
    RequestId: requestId,
  });
  const headers: Record<string, string> = { ...error.headers, 'content-type': 'application/xml' };
  if (typeof details.Region === 'string') headers['x-amz-bucket-region'] = details.Region;
  return { status: error.status, headers, body };
}

function encodeQuery(error: AwsError, requestId: string): AwsResponse {
  const type = error.status >= 500 ? 'Receiver' : 'Sender';
  const inner = toXml('Error', { Type: type, Code: error.code, Message: error.message, ...error.details });
  const xml = `<ErrorResponse>${inner}<RequestId>${requestId}</RequestId></ErrorResponse>`;
  return { status: error.status, headers: { 'content-type': 'text/xml' }, body: Buffer.from(xml) };
}

export function encodeError(
  error: AwsError,
  service: ServiceDeclaration | undefined,
  headers: Readonly<Record<string, string>>,
  requestId: string,
): AwsResponse {
  const old = service?.queryErrors && (service.queryErrors[error.code] ?? [error.code, error.status]);
  switch (headers['x-amz-target'] ? 'json' : (service?.protocol ?? 'json')) {
    case 'json':
    case 'rest-json':
      return encodeJson(error, old?.[0]);
    case 's3':
      return encodeS3(error, requestId);
    default:
      return encodeQuery(old ? new AwsError(old[0], error.message, old[1], error.details) : error, requestId);
  }
}
