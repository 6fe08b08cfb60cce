// Reads out of a template what a function may do.
import type { Template } from 'aws-cdk-lib/assertions';

export interface AllowedStatement {
  readonly actions: readonly string[];
  /** The logical id of a resource, with what follows it, such as `LikesTable/index/latest`. */
  readonly resources: readonly string[];
  readonly condition?: unknown;
}

/** The function whose service name is this. */
export function functionNamed(template: Template, name: string) {
  const functions = Object.values(template.findResources('AWS::Lambda::Function'));
  const found = functions.find(
    ({ Properties }) => Properties.Environment?.Variables?.POWERTOOLS_SERVICE_NAME === name,
  );
  if (!found) throw new Error(`the template has no function ${name}`);
  return found;
}

export function allowedTo(template: Template, name: string): readonly AllowedStatement[] {
  const [role] = functionNamed(template, name).Properties.Role['Fn::GetAtt'];
  const policies = Object.values(template.findResources('AWS::IAM::Policy')).filter(({ Properties }) =>
    Properties.Roles.some((attached: { Ref: string }) => attached.Ref === role),
  );
  return policies.flatMap(({ Properties }) =>
    Properties.PolicyDocument.Statement.map((statement: Record<string, unknown>) => ({
      actions: [statement.Action].flat(),
      resources: [statement.Resource].flat().map(resourceText),
      condition: statement.Condition,
    })),
  );
}

function resourceText(resource: unknown): string {
  const text = flatten(resource)
    // `<stack>:ExportsOutputFnGetAtt<logical id><attribute><hash>` and `<logical id><hash>`, down to the logical id.
    .replace(/^[a-z-]+:ExportsOutput(FnGetAtt|Ref)/, '')
    .replace(/([0-9A-F]{8})?(Arn|DatasetArn|FilterArn)?[0-9A-F]{8}(?=\/|$)/, '')
    .replace(
      /^arn:.*:(?=event-bus|campaign|data-deletion-job|dataset-group|solution|stateMachine:|execution:)/,
      '',
    );
  return text;
}

function flatten(value: unknown): string {
  if (typeof value === 'string') return value;
  const intrinsic = value as {
    readonly Ref?: string;
    readonly 'Fn::GetAtt'?: readonly [string, string];
    readonly 'Fn::ImportValue'?: string;
    readonly 'Fn::Join'?: readonly [string, readonly unknown[]];
  };
  if (intrinsic.Ref) return intrinsic.Ref;
  if (intrinsic['Fn::GetAtt']) return intrinsic['Fn::GetAtt'][0];
  if (intrinsic['Fn::ImportValue']) return intrinsic['Fn::ImportValue'];
  if (intrinsic['Fn::Join']) return intrinsic['Fn::Join'][1].map(flatten).join(intrinsic['Fn::Join'][0]);
  throw new Error(`unknown intrinsic: ${JSON.stringify(value)}`);
}
