// What a template has to be acknowledged for: it makes roles or policies, perhaps with names of its own.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html (Capabilities)
import { AwsError } from '../service';
import type { Template } from './template';

const NAMES = ['RoleName', 'UserName', 'GroupName', 'ManagedPolicyName', 'InstanceProfileName'];

/** Throws InsufficientCapabilities. */
export function checkCapabilities(template: Template, given: readonly string[]): void {
  if (given.includes('CAPABILITY_NAMED_IAM')) return;
  const identities = Object.values(template.Resources).filter(({ Type }) => Type.startsWith('AWS::IAM::'));
  const isNamed = identities.some(({ Properties = {} }) => NAMES.some((name) => name in Properties));
  if (isNamed) throw insufficient('CAPABILITY_NAMED_IAM');
  if (identities.length > 0 && !given.includes('CAPABILITY_IAM')) throw insufficient('CAPABILITY_IAM');
}

function insufficient(capability: string): AwsError {
  return new AwsError('InsufficientCapabilitiesException', `Requires capabilities : [${capability}]`, 400);
}
