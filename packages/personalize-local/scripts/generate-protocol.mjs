// Writes src/protocol/protocol.json and src/protocol/requests.ts: operations, shapes, limits and errors of Amazon Personalize's
// three services, and the types of their requests. The source is the service model that botocore ships.
//   node packages/personalize-local/scripts/generate-protocol.mjs "$(python3 -c 'import botocore, os; print(os.path.dirname(botocore.__file__))')"
//   npx biome check --write packages/personalize-local/src/protocol
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const SERVICES = ['personalize', 'personalize-events', 'personalize-runtime'];
const LIMITS = ['min', 'max', 'pattern', 'enum', 'sensitive'];
const NUMBERS = { integer: 'integer', long: 'integer', float: 'number', double: 'number' };
const TARGET = join(import.meta.dirname, '../src/protocol');

function readModel(botocore, service) {
  const folder = join(botocore, 'data', service);
  const version = readdirSync(folder).sort().at(-1);
  return JSON.parse(gunzipSync(readFileSync(join(folder, version, 'service-2.json.gz'))));
}

const shapeOf = (target) => target?.shape;

/** What the service reads of a shape: its kind, what is in it, what limits it. */
function compact(shape) {
  const limits = Object.fromEntries(LIMITS.filter((key) => key in shape).map((key) => [key, shape[key]]));
  if (shape.type === 'structure') {
    const members = Object.entries(shape.members).map(([name, target]) => [name, shapeOf(target)]);
    return { kind: 'structure', members: Object.fromEntries(members), required: shape.required ?? [] };
  }
  if (shape.type === 'list') return { kind: 'list', member: shapeOf(shape.member), ...limits };
  if (shape.type === 'map') {
    return { kind: 'map', key: shapeOf(shape.key), value: shapeOf(shape.value), ...limits };
  }
  return { kind: NUMBERS[shape.type] ?? shape.type, ...limits };
}

/** The names of the shapes that are in some shapes, these included. */
function reachable(model, names, found = new Set()) {
  for (const name of names) {
    if (found.has(name)) continue;
    found.add(name);
    const { members = {}, member, key, value } = model.shapes[name];
    const inner = [...Object.values(members), member, key, value].map(shapeOf).filter(Boolean);
    reachable(model, inner, found);
  }
  return found;
}

const operationsOf = ({ operations }) => Object.entries(operations);

function protocolOf(model) {
  const operations = operationsOf(model).map(([name, { http, input, output, errors = [] }]) => [
    name,
    { path: http.requestUri, input: shapeOf(input), output: shapeOf(output), errors: errors.map(shapeOf) },
  ]);
  const used = operations.flatMap(([, { input, output }]) => [input, output].filter(Boolean));
  const shapes = [...reachable(model, used)].sort().map((name) => [name, compact(model.shapes[name])]);
  return { operations: Object.fromEntries(operations), shapes: Object.fromEntries(shapes) };
}

function typeOf(model, name) {
  const shape = model.shapes[name];
  if (shape.type === 'structure') return name;
  if (shape.type === 'list') return `ReadonlyArray<${typeOf(model, shape.member.shape)}>`;
  if (shape.type === 'map') return `Readonly<Record<string, ${typeOf(model, shape.value.shape)}>>`;
  if (shape.enum) return shape.enum.map((value) => `'${value}'`).join(' | ');
  if (shape.type === 'timestamp') return 'Date';
  return NUMBERS[shape.type] ? 'number' : shape.type;
}

function interfacesOf(model) {
  const inputs = operationsOf(model).map(([, { input }]) => input.shape);
  return [...reachable(model, inputs)]
    .filter((name) => model.shapes[name].type === 'structure')
    .sort()
    .map((name) => {
      const { members, required = [] } = model.shapes[name];
      const lines = Object.entries(members).map(
        ([member, { shape }]) =>
          `  readonly ${member}${required.includes(member) ? '' : '?'}: ${typeOf(model, shape)};`,
      );
      return `export interface ${name} {\n${lines.join('\n')}\n}\n`;
    });
}

const botocore = process.argv[2];
if (!botocore) throw new Error('usage: generate-protocol.mjs <botocore folder>');
const models = SERVICES.map((service) => readModel(botocore, service));
const protocol = Object.fromEntries(SERVICES.map((service, i) => [service, protocolOf(models[i])]));
writeFileSync(join(TARGET, 'protocol.json'), `${JSON.stringify(protocol, null, 2)}\n`);
const head = `// Requests of Amazon Personalize as handlers get them: validated, timestamps as Dates. Made by scripts/generate-protocol.mjs.\n`;
// The same structure in two of the services has the same members.
const interfaces = [
  ...new Map(models.flatMap(interfacesOf).map((text) => [text.split(' ', 3)[2], text])).values(),
];
writeFileSync(join(TARGET, 'requests.ts'), `${[head, ...interfaces].join('\n')}`);
