// Resolves intrinsic functions: Ref, Fn::GetAtt, Fn::Sub and the rest, against a stack's parameters and resources.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
import { getAttTarget, validationError } from './template';

/** What a Ref and the attributes of a provisioned resource give. */
export interface ResourceValues {
  readonly physicalId: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** What it was made with: a type's properties are attributes, too. */
  readonly properties: Readonly<Record<string, unknown>>;
}

/** What the functions can refer to. */
export interface ResolutionScope {
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly pseudo: Readonly<Record<string, string | readonly string[]>>;
  readonly mappings: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  /** Definitions of the template's conditions. */
  readonly conditions: Readonly<Record<string, unknown>>;
  /** Undefined when the resource does not exist (yet). */
  readonly resource: (logicalId: string) => ResourceValues | undefined;
  /** Throws ValidationError when there is no such export. */
  readonly importValue: (name: string) => string;
  /** Throws ValidationError when the stack or the output does not exist. */
  readonly stackOutput: (stackName: string, outputName: string) => string;
}

/** A reference to a resource that is not provisioned yet; change sets show such values as known after apply. */
export class UnresolvedReference extends Error {
  override readonly name = 'UnresolvedReference';
  constructor(readonly logicalId: string) {
    super(`Resource ${logicalId} is not provisioned yet.`);
  }
}

/** `AWS::NoValue`: the property or element disappears. */
const NO_VALUE = Symbol('AWS::NoValue');

type Intrinsic = (argument: unknown, resolver: Resolver) => unknown;

function list(value: unknown, what: string): unknown[] {
  if (!Array.isArray(value))
    throw validationError(`Template error: ${what} requires a list, got ${JSON.stringify(value)}.`);
  return value;
}

function text(value: unknown, what: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw validationError(`Template error: ${what} requires a string, got ${JSON.stringify(value)}.`);
}

/** Numbers and booleans of a template are texts to conditions. */
const asText = (_name: string, value: unknown) =>
  typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;

const FUNCTIONS: Readonly<Record<string, Intrinsic>> = {
  Ref: (name, resolver) => resolver.ref(text(name, 'Ref')),
  'Fn::GetAtt': (argument, resolver) => {
    const [logicalId, attribute] = getAttTarget(
      Array.isArray(argument) ? [argument[0], resolver.inner(argument[1])] : argument,
    );
    return resolver.attribute(logicalId, attribute);
  },
  'Fn::Join': (argument, resolver) => {
    const [delimiter, parts] = list(argument, 'Fn::Join');
    return list(resolver.inner(parts), 'Fn::Join')
      .map((part) => text(part, 'Fn::Join'))
      .join(text(delimiter, 'Fn::Join'));
  },
  'Fn::Sub': (argument, resolver) => resolver.sub(argument),
  'Fn::Select': (argument, resolver) => {
    const [index, options] = list(argument, 'Fn::Select');
    const values = list(resolver.inner(options), 'Fn::Select');
    const position = Number(resolver.inner(index));
    if (!(position in values))
      throw validationError(
        `Template error: Fn::Select cannot select nonexistent value at index ${position}`,
      );
    return values[position];
  },
  'Fn::Split': (argument, resolver) => {
    const [delimiter, source] = list(argument, 'Fn::Split');
    return text(resolver.inner(source), 'Fn::Split').split(text(delimiter, 'Fn::Split'));
  },
  'Fn::If': (argument, resolver) => {
    const [condition, whenTrue, whenFalse] = list(argument, 'Fn::If');
    return resolver.inner(resolver.condition(text(condition, 'Fn::If')) ? whenTrue : whenFalse);
  },
  'Fn::Equals': (argument, resolver) => {
    const [left, right] = list(argument, 'Fn::Equals').map((side) => resolver.inner(side));
    return JSON.stringify(left, asText) === JSON.stringify(right, asText);
  },
  'Fn::And': (argument, resolver) => list(argument, 'Fn::And').every((part) => resolver.truth(part)),
  'Fn::Or': (argument, resolver) => list(argument, 'Fn::Or').some((part) => resolver.truth(part)),
  'Fn::Not': (argument, resolver) => !resolver.truth(list(argument, 'Fn::Not')[0]),
  'Fn::Contains': (argument, resolver) => {
    const [options, value] = list(argument, 'Fn::Contains').map((part) => resolver.inner(part));
    return list(options, 'Fn::Contains').includes(value);
  },
  'Fn::FindInMap': (argument, resolver) => resolver.findInMap(list(argument, 'Fn::FindInMap')),
  'Fn::ImportValue': (argument, resolver) =>
    resolver.scope.importValue(text(resolver.inner(argument), 'Fn::ImportValue')),
  'Fn::GetStackOutput': (argument, resolver) => resolver.stackOutput(argument),
  'Fn::GetAZs': (argument, resolver) => {
    const region =
      text(resolver.inner(argument), 'Fn::GetAZs') || text(resolver.ref('AWS::Region'), 'AWS::Region');
    return ['a', 'b', 'c'].map((zone) => `${region}${zone}`);
  },
  'Fn::Base64': (argument, resolver) =>
    Buffer.from(text(resolver.inner(argument), 'Fn::Base64')).toString('base64'),
  'Fn::Length': (argument, resolver) => list(resolver.inner(argument), 'Fn::Length').length,
  'Fn::ToJsonString': (argument, resolver) => JSON.stringify(resolver.inner(argument)),
};

