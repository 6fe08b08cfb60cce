// The tags of resources: those of the stack and the resource's own, put on it after it was made and whenever they change. A provider says
// by which calls; the rest is the same for every type.
import type { Shape } from '../service';
import type { Properties, ProviderContext, ProvisionedResource } from './provider';
import type { Tag } from './stack';

/** The calls that change a resource's tags. */
export interface TagCalls {
  readonly service: string;
  readonly put: string;
  readonly remove: string;
  /** The members that name the resource. */
  readonly of: (resource: ProvisionedResource, properties: Properties, context: ProviderContext) => Shape;
  /** The members of the put call's tags. @default `Tags`, as a list of Key and Value */
  readonly tags?: (tags: readonly Tag[]) => Shape;
  /** The members of the remove call's keys. @default `TagKeys` */
  readonly keys?: (keys: readonly string[]) => Shape;
  /** The put call takes all tags at once, and the remove call takes all away. */
  readonly replacesAll?: true;
}

export const asMap = (tags: readonly Tag[]): Record<string, string> =>
  Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));

/** Tags in the two forms that properties have them in. */
function listOf(value: unknown): readonly Tag[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value as Tag[];
  return Object.entries(value as Record<string, string>).map(([Key, Value]) => ({ Key, Value }));
}

/** The stack's tags and the resource's own, which win. */
export function effectiveTags(properties: Properties, stackTags: readonly Tag[]): readonly Tag[] {
  const merged = { ...asMap(stackTags), ...asMap(listOf(properties.Tags)) };
  return Object.entries(merged)
    .map(([Key, Value]) => ({ Key, Value }))
    .sort((a, b) => (a.Key < b.Key ? -1 : 1));
}

/** What the provider of a type with tags is given: its tags are none of its business. */
export function untagged(calls: TagCalls | undefined, properties: Properties): Properties {
  if (!calls) return properties;
  const { Tags: _tags, ...rest } = properties;
  return rest;
}

/** Brings a resource's tags from what they may be to what they shall be. */
export async function changeTags(
  calls: TagCalls,
  resource: ProvisionedResource,
  properties: Properties,
  change: { readonly from: readonly Tag[]; readonly to: readonly Tag[] },
  context: ProviderContext,
): Promise<void> {
  const {
    service,
    put,
    remove,
    of,
    tags = (list) => ({ Tags: list }),
    keys = (list) => ({ TagKeys: list }),
  } = calls;
  const before = asMap(change.from);
  const wanted = asMap(change.to);
  const gone = Object.keys(before).filter((key) => !(key in wanted));
  const changed = change.to.filter(({ Key, Value }) => before[Key] !== Value);
  const name = of(resource, properties, context);
  if (calls.replacesAll) {
    if (gone.length + changed.length === 0) return;
    if (change.to.length > 0) await context.call(service, put, { ...name, ...tags(change.to) });
    else await context.call(service, remove, name);
    return;
  }
  if (gone.length > 0) await context.call(service, remove, { ...name, ...keys(gone) });
  if (changed.length > 0) await context.call(service, put, { ...name, ...tags(changed) });
}
