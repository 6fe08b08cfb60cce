// Tags as services keep them: a map, whatever form their API has.

export type TagMap = Readonly<Record<string, string>>;
export interface ApiTag {
  readonly Key: string;
  readonly Value: string;
}

export const tagMap = (list: readonly ApiTag[]): TagMap =>
  Object.fromEntries(list.map(({ Key, Value }) => [Key, Value]));

export const tagList = (map: TagMap = {}): ApiTag[] =>
  Object.entries(map).map(([Key, Value]) => ({ Key, Value }));

export const withoutKeys = (map: TagMap = {}, keys: readonly string[]): TagMap =>
  Object.fromEntries(Object.entries(map).filter(([key]) => !keys.includes(key)));
