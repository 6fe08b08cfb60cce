// S3 over HTTP: a request becomes an operation, its output an answer.
import { AwsError, type AwsRequest, type AwsResponse } from '../../service';
import { callerOf, InvalidInput, type Operations, runOperation } from '../shared/operations';
import { encode } from './answer';
import { decode } from './request';
import type { S3State } from './state';

/** What may be asked of a bucket in any region. */
const ANYWHERE = new Set(['CreateBucket', 'GetBucketLocation']);

/** @throws PermanentRedirect for a bucket of another region than the request is signed for; SDKs find the right one by it */
function requireRegion(state: S3State, { region }: AwsRequest, name: string, bucket: string): void {
  if (region === undefined || ANYWHERE.has(name) || !state.buckets.find(bucket)) return;
  const right = state.regionOf(bucket);
  if (right === region) return;
  throw new AwsError(
    'PermanentRedirect',
    'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.',
    301,
    { Endpoint: `s3.${right}.amazonaws.com`, Bucket: bucket, Region: right },
  );
}

export async function handleS3(
  state: S3State,
  operations: Operations,
  request: AwsRequest,
): Promise<AwsResponse> {
  const { name, input } = decode(request);
  if (!Object.hasOwn(operations, name)) {
    throw new AwsError('NotImplemented', `The operation ${name} is not supported on localhost.`, 501);
  }
  requireRegion(state, request, name, String(input.Bucket));
  try {
    return encode(name, await runOperation(operations, name, input, callerOf(request)));
  } catch (error) {
    if (error instanceof InvalidInput) throw invalid(error, request);
    // A validator answers without a body, so it is no error document.
    if (error instanceof AwsError && error.status === 304)
      return { status: 304, headers: {}, body: Buffer.alloc(0) };
    throw error;
  }
}

/** What is wrong with a document, or with a parameter or header. */
function invalid({ message }: InvalidInput, { query, body, headers }: AwsRequest): AwsError {
  const isDocument = body.length > 0 && !('partNumber' in query) && headers['content-type'] !== undefined;
  return isDocument
    ? new AwsError(
        'MalformedXML',
        `The XML you provided was not well-formed or did not validate against our published schema: ${message}`,
      )
    : new AwsError('InvalidArgument', message);
}
