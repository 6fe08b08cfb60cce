// What a request names and the schema does not know is refused, at every level: nothing that somebody asked for is passed over in
// silence. Schemas are written as plain objects, and made strict here, once for all operations.
import { z } from 'zod';

/** A member that is not set may be there: calls in process name all members that they could have. */
const UNKNOWN_MEMBER = z.undefined('is not supported on localhost');

type Definition = Readonly<Record<string, unknown>>;

/** Members of a definition that hold a schema, and those that hold a list of them. */
const INNER = ['innerType', 'element', 'valueType', 'left', 'right', 'in', 'out', 'rest'];
const LISTS = ['options', 'items'];

/** A copy of a schema whose objects refuse members that they do not name. Objects made with `z.looseObject` stay open. */
export function strict<S extends z.ZodType>(schema: S): S {
  // zod's definitions are plain data of many kinds; each kind's inner schemas have one of a few names.
  const definition = schema._zod.def as unknown as Definition;
  const changed: Record<string, unknown> = {};
  if (definition.type === 'object') {
    const shape = definition.shape as Readonly<Record<string, z.ZodType>>;
    changed.shape = Object.fromEntries(Object.entries(shape).map(([name, member]) => [name, strict(member)]));
    changed.catchall = definition.catchall ?? UNKNOWN_MEMBER;
  }
  for (const name of INNER) {
    if (definition[name] instanceof z.ZodType) changed[name] = strict(definition[name]);
  }
  for (const name of LISTS) {
    const list = definition[name];
    if (Array.isArray(list)) changed[name] = list.map((one: z.ZodType) => strict(one));
  }
  if (Object.keys(changed).length === 0) return schema;
  return schema.clone({ ...definition, ...changed } as never);
}
