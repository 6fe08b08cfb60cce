// What a resource provider is: it makes, changes and deletes the resources of one type through the services' API.
import { AwsError, type Principal, type Shape } from '../service';
import type { TagCalls } from './tags';

export type Properties = Readonly<Record<string, unknown>>;

/** What a provider works with besides the properties. */
export interface ProviderContext {
  readonly accountId: string;
  readonly region: string;
  readonly stackId: string;
  readonly stackName: string;
  readonly logicalId: string;
  readonly type: string;
  /** It is a function that only serves custom resources which the endpoint makes itself, so it will never be run. */
  readonly isDoneHere: boolean;
  /** Calls an API operation as the principal that deploys. */
  call(service: string, operation: string, input: Shape): Promise<Shape>;
  /** A unique name, `<stack>-<logical id>-<random>`, no longer than the limit; the same when the operation is repeated. */
  generateName(maxLength: number): string;
  /** Unique to the operation on this resource; what an interrupted one made is asked for with the same. */
  readonly token: string;
  /** When the stack operation began, in milliseconds since the epoch. */
  readonly startedAt: number;
  /** The principal of a role that the provider acts as, for providers that stand in for a function. */
  assumeRole(roleArn: string, sessionName: string, service: string): Principal;
  callAs(principal: Principal, service: string, operation: string, input: Shape): Promise<Shape>;
  /** Where a custom resource's function sends its answer, one place for each token, and the promise of that answer. */
  customResourceResponse(
    timeoutMs: number,
  ): Promise<{ readonly url: string; readonly answer: Promise<Shape>; readonly cancel: () => void }>;
  readonly log: (line: string) => void;
}

export interface ProvisionedResource {
  /** What Ref gives. */
  readonly physicalId: string;
  /** What Fn::GetAtt gives, by attribute. */
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Shown as the reason of the resource's event, when something needs saying. */
  readonly note?: string;
}

export interface ResourceProvider {
  /** The properties that it carries out; a template that sets another one is refused. */
  readonly properties: readonly string[];
  /** How its tags are changed; without it `Tags` is a property like others. */
  readonly tags?: TagCalls;
  create(properties: Properties, context: ProviderContext): Promise<ProvisionedResource>;
  /** Changes the resource in place. Absent where every change replaces. */
  update?(
    physicalId: string,
    properties: Properties,
    previous: Properties,
    context: ProviderContext,
  ): Promise<ProvisionedResource>;
  /**
   * The physical id of what there is now under the name, or in the place, that the properties give; undefined if there is nothing.
   * It is asked before a creation, which must not take over what others made, and again when the process died in it: then what
   * is there was made by it.
   */
  lookUp?(properties: Properties, context: ProviderContext): Promise<string | undefined>;
  /** A function of the app makes it: the one that its ServiceToken names. */
  readonly runsFunction?: true;
  /** The service would put a second one over the first, so a creation that finds one fails, as on AWS. */
  readonly mustBeNew?: boolean;
  /** Instead of `lookUp`, where it can be told afterwards what an interrupted operation made; undefined if nothing. */
  recover?(properties: Properties, context: ProviderContext): Promise<string | undefined>;
  /** An update may answer with another physical id, so an interrupted one is asked for what it made too. */
  readonly replacesItself?: boolean;
  /**
   * Its attributes, read anew, for a type whose attributes name the address that this process answers at: after a restart that
   * may be another port than the one that the resource was made at. Undefined when there is no such resource (any more).
   */
  attributesNow?(
    physicalId: string,
    context: ProviderContext,
  ): Promise<ProvisionedResource['attributes'] | undefined>;
  /** Must succeed when the resource does not exist (any more). */
  delete(physicalId: string, properties: Properties, context: ProviderContext): Promise<void>;
}

/** A string property, or undefined when it is not set. */
export function optionalString(properties: Properties, name: string): string | undefined {
  const value = properties[name];
  return value === undefined ? undefined : String(value);
}

/** A string property that must be set. Throws ValidationError. */
export function requiredString(properties: Properties, name: string): string {
  const value = optionalString(properties, name);
  if (value === undefined) throw new AwsError('ValidationError', `Property ${name} cannot be empty.`, 400);
  return value;
}

/** Members of an object that are set. */
export function pick(properties: Properties, ...names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    names.filter((name) => properties[name] !== undefined).map((name) => [name, properties[name]]),
  );
}

/** A property that is a document: a template may have it as an object, or as its text, which Fn::Sub fills in. */
export const documentText = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);

/** What an update sends for properties that are no longer set: they go back to their defaults. */
export function reset(properties: Properties, previous: Properties, defaults: Properties): Properties {
  const gone = Object.keys(defaults).filter(
    (name) => previous[name] !== undefined && properties[name] === undefined,
  );
  return pick(defaults, ...gone);
}

/** The member of an answer, as a string. Throws when the service did not send it. */
export function answered(output: Shape, member: string): string {
  const value = output[member];
  if (typeof value !== 'string') throw new Error(`the answer has no member ${member}`);
  return value;
}

/** Says why an operation on a resource failed. */
export function reasonOf(error: unknown): string {
  if (error instanceof Error)
    return error.name === 'Error' ? error.message : `${error.message} (${error.name})`;
  return String(error);
}

/** A creation that failed and says what of it is left; undefined: nothing. */
export class CreationFailed extends Error {
  constructor(
    message: string,
    readonly physicalId: string | undefined,
  ) {
    super(message);
  }
}

/**
 * Looks for a resource under the template's name, or the one that is generated for it.
 *
 * @param describe asks for the resource; rejects when there is none
 * @param idOf the physical id, from the name and the answer. @default - the name
 */
export function byName(
  property: string,
  maxLength: number,
  describe: (name: string, context: ProviderContext, properties: Properties) => Promise<Shape>,
  idOf: (name: string, output: Shape, properties: Properties) => string = (name) => name,
): NonNullable<ResourceProvider['lookUp']> {
  return async (properties, context) => {
    const name = optionalString(properties, property) ?? context.generateName(maxLength);
    const output = await unlessMissing(describe(name, context, properties));
    return output && idOf(name, output, properties);
  };
}

/** The answer, or undefined when there is no such resource. */
export async function unlessMissing<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof AwsError && GONE.test(error.code)) return undefined;
    throw error;
  }
}

const GONE = /NotFound|NoSuch|NonExistent|DoesNotExist/;

/** Runs a deletion and takes "there is no such resource" for success. */
export async function ignoreMissing(deletion: Promise<unknown>): Promise<void> {
  try {
    await deletion;
  } catch (error) {
    if (!(error instanceof AwsError && GONE.test(error.code))) throw error;
  }
}
