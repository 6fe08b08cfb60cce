// Makes photos for benchmarks: with the codecs of the catalogue, which are WebAssembly and so bundled first, as they are for its function.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { forNode } from '../lib/build-assets';

export function photoMaker(): typeof import('./make-photo') {
  const folder = mkdtempSync(join(tmpdir(), 'photo-maker-'));
  try {
    const outfile = join(folder, 'make-photo.js');
    buildSync({ ...forNode, entryPoints: [join(__dirname, 'make-photo.ts')], outfile });
    return require(outfile);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