export class Resolver {
  constructor(readonly scope: ResolutionScope) {}

  /** Resolves a value of a template. Throws ValidationError, or UnresolvedReference for a resource that does not exist yet. */
  resolve(value: unknown): unknown {
    const resolved = this.inner(value);
    return resolved === NO_VALUE ? undefined : resolved;
  }

  /** Tells whether a named condition of the template holds. */
  condition(name: string): boolean {
    const definition = this.scope.conditions[name];
    if (definition === undefined)
      throw validationError(`Template error: unresolved condition dependency ${name}`);
    return this.truth(definition);
  }

  truth(value: unknown): boolean {
    if (typeof value === 'object' && value !== null && 'Condition' in value) {
      return this.condition(text(value.Condition, 'Condition'));
    }
    const resolved = this.inner(value);
    return resolved === true || resolved === 'true';
  }

  inner(value: unknown): unknown {
    if (Array.isArray(value)) {
      return value.map((element) => this.inner(element)).filter((element) => element !== NO_VALUE);
    }
    if (typeof value === 'string') return this.rejectDynamicReference(value);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const [only] = entries;
    if (entries.length === 1 && only) {
      const intrinsic = FUNCTIONS[only[0]];
      if (intrinsic) return intrinsic(only[1], this);
      if (only[0].startsWith('Fn::')) {
        throw validationError(`Template error: the function ${only[0]} is not supported on localhost.`);
      }
    }
    const result: Record<string, unknown> = {};
    for (const [name, member] of entries) {
      const resolved = this.inner(member);
      if (resolved !== NO_VALUE) result[name] = resolved;
    }
    return result;
  }

  ref(name: string): unknown {
    if (name === 'AWS::NoValue') return NO_VALUE;
    if (name in this.scope.pseudo) return this.scope.pseudo[name];
    if (name in this.scope.parameters) return this.scope.parameters[name];
    const resource = this.scope.resource(name);
    if (!resource) throw new UnresolvedReference(name);
    return resource.physicalId;
  }

  attribute(logicalId: string, attribute: string): unknown {
    const resource = this.scope.resource(logicalId);
    if (!resource) throw new UnresolvedReference(logicalId);
    const value = readPath(resource.attributes, attribute) ?? readPath(resource.properties, attribute);
    if (value === undefined) {
      throw validationError(
        `Template error: resource ${logicalId} does not support attribute ${attribute} in Fn::GetAtt`,
      );
    }
    return value;
  }

  sub(argument: unknown): string {
    const [template, given] = Array.isArray(argument) ? argument : [argument, {}];
    const variables = (given ?? {}) as Record<string, unknown>;
    return text(template, 'Fn::Sub').replace(/\$\{([^}]+)\}/g, (_whole, name: string) => {
      if (name.startsWith('!')) return `\${${name.slice(1)}}`;
      if (name in variables) return text(this.inner(variables[name]), 'Fn::Sub');
      const value = name.includes('.') ? this.attribute(...getAttTarget(name)) : this.ref(name);
      return text(value, `Fn::Sub of ${name}`);
    });
  }

  findInMap([map, top, second, options]: unknown[]): unknown {
    const [mapName, topKey, secondKey] = [map, top, second].map((key) =>
      text(this.inner(key), 'Fn::FindInMap'),
    );
    const value = this.scope.mappings[mapName ?? '']?.[topKey ?? '']?.[secondKey ?? ''];
    if (value !== undefined) return this.inner(value);
    if (typeof options === 'object' && options !== null && 'DefaultValue' in options) {
      return this.inner(options.DefaultValue);
    }
    throw validationError(`Template error: Unable to get mapping for ${mapName}::${topKey}::${secondKey}`);
  }

  stackOutput(argument: unknown): string {
    const { StackName, OutputName, Region, RoleArn } = (this.inner(argument) ?? {}) as Record<
      string,
      unknown
    >;
    if (RoleArn !== undefined || (Region !== undefined && Region !== this.ref('AWS::Region'))) {
      throw validationError(
        'Template error: Fn::GetStackOutput of another account or region is not supported on localhost.',
      );
    }
    return this.scope.stackOutput(
      text(StackName, 'Fn::GetStackOutput'),
      text(OutputName, 'Fn::GetStackOutput'),
    );
  }

  private rejectDynamicReference(value: string): string {
    if (value.includes('{{resolve:')) {
      throw validationError(`Template error: the dynamic reference ${value} is not supported on localhost.`);
    }
    return value;
  }
}

/** Attribute names may contain dots (`Endpoint.Address`), as a key or as a path. */
function readPath(attributes: Readonly<Record<string, unknown>>, name: string): unknown {
  if (name in attributes) return attributes[name];
  let value: unknown = attributes;
  for (const step of name.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string, unknown>)[step];
  }
  return value;
}
