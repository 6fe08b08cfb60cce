// The tags of a request as conditions ask for them: aws:RequestTag/<key> and aws:TagKeys.
import type { AccessRequest } from '../../service';

type Conditions = NonNullable<AccessRequest['context']>;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Tags as the APIs write them: a map, or a list of `Key` and `Value`, `key` and `value` or `tagKey` and `tagValue`. */
function tagsOf(input: unknown): (readonly [string, string])[] {
  if (!isRecord(input)) return [];
  const tags = input.Tags ?? input.tags;
  if (isRecord(tags) && Array.isArray(tags.Items)) return tagsOf({ Tags: tags.Items });
  if (isRecord(tags)) return Object.entries(tags).map(([key, value]) => [key, String(value)]);
  if (!Array.isArray(tags)) return [];
  return tags.filter(isRecord).map((tag) => {
    const key = tag.Key ?? tag.key ?? tag.tagKey;
    return [String(key), String(tag.Value ?? tag.value ?? tag.tagValue ?? '')];
  });
}

export function withTags(conditions: Conditions, input: unknown): Conditions {
  const tags = tagsOf(input);
  if (tags.length === 0) return conditions;
  const requested = tags.map(([key, value]) => [`aws:requesttag/${key.toLowerCase()}`, value]);
  return { ...conditions, ...Object.fromEntries(requested), 'aws:tagkeys': tags.map(([key]) => key) };
}
