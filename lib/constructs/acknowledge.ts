// Findings of cdk-nag's AwsSolutions pack that we accept, each with its full id and the reason.
import { Stack, Validations } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';

/** The rule with its finding in brackets where it has one, to the reason. */
export type AcceptedFindings = Readonly<Record<string, string>>;

export function acknowledge(construct: IConstruct, findings: AcceptedFindings): void {
  const rules = Object.entries(findings).map(([rule, reason]) => ({ id: `AwsSolutions::${rule}`, reason }));
  Validations.of(construct).acknowledge(...rules);
}

/** How a value of another stack appears in a finding's id: as the intrinsic that CloudFormation reads it with. */
export function referenceInFinding(consumer: IConstruct, producer: Stack, outputName: string): string {
  const stack = Stack.of(consumer);
  return JSON.stringify({
    'Fn::GetStackOutput': {
      StackName: producer.stackName,
      Region: stack.resolve(stack.region),
      OutputName: outputName,
    },
  });
}

/** How the stack's account, partition or region appears in a finding's id. */
export function pseudoParameterInFinding(stack: Stack, value: string): string {
  const resolved: unknown = stack.resolve(value);
  return typeof resolved === 'string' ? resolved : `<${(resolved as { readonly Ref: string }).Ref}>`;
}

/** How the permission to call any version of the function appears in a finding's id. */
export function anyVersionInFinding(scope: IConstruct, target: IFunction): string {
  const { 'Fn::GetAtt': arn } = Stack.of(scope).resolve(target.functionArn) as {
    'Fn::GetAtt': [string, string];
  };
  return `AwsSolutions-IAM5[Resource::<${arn.join('.')}>:*]`;
}
