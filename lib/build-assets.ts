// Builds what the stacks deploy: the functions' bundles, the pages, the sample gallery. Offline, in this process.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { type BuildOptions, buildSync } from 'esbuild';
import { type FunctionName, functionNames, type GalleryAssets } from './gallery-assets';

const root = resolve(__dirname, '..');

/** How what runs in Node is bundled. */
export const forNode = {
  bundle: true,
  platform: 'node',
  // The laptop runs the same bundles as AWS Lambda does, with the oldest Node that we support.
  target: 'node20',
  format: 'cjs',
  mainFields: ['module', 'main'],
  conditions: ['source'],
  minify: true,
  legalComments: 'none',
  loader: { '.wasm': 'binary' },
  // Codecs make an address of their file out of it, although they are given its bytes.
  define: { 'import.meta.url': '"file:///bundle"' },
  // The most that is printed of a wrong source before the summary.
  logLevel: 'silent',
} satisfies BuildOptions;

/**
 * Bundles functions, each into `<folder>/<name>/index.js` and its source map. All in one go: they share most of what they
 * import, which is then read and parsed once.
 *
 * The paths in the source maps are those of bundles under `dist/` in the repository, wherever the folder is, so that
 * the assets' hashes are the same on every machine.
 *
 * @throws Error when a `lambda/<name>/handler.ts` is missing, or when it does not compile
 */
export function bundleFunctions(names: readonly FunctionName[], folder: string): void {
  const out = join(root, 'dist', 'functions');
  const { outputFiles } = buildSync({
    entryPoints: Object.fromEntries(names.map((name) => [`${name}/index`, entryOf(name)])),
    outdir: out,
    write: false,
    ...forNode,
    sourcemap: 'linked',
    sourcesContent: false,
  });
  for (const file of outputFiles) {
    const target = join(folder, relative(out, file.path));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, file.contents);
  }
}

function entryOf(name: FunctionName): string {
  const entry = join(root, 'lambda', name, 'handler.ts');
  if (!existsSync(entry)) throw new Error(`the function ${name} has no entry: expected ${entry}`);
  return entry;
}

export interface AssetBuilders {
  buildPages(folder: string): void;
  generateSampleGallery(folder: string): void;
}

/** Builds each part under `folder` when a stack asks for it, once. */
export function buildAssets(folder: string, builders: AssetBuilders): GalleryAssets {
  const built = new Set<string>();
  const once = (name: string, build: (target: string) => void): string => {
    const target = join(folder, name);
    if (!built.has(name)) build(target);
    built.add(name);
    return target;
  };
  return {
    functionDirectory: (name) =>
      join(
        once('functions', (target) => bundleFunctions(functionNames, target)),
        name,
      ),
    get pages() {
      return once('pages', (target) => builders.buildPages(target));
    },
    sampleGallery: () => once('sample-gallery', (target) => builders.generateSampleGallery(target)),
  };
}
