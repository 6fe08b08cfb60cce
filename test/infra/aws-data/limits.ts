// What a template may not exceed, and what only a whole template shows.
// Sources: IAM User Guide "IAM and AWS STS quotas"; Step Functions "Service quotas"; Lambda "Quotas"; CloudFormation "quotas".
import type { Json, Template } from './arns';
import type { PolicySet } from './policies';

export interface Measured {
  readonly what: string;
  readonly size: number;
  readonly limit: number;
}

const bytes = (value: Json) => Buffer.byteLength(typeof value === 'string' ? value : JSON.stringify(value));

/** Room for values that are references here: an ARN at the length that IAM allows. */
const REFERENCE = 'r'.repeat(100);

const filledIn = (value: Json): Json =>
  typeof value !== 'object' || value === null
    ? value
    : value['Fn::Join']
      ? value['Fn::Join'][1].map(filledIn).join(value['Fn::Join'][0])
      : /^(Ref|Fn::)/.test(Object.keys(value)[0] ?? '')
        ? REFERENCE
        : Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, filledIn(inner)]));

export function measured(
  stack: string,
  template: Template,
  identities: readonly PolicySet[],
  onResources: readonly PolicySet[],
): Measured[] {
  const resources = Object.entries(template.Resources);
  const outputs = Object.values(template.Outputs ?? {});
  const ofType = (type: string) => resources.filter(([, { Type }]) => Type === type);
  return [
    { what: `${stack}: resources`, size: resources.length, limit: 500 },
    { what: `${stack}: outputs`, size: outputs.length, limit: 200 },
    { what: `${stack}: bytes of the template in S3`, size: bytes(template), limit: 1_048_576 },
    ...outputs.map(({ Export }) => ({
      what: `${stack}: export ${Export?.Name}`,
      size: Export?.Name.length ?? 0,
      limit: 255,
    })),
    ...identities.map(({ owner, characters }) => ({
      what: `${stack}: characters of the inline policies of ${owner}`,
      size: characters,
      limit: 10_240,
    })),
    ...onResources.map(({ owner, characters }) => ({
      what: `${stack}: characters of ${owner}`,
      size: characters,
      limit: owner.endsWith('AssumeRolePolicyDocument') ? 2_048 : 20_480,
    })),
    ...ofType('AWS::StepFunctions::StateMachine').map(([id, { Properties }]) => ({
      what: `${stack}: bytes of the definition of ${id}`,
      size: bytes(filledIn(Properties.DefinitionString)),
      limit: 1_048_576,
    })),
    ...ofType('AWS::Lambda::Function').map(([id, { Properties }]) => ({
      what: `${stack}: bytes of the environment of ${id}`,
      size: bytes(filledIn(Properties.Environment?.Variables ?? {})),
      limit: 4_096,
    })),
    ...ofType('AWS::Events::Rule').map(([id, { Properties }]) => ({
      what: `${stack}: targets of the rule ${id}`,
      size: Properties.Targets.length,
      limit: 5,
    })),
  ];
}
