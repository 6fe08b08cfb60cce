// What imports what in this repository, read from the sources' import statements: the boundaries' test and the picture of the
// house stand on it.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, normalize, relative } from 'node:path';

/** An import statement of one file. */
export interface Import {
  /** The importing file, relative to the repository. */
  readonly from: string;
  /** The imported file, relative to the repository, or the name of a package that is not part of it. */
  readonly to: string;
  /** As it stands in the file. */
  readonly specifier: string;
  /** Whether it vanishes at run time. */
  readonly typeOnly: boolean;
  /** `import()` and `require()`, which happen when they are reached. */
  readonly dynamic: boolean;
}

const SOURCES = /\.(ts|js|mjs)$/;
const SKIPPED = new Set(['node_modules', 'dist', 'cdk.out']);
const STATEMENT =
  /(?:^|[\s;}])(?:(import|export)\s+(type\s+)?(?:[\w$*{}\s,]+?\s+from\s+)?|(?:import|require|require\.resolve|resolve)\(\s*)'([^'\n]+)'/g;
const builtins = new Set(builtinModules);

/** All sources below a folder of the repository, relative to it. */
export function sourcesBelow(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (SKIPPED.has(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sourcesBelow(root, path);
    return SOURCES.test(entry.name) ? [path] : [];
  });
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}

function resolveFile(root: string, path: string): string | undefined {
  const candidates = [path, `${path}.ts`, `${path}.js`, `${path}.mjs`, join(path, 'index.ts')];
  return candidates.find((name) => existsSync(join(root, name)) && statSync(join(root, name)).isFile());
}

/** `@emotion-gallery/local-kit/clock` → `packages/local-kit/src/clock/index.ts`; other packages by their name alone. */
function resolvePackage(root: string, specifier: string): string {
  const parts = specifier.split('/');
  const length = specifier.startsWith('@') ? 2 : 1;
  const [name, own] = [parts.slice(0, length).join('/'), parts.slice(length).join('/')];
  const manifest = join(root, 'packages', parts[1] ?? '', 'package.json');
  if (!name.startsWith('@emotion-gallery/') || !existsSync(manifest)) return name;
  const { exports } = JSON.parse(readFileSync(manifest, 'utf8'));
  const source: string | undefined = exports[own ? `./${own}` : '.']?.source;
  if (!source) throw new Error(`${specifier} is not exported by ${relative(root, manifest)}`);
  return join('packages', parts[1] ?? '', source);
}

/** The imports of one file, Node's own modules left out. @throws Error when a file of the repository is not there */
export function importsOf(root: string, file: string): Import[] {
  const text = withoutComments(readFileSync(join(root, file), 'utf8'));
  return [...text.matchAll(STATEMENT)].flatMap(([, keyword, typeOnly, specifier = '']) => {
    if (specifier.startsWith('node:') || builtins.has(specifier)) return [];
    const isOurs = specifier.startsWith('.');
    // A word in quotes behind a call named resolve is no module.
    if (!isOurs && !keyword && !/^(@[\w-]+\/)?[\w.-]+(\/[\w./-]+)?$/.test(specifier)) return [];
    const to = isOurs
      ? resolveFile(root, normalize(join(dirname(file), specifier)))
      : resolvePackage(root, specifier);
    if (!to) return isOurs && !keyword ? [] : [unresolved(file, specifier)];
    return [{ from: file, to, specifier, typeOnly: typeOnly !== undefined, dynamic: keyword === undefined }];
  });
}

function unresolved(file: string, specifier: string): never {
  throw new Error(`${file} imports '${specifier}', which is not there`);
}

/** Groups that depend on each other in a circle, each sorted; none when the dependencies flow one way. */
export function circles(edges: readonly (readonly [string, string])[]): string[][] {
  const reachable = new Map<string, Set<string>>();
  const next = new Map<string, string[]>();
  for (const [from, to] of edges) next.set(from, [...(next.get(from) ?? []), to]);
  const nodes = [...new Set(edges.flat())].sort();
  for (const start of nodes) {
    const seen = new Set<string>();
    const open = [start];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      for (const to of next.get(node) ?? []) {
        if (!seen.has(to)) {
          seen.add(to);
          open.push(to);
        }
      }
    }
    reachable.set(start, seen);
  }
  const knotted = nodes.filter((node) => reachable.get(node)?.has(node));
  const isTogether = (a: string, b: string) => reachable.get(a)?.has(b) && reachable.get(b)?.has(a);
  const groups: string[][] = [];
  for (const node of knotted) {
    const group = groups.find(([first]) => first !== undefined && isTogether(first, node));
    if (group) group.push(node);
    else groups.push([node]);
  }
  return groups;
}
