// S3 over HTTP: a request becomes an operation, its output an answer.
import { AwsError, type AwsRequest, type AwsResponse } from '../../service';
import { callerOf, type Operations, runOperation } from '../shared/operations';
import { encode } from './answer';
import { decode } from './request';

export async function handleS3(operations: Operations, request: AwsRequest): Promise<AwsResponse> {
  const { name, input } = decode(request);
  try {
    return encode(name, await runOperation(operations, name, input, callerOf(request)));
  } catch (error) {
    // A validator answers without a body, so it is no error document.
    if (error instanceof AwsError && error.status === 304)
      return { status: 304, headers: {}, body: Buffer.alloc(0) };
    throw error;
  }
}
