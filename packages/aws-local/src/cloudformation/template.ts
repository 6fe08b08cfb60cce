// A CloudFormation template: its parts, and the checks that CloudFormation makes before it starts anything.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
import { AwsError } from '../service';

/** No type that can be deployed here takes snapshots. */
const POLICIES = {
  DeletionPolicy: ['Delete', 'Retain', 'RetainExceptOnCreate'],
  UpdateReplacePolicy: ['Delete', 'Retain'],
} as const;
export type DeletionPolicy = (typeof POLICIES.DeletionPolicy)[number];
export type UpdateReplacePolicy = (typeof POLICIES.UpdateReplacePolicy)[number];

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: string | readonly string[];
  readonly Condition?: string;
  readonly DeletionPolicy?: DeletionPolicy;
  readonly UpdateReplacePolicy?: UpdateReplacePolicy;
  readonly Metadata?: Readonly<Record<string, unknown>>;
}

export interface TemplateParameter {
  readonly Type: string;
  readonly Default?: unknown;
  readonly AllowedValues?: readonly unknown[];
  readonly AllowedPattern?: string;
  readonly MinLength?: number | string;
  readonly MaxLength?: number | string;
  readonly MinValue?: number | string;
  readonly MaxValue?: number | string;
  readonly NoEcho?: boolean;
  readonly Description?: string;
}

export interface TemplateOutput {
  readonly Value: unknown;
  readonly Description?: string;
  readonly Condition?: string;
  readonly Export?: { readonly Name: unknown };
}

export interface TemplateRule {
  readonly RuleCondition?: unknown;
  readonly Assertions: readonly { readonly Assert: unknown; readonly AssertDescription?: string }[];
}

export interface Template {
  readonly AWSTemplateFormatVersion?: string;
  readonly Description?: string;
  readonly Metadata?: Readonly<Record<string, unknown>>;
  readonly Parameters: Readonly<Record<string, TemplateParameter>>;
  readonly Mappings: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  readonly Conditions: Readonly<Record<string, unknown>>;
  readonly Rules: Readonly<Record<string, TemplateRule>>;
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Outputs: Readonly<Record<string, TemplateOutput>>;
}

const SECTIONS = new Set([
  'AWSTemplateFormatVersion',
  'Description',
  'Metadata',
  'Parameters',
  'Mappings',
  'Conditions',
  'Rules',
  'Resources',
  'Outputs',
]);

const RESOURCE_MEMBERS = new Set([
  'Type',
  'Properties',
  'DependsOn',
  'Condition',
  'DeletionPolicy',
  'UpdateReplacePolicy',
  'Metadata',
]);

export function validationError(message: string): AwsError {
  return new AwsError('ValidationError', message, 400);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function checkResource(logicalId: string, resource: unknown): void {
  if (!isRecord(resource) || typeof resource.Type !== 'string') {
    throw validationError(
      `Template format error: [/Resources/${logicalId}] Every Resources object must contain a Type member.`,
    );
  }
  const unknown = Object.keys(resource).find((member) => !RESOURCE_MEMBERS.has(member));
  if (unknown) {
    throw validationError(
      `Template format error: ${unknown} of resource ${logicalId} is not supported on localhost.`,
    );
  }
  for (const [policy, allowed] of Object.entries(POLICIES)) {
    const value = resource[policy];
    if (value === undefined || (allowed as readonly unknown[]).includes(value)) continue;
    throw validationError(
      `Template error: ${policy} ${JSON.stringify(value)} of resource ${logicalId} is not supported; allowed are ${allowed.join(', ')}`,
    );
  }
}

/** Parses a template in JSON, which is what the CDK uploads. Throws ValidationError. */
export function parseTemplate(text: string): Template {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw validationError(
      `Template format error: only JSON templates are read on localhost (${String(cause)}).`,
    );
  }
  if (!isRecord(parsed)) throw validationError('Template format error: a template must be an object.');
  const unknown = Object.keys(parsed).find((section) => !SECTIONS.has(section));
  if (unknown) {
    throw validationError(`Template format error: the section ${unknown} is not supported on localhost.`);
  }
  checkNoMacros(parsed, '');
  const resources = parsed.Resources;
  if (!isRecord(resources) || Object.keys(resources).length === 0) {
    throw validationError('Template format error: At least one Resources member must be defined.');
  }
  checkNames('Parameter', parsed.Parameters);
  checkNames('Resource', resources);
  for (const [logicalId, resource] of Object.entries(resources)) checkResource(logicalId, resource);
  checkOutputValues(parsed.Outputs);
  const template = {
    Parameters: {},
    Mappings: {},
    Conditions: {},
    Rules: {},
    Outputs: {},
    ...parsed,
  } as Template;
  checkReferences(template);
  return template;
}

function checkNames(kind: string, section: unknown): void {
  const bad = isRecord(section) && Object.keys(section).find((name) => !/^[a-zA-Z0-9]+$/.test(name));
  if (bad) throw validationError(`Template format error: ${kind} name ${bad} is non alphanumeric.`);
}

/** Macros, which only the section Transform may name otherwise. */
function checkNoMacros(value: unknown, path: string): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    if (name === 'Fn::Transform')
      throw validationError(`Template format error: [${path}] Fn::Transform is not supported on localhost.`);
    checkNoMacros(member, `${path}/${name}`);
  }
}

function checkOutputValues(outputs: unknown): void {
  const all = isRecord(outputs) ? Object.entries(outputs) : [];
  const isNull = ([, output]: (typeof all)[number]) => isRecord(output) && output.Value === null;
  if (all.some(([, output]) => output === null || (isRecord(output) && !('Value' in output))))
    throw validationError('Template format error: Every Outputs member must contain a Value object');
  const nulls = all.filter(isNull).map(([name]) => `[/Outputs/${name}/Value]`);
  if (nulls.length > 0)
    throw validationError(`${nulls.join(',')} 'null' values are not allowed in templates`);
}

