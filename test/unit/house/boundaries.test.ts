// What may know what: packages stand alone, the app needs no emulator, and nothing goes round in circles.
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { workspaces } from '../../../package.json';
import { drawHouses, PICTURE } from '../../../scripts/house/draw';
import { circles, type Import, importsOf, sourcesBelow } from '../../../scripts/house/imports';

const ROOT = resolve(__dirname, '../../..');
const APP = ['bin', 'lib', 'lambda', 'enabler-web', 'cli'];
const EMULATORS = ['packages/personalize-local', 'packages/aws-local'];

const importsBelow = (folder: string) => sourcesBelow(ROOT, folder).flatMap((file) => importsOf(ROOT, file));
const manifestOf = (workspace: string) =>
  JSON.parse(readFileSync(join(ROOT, workspace, 'package.json'), 'utf8'));
const told = ({ from, specifier }: Import) => `${from} imports ${specifier}`;

describe.each(workspaces)('%s', (workspace) => {
  const { dependencies = {}, devDependencies = {} } = manifestOf(workspace);
  const sources = `${workspace}/src/`;
  const imports = importsBelow(`${workspace}/src`);
  const outside = imports.filter(({ to }) => !to.startsWith(sources));

  test('imports nothing outside itself but its declared dependencies', () => {
    const undeclared = outside.filter(({ specifier, dynamic }) => {
      const named = /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier;
      // What only a run from the sources reaches is a development dependency.
      const isDeclared = named in dependencies || (dynamic && named in devDependencies);
      return specifier.startsWith('.') || !isDeclared;
    });
    expect(undeclared.map(told)).toEqual([]);
  });

  test('declares no dependency that it does not import', () => {
    const unused = Object.keys(dependencies).filter(
      (dependency) =>
        // What functions of apps find beside their code is found by package.json.
        !(workspace === 'packages/aws-local' && dependency.startsWith('@aws-sdk/')) &&
        !outside.some(({ specifier }) => specifier === dependency || specifier.startsWith(`${dependency}/`)),
    );
    expect(unused).toEqual([]);
  });
});

test('the packages do not depend on each other in a circle', () => {
  const edges = workspaces.flatMap((workspace) => {
    const { name, dependencies = {} } = manifestOf(workspace);
    return Object.keys(dependencies)
      .filter((dependency) => dependency.startsWith('@emotion-gallery/'))
      .map((dependency): [string, string] => [name, dependency]);
  });
  expect(circles(edges)).toEqual([]);
});

test.each(workspaces)('the folders of %s do not depend on each other in a circle', (workspace) => {
  // Beside the folders lie single files: what all of them stand on, and what puts them together.
  const place = (file: string) => (dirname(file) === `${workspace}/src` ? file : dirname(file));
  const edges = importsBelow(`${workspace}/src`)
    .map(({ from, to }): [string, string] => [place(from), place(to)])
    .filter(([from, to]) => from !== to && to.startsWith(workspace));
  expect(circles(edges)).toEqual([]);
});

test.each(APP)('%s imports no emulator', (folder) => {
  const foreign = importsBelow(folder).filter(
    ({ to }) => EMULATORS.some((emulator) => to.startsWith(emulator)) || to.startsWith('local/'),
  );
  expect(foreign.map(told)).toEqual([]);
});

test('the picture of the house shows it as it is: npm run house draws it anew', () => {
  expect(readFileSync(PICTURE, 'utf8')).toBe(drawHouses());
});
