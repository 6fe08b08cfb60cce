// Metadata of single ids, and the items that are new since a training.
import type { NewItem } from '../recipes/recipe';
import type { EntityDataset } from './entity-dataset';
import type { InteractionDataset } from './interaction-dataset';
import type { IdDictionary } from './views';

/** All columns but the id, nulls left out; a boolean is `true` or `false`. Undefined for an id without a row. */
export function entityMetadata(
  dataset: EntityDataset,
  id: string,
): Record<string, string | number> | undefined {
  const code = dataset.ids.code(id);
  if (code === undefined || !dataset.present(code)) return undefined;
  const metadata: Record<string, string | number> = {};
  for (const { name, type } of dataset.schema.fields) {
    const value = name === dataset.idColumn ? undefined : dataset.value(code, name);
    if (value !== undefined) metadata[name] = type === 'boolean' ? String(value === 1) : value;
  }
  return metadata;
}

/** Items of the dataset, and items that only events name, that were first seen after `sinceMs`. */
export function addedItems(
  items: EntityDataset | undefined,
  interactions: InteractionDataset | undefined,
  itemIds: IdDictionary,
  sinceMs: number,
): NewItem[] {
  const firstSeen = new Map<number, number>();
  for (const code of items?.codes() ?? []) firstSeen.set(code, items?.firstSeenAt(code) ?? 0);
  if (interactions) {
    for (const code of interactions.bulk.codes('ITEM_ID').view()) {
      if (!firstSeen.has(code)) firstSeen.set(code, interactions.importedAt ?? 0);
    }
    const codes = interactions.put.codes('ITEM_ID');
    for (let row = 0; row < interactions.put.rows; row++) {
      const known = firstSeen.get(codes.at(row));
      if (known === undefined) firstSeen.set(codes.at(row), interactions.putReceivedAt(row));
    }
  }
  return [...firstSeen].flatMap(([code, seenAt]) => {
    if (seenAt <= sinceMs) return [];
    const itemId = itemIds.id(code);
    const metadata = (items && entityMetadata(items, itemId)) ?? {};
    const declared = metadata.CREATION_TIMESTAMP;
    return [{ itemId, createdAt: typeof declared === 'number' ? declared : seenAt / 1000, metadata }];
  });
}
