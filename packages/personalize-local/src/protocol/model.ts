// The shapes of all operations, from protocol.json (made by scripts/generate-protocol.mjs).
import protocolJson from './protocol.json';

export type ServiceName = 'personalize' | 'personalize-events' | 'personalize-runtime';

export interface Limits {
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: RegExp;
  readonly enum?: readonly string[];
  /** The value is not repeated in error messages. */
  readonly sensitive?: boolean;
}

export type Shape =
  | {
      readonly kind: 'string' | 'number' | 'integer' | 'boolean' | 'timestamp';
      readonly limits: Limits;
    }
  | { readonly kind: 'list'; readonly limits: Limits; readonly member: Shape }
  | { readonly kind: 'map'; readonly limits: Limits; readonly key: Shape; readonly value: Shape }
  | StructureShape;

export interface StructureShape {
  readonly kind: 'structure';
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

type RawShape = Omit<Limits, 'pattern'> & { readonly pattern?: string } & (
    | { readonly kind: 'string' | 'number' | 'integer' | 'boolean' | 'timestamp' }
    | { readonly kind: 'list'; readonly member: string }
    | { readonly kind: 'map'; readonly key: string; readonly value: string }
    | {
        readonly kind: 'structure';
        readonly members: Readonly<Record<string, string>>;
        readonly required: readonly string[];
      }
  );

interface RawService {
  readonly operations: Readonly<
    Record<string, { path: string; input: string; output?: string; errors: readonly string[] }>
  >;
  readonly shapes: Readonly<Record<string, RawShape>>;
}

// A JSON module's types are wider than what the generator writes.
const protocol = protocolJson as unknown as Readonly<Record<ServiceName, RawService>>;

const NOTHING: StructureShape = { kind: 'structure', members: new Map(), required: new Set() };

/** Builds the shapes of one service; each is made once. */
class ShapeReader {
  private readonly known = new Map<string, Shape>();

  constructor(private readonly shapes: RawService['shapes']) {}

  structure(name: string | undefined): StructureShape {
    if (name === undefined) return NOTHING;
    const shape = this.read(name);
    if (shape.kind !== 'structure') throw new Error(`${name} is no structure`);
    return shape;
  }

  private read(name: string): Shape {
    const known = this.known.get(name);
    if (known) return known;
    const raw = this.shapes[name];
    if (!raw) throw new Error(`the protocol has no shape ${name}`);
    const shape = this.make(raw);
    this.known.set(name, shape);
    return shape;
  }

  private make(raw: RawShape): Shape {
    if (raw.kind === 'structure') {
      const members = Object.entries(raw.members).map(([name, target]) => [name, this.read(target)] as const);
      return { kind: 'structure', members: new Map(members), required: new Set(raw.required) };
    }
    const { min, max, enum: values, sensitive, pattern } = raw;
    // The service matches the whole value, whether or not its pattern is anchored.
    const whole = pattern === undefined ? undefined : new RegExp(`^(?:${pattern})$`, 'su');
    const limits = { min, max, enum: values, sensitive, pattern: whole };
    if (raw.kind === 'list') return { kind: 'list', limits, member: this.read(raw.member) };
    if (raw.kind === 'map') {
      return { kind: 'map', limits, key: this.read(raw.key), value: this.read(raw.value) };
    }
    return { kind: raw.kind, limits };
  }
}

function readOperations([service, { operations: raw, shapes }]: [string, RawService]): Operation[] {
  const reader = new ShapeReader(shapes);
  return Object.entries(raw).map(([name, { path, input, output, errors }]) => ({
    name,
    service: service as ServiceName,
    path,
    input: reader.structure(input),
    output: reader.structure(output),
    errors: new Set(errors),
  }));
}

/** All 79 operations by name; no name occurs in two of the services. */
export const operations: ReadonlyMap<string, Operation> = new Map(
  Object.entries(protocol)
    .flatMap(readOperations)
    .map((operation) => [operation.name, operation]),
);
