// Tags of resources.

import { inUse, notFound } from '../protocol/errors';
import type {
  ListTagsForResourceRequest,
  TagResourceRequest,
  UntagResourceRequest,
} from '../protocol/requests';
import type { AnyRecord } from '../state/records';
import type { Context } from './context';
import { MOST_TAGS, tooManyTags, uniqueTags } from './lookup';

function find(context: Context, arn: string): AnyRecord {
  const record = context.store.find(arn);
  if (!record) throw notFound(`Resource Arn ${arn} does not exist.`);
  if ('status' in record && record.status.startsWith('DELETE')) {
    throw inUse(`${arn} is in status ${record.status}.`);
  }
  return record;
}

export const tagOperations = {
  TagResource({ resourceArn, tags }: TagResourceRequest, context: Context) {
    const record = find(context, resourceArn);
    const all = uniqueTags([...record.tags, ...tags]);
    if (all.length > MOST_TAGS) throw tooManyTags(all.length);
    context.store.commit({ put: [{ ...record, tags: all }] });
    return {};
  },

  UntagResource({ resourceArn, tagKeys }: UntagResourceRequest, context: Context) {
    const record = find(context, resourceArn);
    const tags = record.tags.filter(({ tagKey }) => !tagKeys.includes(tagKey));
    context.store.commit({ put: [{ ...record, tags }] });
    return {};
  },

  ListTagsForResource({ resourceArn }: ListTagsForResourceRequest, context: Context) {
    return { tags: find(context, resourceArn).tags };
  },
};
