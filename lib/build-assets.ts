// Builds what the stacks deploy: the functions' bundles, the pages, the sample gallery. Offline, in this process.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';
import type { FunctionName, GalleryAssets } from './gallery-assets';

const root = resolve(__dirname, '..');

/** The most that is printed of a wrong source before the summary. */
const logLevel = 'silent';

/**
 * Bundles one function into `<folder>/index.js` and its source map.
 *
 * The paths in the source map are those of a bundle under `dist/` in the repository, wherever the folder is, so that
 * the asset's hash is the same on every machine.
 *
 * @throws Error when `lambda/<name>/handler.ts` is missing, or when it does not compile
 */
export function bundleFunction(name: FunctionName, folder: string): void {
  const entry = join(root, 'lambda', name, 'handler.ts');
  if (!existsSync(entry)) throw new Error(`the function ${name} has no entry: expected ${entry}`);
  const { outputFiles } = buildSync({
    entryPoints: [entry],
    outfile: join(root, 'dist', 'functions', name, 'index.js'),
    write: false,
    bundle: true,
    platform: 'node',
    // The laptop runs the same bundles as AWS Lambda does, with the oldest Node that we support.
    target: 'node20',
    format: 'cjs',
    mainFields: ['module', 'main'],
    minify: true,
    legalComments: 'none',
    sourcemap: 'linked',
    sourcesContent: false,
    logLevel,
  });
  mkdirSync(folder, { recursive: true });
  for (const file of outputFiles)
    writeFileSync(join(folder, file.path.endsWith('.map') ? 'index.js.map' : 'index.js'), file.contents);
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
    functionDirectory: (name) => once(`functions/${name}`, (target) => bundleFunction(name, target)),
    get pages() {
      return once('pages', (target) => builders.buildPages(target));
    },
    sampleGallery: () => once('sample-gallery', (target) => builders.generateSampleGallery(target)),
  };
}
