// Metadata of single ids, and the items that are new since a training.
import type { NewItem } from '../model/recipe';
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

/**
 * Items of the dataset, and items that only events name, that were first seen after `sinceMs`. Without a CREATION_TIMESTAMP
 * an item was created with its oldest interaction, and without interactions with the latest of all: it is new.
 */
export function addedItems(
  items: EntityDataset | undefined,
  interactions: InteractionDataset | undefined,
  itemIds: IdDictionary,
  sinceMs: number,
): NewItem[] {
  const firstSeen = new Map<number, number>();
  const oldest = new Map<number, number>();
  for (const code of items?.codes() ?? []) firstSeen.set(code, items?.firstSeenAt(code) ?? 0);
  if (interactions) {
    const { bulk, put } = interactions;
    const visit = (table: typeof bulk, row: number, arrivedAt: number) => {
      const code = table.codes('ITEM_ID').at(row);
      if (!firstSeen.has(code)) firstSeen.set(code, arrivedAt);
      const timestamp = table.numbers('TIMESTAMP').at(row);
      oldest.set(code, Math.min(oldest.get(code) ?? timestamp, timestamp));
    };
    for (let row = 0; row < bulk.rows; row++) visit(bulk, row, interactions.importedAt ?? 0);
    for (let row = 0; row < put.rows; row++) visit(put, row, interactions.putReceivedAt(row));
  }
  return [...firstSeen].flatMap(([code, seenAt]) => {
    if (seenAt <= sinceMs) return [];
    const itemId = itemIds.id(code);
    const metadata = (items && entityMetadata(items, itemId)) ?? {};
    const declared = metadata.CREATION_TIMESTAMP;
    const inferred = oldest.get(code) ?? interactions?.newestTimestamp ?? seenAt / 1000;
    return [{ itemId, createdAt: typeof declared === 'number' ? declared : inferred, metadata }];
  });
}
