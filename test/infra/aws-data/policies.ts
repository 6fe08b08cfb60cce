// Every policy of the templates, by whose it is.
import { type Json, type Template, Values } from './arns';

export interface Statement {
  /** Where it stands, for the report. */
  readonly place: string;
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  /** As text; empty in a trust policy. */
  readonly resources: readonly string[];
  readonly conditionKeys: readonly string[];
}

/** All that one role may do, or one policy on a resource: its statements are judged together. */
export interface PolicySet {
  readonly owner: string;
  readonly statements: readonly Statement[];
  /** Characters without white space, as IAM counts them. */
  readonly characters: number;
}

const list = (value: Json): Json[] => (value === undefined ? [] : [value].flat());

const documents: Readonly<Record<string, readonly string[]>> = {
  'AWS::S3::BucketPolicy': ['PolicyDocument'],
  'AWS::SQS::QueuePolicy': ['PolicyDocument'],
  'AWS::SNS::TopicPolicy': ['PolicyDocument'],
  'AWS::IAM::Role': ['AssumeRolePolicyDocument'],
};

function statementsOf(document: Json, place: string, values: Values): Statement[] {
  return list(document.Statement).map((statement: Json, index) => ({
    place: `${place}[${index}]`,
    effect: statement.Effect,
    actions: list(statement.Action),
    resources: list(statement.Resource).map((resource) => values.text(resource)),
    conditionKeys: Object.values<Json>(statement.Condition ?? {}).flatMap((keys) => Object.keys(keys)),
  }));
}

const charactersOf = (document: Json, values: Values) =>
  JSON.stringify(document, (_key, value) =>
    typeof value === 'object' && value !== null && /^(Ref|Fn::)/.test(Object.keys(value)[0] ?? '')
      ? values.text(value)
      : value,
  ).length;

/** What each role of the template may do. */
export function identityPolicies(template: Template, all: readonly Template[]): PolicySet[] {
  const values = new Values(template, all);
  return Object.entries(template.Resources)
    .filter(([, { Type }]) => Type === 'AWS::IAM::Role')
    .map(([role, { Properties }]) => {
      const attached = Object.values(template.Resources)
        .filter(({ Type }) => Type === 'AWS::IAM::Policy')
        .filter((policy) => JSON.stringify(policy.Properties.Roles).includes(`"${role}"`));
      const found: Json[] = [
        ...list(Properties.Policies).map(({ PolicyDocument }) => PolicyDocument),
        ...attached.map((policy) => policy.Properties.PolicyDocument),
      ];
      return {
        owner: role,
        statements: found.flatMap((document) => statementsOf(document, role, values)),
        characters: found.reduce((sum, document) => sum + charactersOf(document, values), 0),
      };
    });
}

/** What resources let others do, and who may take on a role. */
export function resourcePolicies(template: Template, all: readonly Template[]): PolicySet[] {
  const values = new Values(template, all);
  return Object.entries(template.Resources).flatMap(([id, { Type, Properties }]) =>
    (documents[Type] ?? []).map((member) => ({
      owner: `${id}.${member}`,
      statements: statementsOf(Properties[member], `${id}.${member}`, values),
      characters: charactersOf(Properties[member], values),
    })),
  );
}
