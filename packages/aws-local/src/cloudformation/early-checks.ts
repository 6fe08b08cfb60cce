// What CloudFormation finds wrong with a template before it begins anything: mappings, and references that nothing can resolve
// under the conditions that the parameters give. What only a running operation can know is left to it.
import { type ResolutionScope, Resolver, UnresolvedReference } from './intrinsics';
import { resourceSchema } from './registry/registry';
import { includedResources } from './scope';
import { getAttTarget, referencesIn, type Template, validationError } from './template';

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function checkMappings(mappings: Readonly<Record<string, unknown>>): void {
  for (const [name, mapping] of Object.entries(mappings)) {
    if (!isRecord(mapping)) {
      throw validationError(`Template format error: Every Mappings member ${name} must be a map`);
    }
    for (const [key, values] of Object.entries(mapping)) {
      if (key.startsWith('Fn::')) continue;
      if (!isRecord(values)) {
        throw validationError(`Template format error: Every Mappings member ${key} must be a map`);
      }
      if (Object.values(values).some(isRecord)) {
        throw validationError('Template format error: Every Mappings attribute must be a String or a List.');
      }
    }
  }
}

/** @throws ValidationError for what is included, under the conditions as they are, and cannot be resolved */
export function checkResolvable(template: Template, scope: ResolutionScope): void {
  checkMappings(template.Mappings);
  const resolver = new Resolver({ ...scope, resource: () => undefined });
  const included = new Set(includedResources(template, resolver));
  const isAbsent = (name: string) => name in template.Resources && !included.has(name);
  const absentIn = (value: unknown) => {
    const taken = takenBranches(value, resolver);
    checkLookups(taken, resolver);
    return [...referencesIn(taken)].filter(isAbsent);
  };
  const inResources = [...included].flatMap((id) => absentIn(template.Resources[id]?.Properties));
  if (inResources.length > 0) {
    throw validationError(
      `Template format error: Unresolved resource dependencies [${[...new Set(inResources)].join(', ')}] in the Resources block of the template`,
    );
  }
  const inOutputs = Object.values(template.Outputs).flatMap((output) =>
    output.Condition !== undefined && !resolver.condition(output.Condition) ? [] : absentIn(output),
  );
  if (inOutputs.length > 0) {
    throw validationError(
      `Unresolved resource dependencies [${[...new Set(inOutputs)].join(', ')}] in the Outputs block of the template`,
    );
  }
}

/** The value with each Fn::If replaced by the branch that its condition takes. */
function takenBranches(value: unknown, resolver: Resolver): unknown {
  if (Array.isArray(value)) return value.map((element) => takenBranches(element, resolver));
  if (!isRecord(value)) return value;
  const branches = value['Fn::If'];
  if (Array.isArray(branches) && Object.keys(value).length === 1) {
    return takenBranches(branches[resolver.condition(String(branches[0])) ? 1 : 2], resolver);
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, takenBranches(member, resolver)]),
  );
}

/** Looks up what parameters and mappings alone decide. @throws ValidationError */
function checkLookups(value: unknown, resolver: Resolver): void {
  if (typeof value !== 'object' || value === null) return;
  if ('Fn::FindInMap' in value || 'Fn::Select' in value) {
    try {
      resolver.resolve(value);
    } catch (error) {
      if (!(error instanceof UnresolvedReference)) throw error;
    }
  }
  for (const member of Object.values(value)) checkLookups(member, resolver);
}

/**
 * Attributes that the registry's schemas do not have. A stack is on its way already when CloudFormation tells of them.
 *
 * @throws Error
 */
export function checkAttributes(template: Template): void {
  for (const section of ['Resources', 'Outputs'] as const) {
    checkAttributesIn(template, template[section], `/${section}`);
  }
}

function checkAttributesIn(template: Template, value: unknown, path: string): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    if (name !== 'Fn::GetAtt') {
      checkAttributesIn(template, member, `${path}/${name}`);
      continue;
    }
    if (Array.isArray(member) && typeof member[1] !== 'string') continue;
    const [logicalId, attribute] = getAttTarget(member);
    const type = template.Resources[logicalId]?.Type ?? '';
    const schema = resourceSchema(type);
    const known = schema && [...schema.attributes, ...Object.keys(schema.properties)];
    if (!known || known.includes(attribute) || known.includes(attribute.split('.')[0] ?? '')) continue;
    throw new Error(
      `[Error] ${path}/Fn::GetAtt: Resource type ${type} does not support attribute {${attribute}}. Rollback requested by user.`,
    );
  }
}
