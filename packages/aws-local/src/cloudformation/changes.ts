// What a change set would do: per resource whether it is added, modified (in place or by replacement), or removed.
import { isDeepStrictEqual } from 'node:util';
import type { Shape } from '../service';
import { type ResolutionScope, Resolver, UnresolvedReference } from './intrinsics';
import { replacementFor, resourceSchema } from './registry/registry';
import { includedResources } from './scope';
import type { ResourceRecord } from './stack';
import { dependenciesOf, type Template, type TemplateResource } from './template';

interface PropertyChange {
  readonly name: string;
  /** Set when the new value is known only after another resource was made or replaced. */
  readonly after?: string;
}

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
      const resolved = resolver.resolve(value);
      if (resolved === undefined) continue;
      properties[name] = resolved;
      if (!isDeepStrictEqual(resolved, existing.properties[name])) changes.push({ name });
    } catch (error) {
      if (!(error instanceof UnresolvedReference)) throw error;
      properties[name] = notKnown();
      changes.push({ name, after: error.logicalId });
    }
  }
  for (const name of Object.keys(existing.properties)) {
    if (!(name in properties)) changes.push({ name });
  }
  return { properties, changes };
}

function detail(type: string, { name, after }: PropertyChange): Shape {
  const replaces = resourceSchema(type)?.properties[name]?.replaces;
  return {
    Target: {
      Attribute: 'Properties',
      Name: name,
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
        Scope: ['Properties'],
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
        Scope: [],
        Details: [],
      }),
    );
  }
  return changes;
}
