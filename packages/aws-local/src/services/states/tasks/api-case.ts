// Step Functions writes all parameters in PascalCase; some APIs (Amazon Personalize, its own) have them in camelCase. The SDK's
// schemas tell members, which are renamed, from the keys of maps, which are not.
import * as personalize from '@aws-sdk/client-personalize';
import * as personalizeEvents from '@aws-sdk/client-personalize-events';
import * as personalizeRuntime from '@aws-sdk/client-personalize-runtime';
import * as sfn from '@aws-sdk/client-sfn';

type Exports = Readonly<Record<string, unknown>>;
type Rename = (name: string) => string;

/** APIs with camel-case members, by the service's name in a resource ARN. */
const CLIENTS: Readonly<Record<string, Exports>> = {
  personalize,
  personalizeevents: personalizeEvents,
  personalizeruntime: personalizeRuntime,
  sfn,
};

const LIST = 1;
const MAP = 2;
const STRUCTURE = 3;
const OPERATION = 9;
/** Times, by the wire format that they have: any, date-time, http-date, epoch-seconds. */
const TIMES: readonly unknown[] = [4, 5, 6, 7];

/**
 * Whether the SDK has an exception class for an error code; what has none reaches a state machine as the service's general
 * exception (`Personalize.PersonalizeException`). Unknown for services whose client is not at hand here.
 */
export function hasException(service: string, code: string): boolean | undefined {
  const client = CLIENTS[service];
  return client && typeof client[code] === 'function';
}

/** Renames the members of a task's arguments as the API has them. */
export function toApiCase(service: string, operation: string, input: unknown): unknown {
  return convert(
    shapeOf(service, operation, 4),
    input,
    (name) => name.charAt(0).toLowerCase() + name.slice(1),
    true,
  );
}

/** Renames the members of an answer as Step Functions gives them. */
export function fromApiCase(service: string, operation: string, output: unknown): unknown {
  return convert(
    shapeOf(service, operation, 5),
    output,
    (name) => name.charAt(0).toUpperCase() + name.slice(1),
    false,
  );
}

function shapeOf(service: string, operation: string, position: 4 | 5): unknown {
  const schema = CLIENTS[service]?.[`${operation}$`];
  return Array.isArray(schema) && schema[0] === OPERATION ? resolve(schema[position]) : undefined;
}

/** A schema, a function that returns it, or either of them with the traits of the member that has it. */
function resolve(schema: unknown): unknown {
  if (typeof schema === 'function') return resolve((schema as () => unknown)());
  return Array.isArray(schema) && schema.length === 2 ? resolve(schema[0]) : schema;
}

/** @param isInput Names of `schema` are the converted ones; otherwise those of the value. */
function convert(schema: unknown, value: unknown, rename: Rename, isInput: boolean): unknown {
  const shape = resolve(schema);
  // The wire has seconds since the epoch, a state machine sees ISO 8601.
  if (!isInput && typeof value === 'number' && TIMES.includes(shape))
    return new Date(value * 1000).toISOString();
  if (!Array.isArray(shape) || typeof value !== 'object' || value === null) return value;
  const inner = shape[0] === MAP ? shape[5] : shape[4];
  if (shape[0] === LIST && Array.isArray(value))
    return value.map((item) => convert(inner, item, rename, isInput));
  if (shape[0] === MAP) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, convert(inner, item, rename, isInput)]),
    );
  }
  if (shape[0] !== STRUCTURE) return value;
  const names = shape[4] as readonly string[];
  const members = shape[5] as readonly unknown[];
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const apiName = isInput ? rename(name) : name;
      return [rename(name), convert(members[names.indexOf(apiName)], member, rename, isInput)];
    }),
  );
}