/** The types of the custom resources that a function serves. */
export function typesServedBy(template: string, logicalId: string): string[] {
  const { Resources } = JSON.parse(template) as Pick<Template, 'Resources'>;
  return Object.values(Resources)
    .filter(({ Properties }) => referencesIn(Properties?.ServiceToken).has(logicalId))
    .map(({ Type }) => Type);
}

/** Logical ids that a value refers to by Ref, Fn::GetAtt or Fn::Sub: resources, parameters and pseudo parameters. */
export function referencesIn(value: unknown): Set<string> {
  const found = new Set<string>();
  collect(value, found);
  return found;
}

function collect(value: unknown, found: Set<string>): void {
  if (Array.isArray(value)) {
    for (const element of value) collect(element, found);
    return;
  }
  if (!isRecord(value)) return;
  for (const [name, inner] of Object.entries(value)) {
    if (name === 'Ref' && typeof inner === 'string') found.add(inner);
    else if (name === 'Fn::GetAtt') {
      // The attribute may be a parameter's value.
      if (Array.isArray(inner) && isRecord(inner[1])) collect(inner[1], found);
      found.add(getAttTarget(Array.isArray(inner) ? [inner[0], ''] : inner)[0]);
    } else if (name === 'Fn::Sub') collectSub(inner, found);
    else collect(inner, found);
  }
}

function collectSub(value: unknown, found: Set<string>): void {
  const [text, variables] = Array.isArray(value) ? value : [value, {}];
  const own = isRecord(variables) ? variables : {};
  for (const [, name] of String(text).matchAll(/\$\{(?!!)([^}]+)\}/g)) {
    const target = name?.split('.')[0];
    if (target !== undefined && name !== undefined && !(name in own)) found.add(target);
  }
  collect(own, found);
}

/** `['Table', 'Arn']` of `{ 'Fn::GetAtt': ['Table', 'Arn'] }` or of `'Table.Arn'`. */
export function getAttTarget(value: unknown): readonly [logicalId: string, attribute: string] {
  if (Array.isArray(value) && typeof value[0] === 'string' && typeof value[1] === 'string')
    return [value[0], value[1]];
  if (typeof value === 'string' && value.includes('.')) {
    const dot = value.indexOf('.');
    return [value.slice(0, dot), value.slice(dot + 1)];
  }
  throw validationError(
    `Template error: every Fn::GetAtt object requires two non-empty parameters, got ${JSON.stringify(value)}.`,
  );
}

/** The resources that a resource waits for: those it refers to and those it names in DependsOn. */
export function dependenciesOf(template: Template, logicalId: string): Set<string> {
  const resource = template.Resources[logicalId];
  const dependencies = referencesIn(resource?.Properties);
  for (const name of [resource?.DependsOn ?? []].flat()) dependencies.add(name);
  return new Set([...dependencies].filter((name) => name in template.Resources));
}

function checkReferences(template: Template): void {
  const known = (name: string) =>
    name.startsWith('AWS::') || name in template.Resources || name in template.Parameters;
  const missing = new Set<string>();
  for (const resource of Object.values(template.Resources)) {
    for (const name of [...referencesIn(resource.Properties), ...[resource.DependsOn ?? []].flat()]) {
      if (!known(name)) missing.add(name);
    }
  }
  if (missing.size > 0) {
    throw validationError(
      `Template format error: Unresolved resource dependencies [${[...missing].join(', ')}] in the Resources block of the template`,
    );
  }
  checkOutputs(template, known);
  checkAcyclic(template);
}

function checkOutputs(template: Template, known: (name: string) => boolean): void {
  for (const [key, output] of Object.entries(template.Outputs)) {
    const missing = [...referencesIn(output)].filter((name) => !known(name));
    if (missing.length > 0) {
      throw validationError(
        `Template format error: Unresolved dependencies [${missing.join(', ')}] in the output ${key}`,
      );
    }
  }
  const conditions = [...Object.values(template.Resources), ...Object.values(template.Outputs)];
  for (const { Condition } of conditions) {
    if (Condition === undefined || Condition in template.Conditions) continue;
    throw validationError(`Template format error: Unresolved condition dependency ${Condition}`);
  }
}

/** Throws ValidationError when the template gives a resource that there is another type. */
export function checkTypesStay(
  resources: readonly { readonly logicalId: string; readonly type: string; readonly physicalId?: string }[],
  template: Template,
): void {
  const changed = resources.filter(({ logicalId, type, physicalId }) => {
    const wanted = template.Resources[logicalId]?.Type;
    return physicalId !== undefined && wanted !== undefined && wanted !== type;
  });
  if (changed.length === 0) return;
  const ids = changed.map(({ logicalId }) => logicalId).join(', ');
  throw validationError(
    `Update of resource type is not permitted. The new template modifies resource type of the following resources: [${ids}]`,
  );
}

function checkAcyclic(template: Template): void {
  const done = new Set<string>();
  const visit = (logicalId: string, path: readonly string[]): void => {
    if (done.has(logicalId)) return;
    if (path.includes(logicalId)) {
      const cycle = path.slice(path.indexOf(logicalId));
      throw validationError(`Circular dependency between resources: [${cycle.join(', ')}]`);
    }
    for (const next of dependenciesOf(template, logicalId)) visit(next, [...path, logicalId]);
    done.add(logicalId);
  };
  for (const logicalId of Object.keys(template.Resources)) visit(logicalId, []);
}
