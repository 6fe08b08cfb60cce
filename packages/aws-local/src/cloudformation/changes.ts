// What a change set would do: per resource whether it is added, modified (in place or by replacement), or removed.
import { isDeepStrictEqual } from 'node:util';
import type { Shape } from '../service';
import { type ResolutionScope, Resolver, UnresolvedReference } from './intrinsics';
import { coerced, replacementFor, resourceSchema } from './registry/registry';
import { includedResources } from './scope';
import type { ResourceRecord } from './stack';
import { dependenciesOf, referencesIn, type Template, type TemplateResource } from './template';

interface PropertyChange {
  readonly name: string;
  readonly before?: unknown;
  readonly now?: unknown;
  /** Set when the new value is known only after another resource was made or replaced. */
  readonly after?: string;
}

/** What the API tells of a value that is known only when the change set has been carried out. */
const LATER = '{{changeSet:KNOWN_AFTER_APPLY}}';

/** Stands for a value that is not known yet; equal to nothing. */
const notKnown = () => ({ unknown: Symbol('known after apply') });

function inDependencyOrder(template: Template, ids: readonly string[]): string[] {
  const ordered: string[] = [];
  const visit = (logicalId: string) => {
    if (ordered.includes(logicalId)) return;
    for (const next of dependenciesOf(template, logicalId)) visit(next);
    ordered.push(logicalId);
  };
  ids.forEach(visit);
  return ordered.filter((logicalId) => ids.includes(logicalId));
}

function compare(
  definition: TemplateResource,
  existing: ResourceRecord,
  resolver: Resolver,
): { properties: Record<string, unknown>; changes: PropertyChange[] } {
  const properties: Record<string, unknown> = {};
  const changes: PropertyChange[] = [];
  for (const [name, value] of Object.entries(definition.Properties ?? {})) {
    try {
      const resolved = coerced(definition.Type, { [name]: resolver.resolve(value) })[name];
      if (resolved === undefined) continue;
      properties[name] = resolved;
      const before = existing.properties[name];
      if (!isDeepStrictEqual(resolved, before)) changes.push({ name, before, now: resolved });
    } catch (error) {
      if (!(error instanceof UnresolvedReference)) throw error;
      properties[name] = notKnown();
      changes.push({ name, after: error.logicalId, before: existing.properties[name], now: LATER });
    }
  }
  for (const name of Object.keys(existing.properties)) {
    if (!(name in properties)) changes.push({ name, before: existing.properties[name] });
  }
  return { properties, changes };
}

const asText = (value: unknown) =>
  value === undefined || typeof value === 'string' ? value : JSON.stringify(value);

/** A resource's properties as the API tells them, with a placeholder for what is not known yet. */
const contextOf = (properties: Readonly<Record<string, unknown>>) =>
  JSON.stringify({ Properties: properties }, (_name, value: unknown) =>
    typeof value === 'object' && value !== null && 'unknown' in value && typeof value.unknown === 'symbol'
      ? LATER
      : value,
  );

/** What a property's new value comes from, when that is known only later: `Table` for a Ref, `Table.Arn` for an attribute. */
function causeOf(value: unknown, logicalId: string): { readonly entity: string; readonly source: string } {
  const text = JSON.stringify(value);
  const attribute =
    new RegExp(`"Fn::GetAtt":\\["${logicalId}","([^"]+)"`).exec(text)?.[1] ??
    new RegExp(`\\$\\{${logicalId}\\.([^}]+)\\}`).exec(text)?.[1];
  return attribute === undefined
    ? { entity: logicalId, source: 'ResourceReference' }
    : { entity: `${logicalId}.${attribute}`, source: 'ResourceAttribute' };
}

/**
 * What changes a property: the template, and the parameter or the resource that it gets its value from. Without values the
 * change of the template that only follows from a resource's is not told.
 */
function details(
  type: string,
  definition: unknown,
  { name, after, before, now }: PropertyChange,
  parameters: readonly string[],
): Shape[] {
  const replaces = resourceSchema(type)?.properties[name]?.replaces;
  const Target = {
    Attribute: name === 'Tags' ? 'Tags' : 'Properties',
    AttributeChangeType: before === undefined ? 'Add' : now === undefined ? 'Remove' : 'Modify',
    Name: name === 'Tags' ? undefined : name,
    Path: `/Properties/${name}`,
    BeforeValue: asText(before),
    AfterValue: asText(now),
    RequiresRecreation: replaces === 'yes' ? 'Always' : replaces === 'maybe' ? 'Conditionally' : 'Never',
  };
  const direct = (Evaluation: string) => ({ ChangeSource: 'DirectModification', Evaluation, Target });
  if (after !== undefined) {
    const { entity, source } = causeOf(definition, after);
    return [
      { ...direct('Dynamic'), isConsequence: true },
      { CausingEntity: entity, ChangeSource: source, Evaluation: 'Static', Target },
    ];
  }
  const read = [...referencesIn(definition)].filter((reference) => parameters.includes(reference));
  if (read.length === 0) return [direct('Static')];
  const referred = read.map((parameter) => ({
    CausingEntity: parameter,
    ChangeSource: 'ParameterReference',
    Evaluation: 'Static',
    Target,
  }));
  return [...referred, direct('Dynamic')];
}

