// The tags of functions and of event source mappings, which one operation each has for both.
import { z } from 'zod';
import { AwsError } from '../../service';
import { type Caller, type Operations, operation } from '../shared/operations';
import { type TagMap, withoutKeys } from '../shared/tags';
import { functionName } from './function-input';
import type { FunctionRecord } from './function-record';
import type { FunctionParts } from './operations';

const RESOURCE = z.object({ Resource: z.string() });
const KEYS = z.union([z.array(z.string()), z.string().transform((key) => [key])]);

/** `known` finds a function that the caller may see. */
export function tagOperations(
  { context, functions, sources }: FunctionParts,
  known: (caller: Caller, action: string, name: string) => FunctionRecord,
): Operations {
  /** What there is under an ARN: its tags, and how they are kept. @throws ResourceNotFoundException */
  function tagged(
    arn: string,
    action: string,
    caller: Caller,
  ): { tags: TagMap; save: (tags: TagMap) => void } {
    const id = arn.split(':event-source-mapping:')[1];
    if (id === undefined) {
      const record = known(caller, action, functionName(arn));
      return { tags: record.tags, save: (tags) => functions.put(record.name, { ...record, tags }) };
    }
    const { principal, conditions } = caller;
    context.authorize({ principal, action: `lambda:${action}`, resource: arn, context: conditions });
    const mapping = sources.mappings.get(id);
    if (!mapping)
      throw new AwsError('ResourceNotFoundException', 'The resource you requested does not exist.', 404);
    const save = (tags: TagMap) => sources.mappings.put(id, { ...mapping, tags });
    return { tags: mapping.tags ?? {}, save };
  }
  return {
    TagResource: operation(RESOURCE.extend({ Tags: z.record(z.string(), z.string()) }), (input, caller) => {
      const { tags, save } = tagged(input.Resource, 'TagResource', caller);
      save({ ...tags, ...input.Tags });
    }),
    UntagResource: operation(RESOURCE.extend({ TagKeys: KEYS }), (input, caller) => {
      const { tags, save } = tagged(input.Resource, 'UntagResource', caller);
      save(withoutKeys(tags, input.TagKeys));
    }),
    ListTags: operation(RESOURCE, (input, caller) => ({
      Tags: tagged(input.Resource, 'ListTags', caller).tags,
    })),
  };
}
