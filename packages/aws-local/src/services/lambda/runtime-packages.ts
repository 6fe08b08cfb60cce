// What AWS's Node.js runtime has beside a function's own code: the AWS SDK. Functions that leave it out of their bundle find here the
// packages of it that this package depends on: in a folder above their own, where both `require` and `import` look.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** The folder beside the functions' code. */
export const RUNTIME_FOLDER = 'node_modules';

const PACKAGE = join(__dirname, '../../../package.json');
const IMPORTED = /(?:\brequire\s*\(|\bfrom\s*|\bimport\s*\(?)\s*["'](@(?:aws-sdk|smithy)\/[\w.-]+)/g;

/** Where an installed package is; its own `exports` may hide its package.json. */
function installed(name: string, from: string): string | undefined {
  const folders = createRequire(from).resolve.paths(name) ?? [];
  return folders.map((folder) => join(folder, name)).find((folder) => existsSync(folder));
}

/** Links the SDK's packages anew: an earlier start may have found them elsewhere. */
export function linkRuntimePackages(codeFolder: string): void {
  const target = join(codeFolder, RUNTIME_FOLDER);
  rmSync(target, { recursive: true, force: true });
  const { dependencies } = JSON.parse(readFileSync(PACKAGE, 'utf8')) as { dependencies: object };
  const names = Object.keys(dependencies).filter((name) => name.startsWith('@aws-sdk/'));
  for (const name of names) {
    const source = installed(name, PACKAGE);
    if (source) link(target, name, source);
  }
  // What the SDK itself is made of is there too, as on AWS.
  const smithy = installed('@smithy/core', PACKAGE);
  if (!smithy) return;
  for (const part of readdirSync(join(smithy, '..'))) {
    link(target, `@smithy/${part}`, join(smithy, '..', part));
  }
}

function link(folder: string, name: string, source: string): void {
  mkdirSync(join(folder, name, '..'), { recursive: true });
  symlinkSync(source, join(folder, name), 'dir');
}

/** The SDK's packages that a function's own files name and that are neither with it nor here. */
export function missingPackages(codeFolder: string, taskRoot: string): string[] {
  const missing = new Set<string>();
  const files = readdirSync(taskRoot).filter((name) => /\.[cm]?js$/.test(name));
  for (const file of files) {
    for (const [, name = ''] of readFileSync(join(taskRoot, file), 'utf8').matchAll(IMPORTED)) {
      const folders = [join(taskRoot, 'node_modules'), join(codeFolder, RUNTIME_FOLDER)];
      if (!folders.some((folder) => existsSync(join(folder, name)))) missing.add(name);
    }
  }
  return [...missing].sort();
}
