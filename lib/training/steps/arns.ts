// The ARNs that a state machine's role is limited to: Amazon Personalize resources of this account and region, by kind.
import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** Lists of Amazon Personalize cannot be limited to a resource (Service Authorization Reference, Amazon Personalize). */
export const ANY = ['*'];

/** `arn:…:personalize:<region>:<account>:<kind>/*` for each kind. */
export function personalizeArns(scope: Construct, ...kinds: string[]): string[] {
  const stack = Stack.of(scope);
  return kinds.map((kind) => stack.formatArn({ service: 'personalize', resource: kind, resourceName: '*' }));
}
