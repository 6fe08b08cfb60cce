// The inner modules of dynalite that are used here; the package brings no types.

declare module 'dynalite/db' {
  type AttributeValue = import('./dynalite').AttributeValue;
  type Item = import('./dynalite').Item;
  type TableDescription = import('./dynalite').TableDescription;
  type Store = import('./dynalite').Store;
  type StoreOptions = import('./dynalite').StoreOptions;
  type Index = NonNullable<TableDescription['GlobalSecondaryIndexes']>[number];

  export function create(options: StoreOptions): Store;
  export function createKey(item: Item, table: TableDescription): string;
  export function validateKey(key: Item, table: TableDescription): Error | undefined | null;
  export function checkConditional(data: object, item: Item | undefined): Error | undefined | null;
  export function itemSize(item: Item): number;
  export function getIndexActions(
    indexes: readonly Index[],
    existing: Item | null,
    item: Item | null,
    table: TableDescription,
  ): {
    readonly puts: { readonly index: string; readonly key: string; readonly item: Item }[];
    readonly deletes: { readonly index: string; readonly key: string }[];
  };
}

declare module 'dynalite/db/*' {
  const parser: {
    parse(expression: string, options: { readonly context: { readonly isKeyCondition?: boolean } }): unknown;
  };
  export default parser;
}

declare module 'dynalite/validations' {
  export function checkTypes(data: object, types: object): Record<string, unknown>;
  export function checkValidations(data: object, types: object, custom: unknown, store: object): void;
}

declare module 'dynalite/validations/*' {
  export const types: object;
  export const custom: unknown;
}

declare module 'dynalite/actions/*' {
  const action: (
    store: object,
    data: Record<string, unknown>,
    callback: (error: Error | null | undefined, output?: Record<string, unknown>) => void,
  ) => void;
  export default action;
}
