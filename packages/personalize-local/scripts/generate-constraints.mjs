// Writes packages/personalize-local/src/protocol/constraints.json: the limits of Amazon Personalize's parameters and the errors of its
// operations, which the JS SDK's runtime schemas leave out. The source is the service model that botocore ships.
//   node packages/personalize-local/scripts/generate-constraints.mjs "$(python3 -c 'import botocore, os; print(os.path.dirname(botocore.__file__))')"
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const SERVICES = ['personalize', 'personalize-events', 'personalize-runtime'];
const LIMITS = ['min', 'max', 'pattern', 'enum', 'sensitive'];

function readModel(botocore, service) {
  const folder = join(botocore, 'data', service);
  const version = readdirSync(folder).sort().at(-1);
  return JSON.parse(gunzipSync(readFileSync(join(folder, version, 'service-2.json.gz'))));
}

/** The constrained part of a shape, or undefined when nothing limits it or anything inside it. */
function limitsOf(model, name, seen = []) {
  const shape = model.shapes[name];
  if (seen.includes(name)) return undefined;
  const limits = Object.fromEntries(LIMITS.filter((key) => key in shape).map((key) => [key, shape[key]]));
  if (shape.type === 'integer' || shape.type === 'long') limits.integer = true;
  for (const inner of ['member', 'key', 'value']) {
    const target = shape[inner]?.shape;
    if (target && model.shapes[target].type !== 'structure' && limitsOf(model, target, [...seen, name])) {
      limits[inner] = target;
    }
  }
  return Object.keys(limits).length > 0 ? limits : undefined;
}

function compact(model) {
  const structures = {};
  const shapes = {};
  for (const [name, shape] of Object.entries(model.shapes)) {
    if (shape.type !== 'structure' || shape.exception) continue;
    const members = {};
    for (const [member, { shape: target }] of Object.entries(shape.members)) {
      if (model.shapes[target].type !== 'structure' && limitsOf(model, target)) members[member] = target;
    }
    if (Object.keys(members).length > 0) structures[name] = members;
  }
  for (const [name, shape] of Object.entries(model.shapes)) {
    const limits = shape.type === 'structure' ? undefined : limitsOf(model, name);
    if (limits) shapes[name] = limits;
  }
  const operations = Object.fromEntries(
    Object.entries(model.operations).map(([name, { errors }]) => [name, (errors ?? []).map((e) => e.shape)]),
  );
  return { operations, structures, shapes };
}

const botocore = process.argv[2];
if (!botocore) throw new Error('usage: generate-personalize-constraints.mjs <botocore folder>');
const all = Object.fromEntries(SERVICES.map((service) => [service, compact(readModel(botocore, service))]));
writeFileSync(
  'packages/personalize-local/src/protocol/constraints.json',
  `${JSON.stringify(all, null, 2)}\n`,
);
