// The shapes of all operations: structure and types from the SDK's runtime schemas, limits and declared errors from
// constraints.json (made by scripts/generate-personalize-constraints.mjs).
import * as control from '@aws-sdk/client-personalize';
import * as events from '@aws-sdk/client-personalize-events';
import * as runtime from '@aws-sdk/client-personalize-runtime';
import constraintsJson from './constraints.json';

export type ServiceName = 'personalize' | 'personalize-events' | 'personalize-runtime';

export interface Limits {
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: RegExp;
  readonly enum?: readonly string[];
  readonly integer?: boolean;
  /** The value is not repeated in error messages. */
  readonly sensitive?: boolean;
}

export type Shape =
  | { readonly kind: 'string' | 'number' | 'boolean' | 'timestamp'; readonly limits: Limits }
  | { readonly kind: 'list'; readonly limits: Limits; readonly member: Shape }
  | { readonly kind: 'map'; readonly limits: Limits; readonly key: Shape; readonly value: Shape }
  | StructureShape;

export interface StructureShape {
  readonly kind: 'structure';
  readonly limits: Limits;
  readonly members: ReadonlyMap<string, Shape>;
  readonly required: ReadonlySet<string>;
}

export interface Operation {
  readonly name: string;
  readonly service: ServiceName;
  /** `/` for the control plane. */
  readonly path: string;
  readonly input: StructureShape;
  readonly output: StructureShape;
  readonly errors: ReadonlySet<string>;
}

interface RawLimits {
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly integer?: boolean;
  readonly sensitive?: boolean;
  readonly member?: string;
  readonly key?: string;
  readonly value?: string;
}

interface ServiceConstraints {
  readonly operations: Readonly<Record<string, readonly string[]>>;
  readonly structures: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly shapes: Readonly<Record<string, RawLimits>>;
}

const constraints = constraintsJson as unknown as Readonly<Record<ServiceName, ServiceConstraints>>;

// Kinds and type numbers of the SDK's static schemas (@smithy/core/schema, sentinels).
const SIMPLE = 0;
const LIST = 1;
const MAP = 2;
const STRUCTURE = 3;
const OPERATION = 9;
const LIST_OF = 64;
const MAP_OF = 128;
/** Stands for an operation without output. */
const UNIT = 'unit';
const SIMPLE_KINDS: Readonly<Record<number, 'string' | 'number' | 'boolean' | 'timestamp'>> = {
  0: 'string',
  1: 'number',
  2: 'boolean',
  4: 'timestamp',
};

function compileLimits({ pattern, ...rest }: RawLimits): Limits {
  // The service matches the whole value, whether or not its pattern is anchored.
  return pattern === undefined ? rest : { ...rest, pattern: new RegExp(`^(?:${pattern})$`, 'su') };
}

/** Builds the shapes of one service from its client's exported schemas. */
class ShapeReader {
  private readonly structures = new Map<string, StructureShape>();

  constructor(private readonly limits: ServiceConstraints) {}

  structure(schema: unknown): StructureShape {
    const unit = typeof schema === 'function' ? schema() : schema;
    if (unit === UNIT) return { kind: 'structure', limits: {}, members: new Map(), required: new Set() };
    const shape = this.read(schema, undefined);
    if (shape.kind !== 'structure') throw new Error('an operation takes and returns structures');
    return shape;
  }

  private read(schema: unknown, limitsName: string | undefined): Shape {
    if (typeof schema === 'function') return this.read(schema(), limitsName);
    const raw = limitsName === undefined ? {} : (this.limits.shapes[limitsName] ?? {});
    if (typeof schema === 'number') return this.readNumber(schema, raw);
    if (!Array.isArray(schema)) throw new Error(`unexpected schema ${String(schema)}`);
    // [schema, member traits]
    if (schema.length === 2) return this.read(schema[0], limitsName);
    const [kind, , name] = schema as [number, string, string];
    if (kind === SIMPLE) return this.read(schema[4], limitsName);
    if (kind === LIST) {
      return { kind: 'list', limits: compileLimits(raw), member: this.read(schema[4], raw.member) };
    }
    if (kind === MAP) return this.map(raw, schema[4], schema[5]);
    if (kind === STRUCTURE) return this.readStructure(name, schema);
    throw new Error(`unexpected schema kind ${kind} of ${name}`);
  }

  private readNumber(type: number, raw: RawLimits): Shape {
    if (type >= MAP_OF) return this.map(raw, 0, type - MAP_OF);
    if (type >= LIST_OF) {
      return { kind: 'list', limits: compileLimits(raw), member: this.read(type - LIST_OF, raw.member) };
    }
    const kind = SIMPLE_KINDS[type];
    if (!kind) throw new Error(`unexpected simple type ${type}`);
    return { kind, limits: compileLimits(raw) };
  }

  private map(raw: RawLimits, key: unknown, value: unknown): Shape {
    return {
      kind: 'map',
      limits: compileLimits(raw),
      key: this.read(key, raw.key),
      value: this.read(value, raw.value),
    };
  }

  private readStructure(name: string, schema: readonly unknown[]): StructureShape {
    const known = this.structures.get(name);
    if (known) return known;
    const names = schema[4] as readonly string[];
    const types = schema[5] as readonly unknown[];
    const requiredCount = typeof schema[6] === 'number' ? schema[6] : 0;
    const limited = this.limits.structures[name] ?? {};
    const shape: StructureShape = {
      kind: 'structure',
      limits: {},
      members: new Map(names.map((member, i) => [member, this.read(types[i], limited[member])])),
      required: new Set(names.slice(0, requiredCount)),
    };
    this.structures.set(name, shape);
    return shape;
  }
}

function readOperations(service: ServiceName, client: Readonly<Record<string, unknown>>): Operation[] {
  const limits = constraints[service];
  const reader = new ShapeReader(limits);
  return Object.entries(limits.operations).map(([name, errors]) => {
    const schema = client[`${name}$`];
    if (!Array.isArray(schema) || schema[0] !== OPERATION)
      throw new Error(`the SDK has no schema of ${name}`);
    const http = (schema[3] as { http?: [string, string, number] }).http;
    return {
      name,
      service,
      path: http?.[1] ?? '/',
      input: reader.structure(schema[4]),
      output: reader.structure(schema[5]),
      errors: new Set(errors),
    };
  });
}

/** All 79 operations by name; no name occurs in two of the services. */
export const operations: ReadonlyMap<string, Operation> = new Map(
  [
    ...readOperations('personalize', control),
    ...readOperations('personalize-events', events),
    ...readOperations('personalize-runtime', runtime),
  ].map((operation) => [operation.name, operation]),
);
