// A grant to one of our roles; one that names resources with a wildcard says why.
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { acknowledgeWildcards } from './acknowledge';

export interface Grant {
  readonly actions: readonly string[];
  readonly on: readonly string[];
  readonly conditions?: Readonly<Record<string, unknown>>;
  /** Why the resources cannot be named one by one. @default - they are named one by one */
  readonly because?: string;
}

/** Actions of Amazon Personalize that list know no resource (Service Authorization Reference, Amazon Personalize). */
export const listsKnowNoResource = 'Lists of Amazon Personalize cannot be limited to a resource.';

export function allow(role: Role, { actions, on, conditions, because }: Grant): void {
  role.addToPrincipalPolicy(
    new PolicyStatement({ actions: [...actions], resources: [...on], conditions: { ...conditions } }),
  );
  if (because) acknowledgeWildcards(role, because, on);
}
