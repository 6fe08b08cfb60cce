// AWS managed policies: those that CDK apps and notebooks attach, as AWS publishes them (scripts/generate-managed-policies.ts).
// https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
import policies from './managed-policies.json';

const POLICIES: Readonly<Record<string, unknown>> = policies;
const PUBLISHED = /^arn:aws[a-z-]*:iam::aws:policy\//;

/** The document of an AWS managed policy, or undefined when it is not among the known ones. */
export function managedPolicy(arn: string): unknown {
  const known = arn.replace(PUBLISHED, 'arn:aws:iam::aws:policy/');
  return Object.hasOwn(POLICIES, known) ? POLICIES[known] : undefined;
}

/** Tells a policy that AWS manages from one of the account. */
export const isAwsManaged = (arn: string): boolean => PUBLISHED.test(arn);
