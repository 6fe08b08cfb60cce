// Findings of cdk-nag that we accept, each with the reason, at the construct that has them.
import { Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** The rule with its pack, as in `AwsSolutions-L1`, to the reason; a finding of a rule in brackets where it has some. */
export type AcceptedFindings = Readonly<Record<string, string>>;

export function acknowledge(construct: IConstruct, findings: AcceptedFindings): void {
  const rules = Object.entries(findings).map(([rule, reason]) => ({
    id: `${packOf(rule)}::${rule}`,
    reason,
  }));
  Validations.of(construct).acknowledge(...rules);
}

function packOf(rule: string): string {
  return rule.slice(0, rule.indexOf('-'));
}

/** What we have decided for all that we make, each rule with its reason; the stacks accept it, so that no construct repeats it. */
export const decidedForAll: AcceptedFindings = {
  'NIST.800.53.R5-CloudWatchLogGroupEncrypted':
    'The logs hold nothing of persons, and CloudWatch Logs encrypts them with a key of its own; one of ours costs more than the logs.',
  'NIST.800.53.R5-IAMNoInlinePolicy':
    'Each role is used by one construct; a policy within it cannot be attached to anything else.',
  'NIST.800.53.R5-LambdaConcurrency':
    'An account must keep a hundred executions unreserved, and a new one has ten in all; the setting reservedConcurrency reserves some.',
  'NIST.800.53.R5-LambdaInsideVPC':
    'No function reaches anything in a network: all are calls of AWS services over TLS.',
  'Serverless-LambdaTracing':
    'State machines are traced; a trace of each like would cost more than the like, and the logs carry the request id.',
};

/**
 * Accepts that policies within the construct name resources with a wildcard.
 *
 * The finding has the resource in it as the template spells it, which is known for a resource of another stack only when all stacks are
 * made: so it is asked for when the CDK validates the tree.
 *
 * @param resources as the policy has them
 */
export function acknowledgeWildcards(
  construct: IConstruct,
  reason: string,
  resources: readonly string[],
): void {
  construct.node.addValidation({
    validate: () => {
      const stack = Stack.of(construct);
      for (const resource of resources) {
        const spelt = spellOut(stack.resolve(resource));
        acknowledge(construct, { [`AwsSolutions-IAM5[Resource::${spelt}]`]: reason });
      }
      return [];
    },
  });
}

/** How cdk-nag writes a value of a template that has references in it. */
function spellOut(value: unknown): string {
  if (typeof value === 'string') return value;
  const [[intrinsic, argument] = []] = Object.entries(value as Record<string, unknown>);
  switch (intrinsic) {
    case 'Fn::Join': {
      const [separator, parts] = argument as [string, unknown[]];
      return parts.map(spellOut).join(separator);
    }
    case 'Fn::GetAtt':
      return `<${(argument as string[]).join('.')}>`;
    case 'Fn::ImportValue':
      return spellOut(argument);
    case 'Ref':
      return `<${argument}>`;
    default:
      return JSON.stringify(value);
  }
}
