// Changes a synthesized cloud assembly as a change of the code would, so that a test can deploy it without touching the code.
import { randomBytes } from 'node:crypto';
import { cpSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
  DependsOn?: string | readonly string[];
}

interface Template {
  readonly Resources: Record<string, Resource>;
}

interface AssetManifest {
  readonly files: Record<string, { readonly source: { readonly path: string } }>;
}

/** Copies the assembly `from` to `to`, for changes there. */
export function copyAssembly(from: string, to: string): void {
  cpSync(from, to, { recursive: true });
}

/** Changes a stack's template in place. */
export function changeTemplate(assembly: string, stack: string, change: (template: Template) => void): void {
  const file = join(assembly, `${stack}.template.json`);
  const template = JSON.parse(readFileSync(file, 'utf8')) as Template;
  change(template);
  writeFileSync(file, JSON.stringify(template));
  renewTemplateHash(assembly, stack);
}

/** The CLI uploads a template under its hash, and only when there is none yet. */
function renewTemplateHash(assembly: string, stack: string): void {
  const assets = JSON.parse(readFileSync(join(assembly, `${stack}.assets.json`), 'utf8')) as AssetManifest;
  const template = Object.entries(assets.files).find(
    ([, { source }]) => source.path === `${stack}.template.json`,
  );
  if (!template) throw new Error(`no template asset of ${stack}`);
  replaceHash(assembly, template[0], newHash());
}

const newHash = () => randomBytes(32).toString('hex');

function replaceHash(assembly: string, from: string, to: string): void {
  for (const name of readdirSync(assembly).filter((file) => file.endsWith('.json'))) {
    const file = join(assembly, name);
    const text = readFileSync(file, 'utf8');
    if (text.includes(from)) writeFileSync(file, text.replaceAll(from, to));
  }
}

/** Replaces a text in the one function that contains it; bundle and template get new hashes, as after a synthesis. */
export function changeFunction(assembly: string, stack: string, from: string, to: string): void {
  const assets = readdirSync(assembly).filter((name) => /^asset\.[0-9a-f]{64}$/.test(name));
  const matching = assets.filter((name) => readBundle(join(assembly, name)).includes(from));
  const [asset, ...others] = matching;
  if (asset === undefined || others.length > 0) {
    throw new Error(`expected one function with '${from}', found ${matching.length}`);
  }
  const bundle = join(assembly, asset, 'index.js');
  writeFileSync(bundle, readFileSync(bundle, 'utf8').replaceAll(from, to));
  const hash = newHash();
  renameSync(join(assembly, asset), join(assembly, `asset.${hash}`));
  replaceHash(assembly, asset.slice('asset.'.length), hash);
  renewTemplateHash(assembly, stack);
}

function readBundle(folder: string): string {
  return readdirSync(folder).includes('index.js') ? readFileSync(join(folder, 'index.js'), 'utf8') : '';
}
