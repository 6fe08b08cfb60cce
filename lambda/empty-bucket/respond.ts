// The answer of a custom resource, put to the URL that CloudFormation gave.
// Source: CloudFormation User Guide, "Custom resource response objects".
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';

export type Outcome = { readonly status: 'SUCCESS' } | { readonly status: 'FAILED'; readonly reason: string };

/** @throws Error when CloudFormation does not take the answer */
export async function respond(
  event: CloudFormationCustomResourceEvent,
  physicalResourceId: string,
  outcome: Outcome,
): Promise<void> {
  const response = await fetch(event.ResponseURL, {
    method: 'PUT',
    // A pre-signed URL is signed for an empty content type.
    headers: { 'content-type': '' },
    body: JSON.stringify({
      Status: outcome.status,
      Reason: outcome.status === 'FAILED' ? outcome.reason : undefined,
      PhysicalResourceId: physicalResourceId,
      StackId: event.StackId,
      RequestId: event.RequestId,
      LogicalResourceId: event.LogicalResourceId,
    }),
  });
  if (!response.ok) throw new Error(`CloudFormation answered ${response.status} to the outcome`);
}
