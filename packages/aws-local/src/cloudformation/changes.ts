// What a change set would do: per resource whether it is added, modified (in place or by replacement), or removed.
import { isDeepStrictEqual } from 'node:util';
import type { Shape } from '../service';
import { type ResolutionScope, Resolver, UnresolvedReference } from './intrinsics';
import { coerced, replacementFor, resourceSchema } from './registry/registry';
import { includedResources } from './scope';
import type { ResourceRecord } from './stack';
import { dependenciesOf, type Template, type TemplateResource } from './template';

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

function detail(type: string, { name, after, before, now }: PropertyChange): Shape {
  const replaces = resourceSchema(type)?.properties[name]?.replaces;
  return {
    Target: {
      Attribute: name === 'Tags' ? 'Tags' : 'Properties',
      Name: name === 'Tags' ? undefined : name,
      BeforeValue: asText(before),
      AfterValue: asText(now),
      RequiresRecreation: replaces === 'yes' ? 'Always' : replaces === 'maybe' ? 'Conditionally' : 'Never',
    },
    Evaluation: after === undefined ? 'Static' : 'Dynamic',
    ChangeSource: after === undefined ? 'DirectModification' : 'ResourceReference',
    CausingEntity: after,
  };
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
  });
  const included = includedResources(template, resolver);
  const changes: Shape[] = [];
  for (const logicalId of inDependencyOrder(template, included)) {
    const definition = template.Resources[logicalId];
    if (!definition) continue;
    const before = current.get(logicalId);
    if (before?.physicalId === undefined) {
      replaced.add(logicalId);
      changes.push(change('Add', logicalId, definition.Type, { Scope: [], Details: [] }));
      continue;
    }
    const { properties, changes: changed } = compare(definition, before, resolver);
    if (changed.length === 0) continue;
    const replaces =
      !hasProviderUpdate(definition.Type) ||
      replacementFor(definition.Type, before.properties, properties) === 'replace';
    if (replaces) replaced.add(logicalId);
    changes.push(
      change('Modify', logicalId, definition.Type, {
        PhysicalResourceId: before.physicalId,
        Replacement: replaces ? 'True' : 'False',
        Scope: [...new Set(changed.map(({ name }) => (name === 'Tags' ? 'Tags' : 'Properties')))],
        BeforeContext: contextOf(before.properties),
        AfterContext: contextOf(properties),
        Details: changed.map((property) => detail(definition.Type, property)),
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