/** What a template says of a resource beside its properties, and changes nothing of the resource itself. */
function changedAttributes(definition: TemplateResource, before: ResourceRecord): string[] {
  const { Metadata, DeletionPolicy = 'Delete', UpdateReplacePolicy = 'Delete' } = definition;
  const pairs: Readonly<Record<string, readonly [unknown, unknown]>> = {
    Metadata: [Metadata, before.metadata],
    DeletionPolicy: [DeletionPolicy, before.deletionPolicy],
    UpdateReplacePolicy: [UpdateReplacePolicy, before.updateReplacePolicy],
  };
  return Object.entries(pairs)
    .filter(([, [after, earlier]]) => !isDeepStrictEqual(after, earlier))
    .map(([name]) => name);
}

/** The properties of a resource that is to be made, as far as they are known. */
function propertiesOf({ Type, Properties = {} }: TemplateResource, resolver: Resolver): Shape {
  return Object.fromEntries(
    Object.entries(Properties).flatMap(([name, value]) => {
      try {
        const resolved = coerced(Type, { [name]: resolver.resolve(value) })[name];
        return resolved === undefined ? [] : [[name, resolved]];
      } catch (error) {
        if (!(error instanceof UnresolvedReference)) throw error;
        return [[name, notKnown()]];
      }
    }),
  );
}

function change(action: string, logicalId: string, type: string, rest: Shape): Shape {
  return {
    Type: 'Resource',
    ResourceChange: { Action: action, LogicalResourceId: logicalId, ResourceType: type, ...rest },
  };
}

/** `Changes` of a change set, in the order in which they would be made. */
export function computeChanges(
  template: Template,
  scope: ResolutionScope,
  existing: readonly ResourceRecord[],
  hasProviderUpdate: (type: string) => boolean,
): Shape[] {
  const current = new Map(existing.map((resource) => [resource.logicalId, resource]));
  const replaced = new Set<string>();
  const resolver = new Resolver({
    ...scope,
    resource: (logicalId) => (replaced.has(logicalId) ? undefined : scope.resource(logicalId)),
    // It may be there when the change set is carried out.
    importValue: (name) => {
      try {
        return scope.importValue(name);
      } catch {
        throw new UnresolvedReference(name);
      }
    },
  });
  const included = includedResources(template, resolver);
  const parameters = Object.keys(template.Parameters);
  const changes: Shape[] = [];
  for (const logicalId of inDependencyOrder(template, included)) {
    const definition = template.Resources[logicalId];
    if (!definition) continue;
    const before = current.get(logicalId);
    if (before?.physicalId === undefined) {
      replaced.add(logicalId);
      const AfterContext = contextOf(propertiesOf(definition, resolver));
      changes.push(change('Add', logicalId, definition.Type, { Scope: [], Details: [], AfterContext }));
      continue;
    }
    const { properties, changes: changed } = compare(definition, before, resolver);
    const attributes = changedAttributes(definition, before);
    if (changed.length + attributes.length === 0) continue;
    const replaces =
      changed.length > 0 &&
      (!hasProviderUpdate(definition.Type) ||
        replacementFor(definition.Type, before.properties, properties) === 'replace');
    if (replaces) replaced.add(logicalId);
    changes.push(
      change('Modify', logicalId, definition.Type, {
        PhysicalResourceId: before.physicalId,
        Replacement: replaces ? 'True' : 'False',
        PolicyAction: replaces
          ? definition.UpdateReplacePolicy === 'Retain'
            ? 'ReplaceAndRetain'
            : 'ReplaceAndDelete'
          : undefined,
        Scope: [
          ...new Set(changed.map(({ name }) => (name === 'Tags' ? 'Tags' : 'Properties'))),
          ...attributes,
        ],
        BeforeContext: contextOf(before.properties),
        AfterContext: contextOf(properties),
        Details: [
          ...attributes.map((Attribute) => ({
            ...{ ChangeSource: 'DirectModification', Evaluation: 'Static' },
            Target: { Attribute, RequiresRecreation: 'Never' },
          })),
          ...changed.flatMap((property) =>
            details(definition.Type, definition.Properties?.[property.name], property, parameters),
          ),
        ],
      }),
    );
  }
  for (const resource of existing) {
    if (resource.physicalId === undefined || included.includes(resource.logicalId)) continue;
    const policyAction = resource.deletionPolicy.startsWith('Retain') ? 'Retain' : 'Delete';
    changes.push(
      change('Remove', resource.logicalId, resource.type, {
        PhysicalResourceId: resource.physicalId,
        PolicyAction: policyAction,
        BeforeContext: contextOf(resource.properties),
        Scope: [],
        Details: [],
      }),
    );
  }
  return changes;
}
