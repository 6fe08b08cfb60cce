// Outputs of a stack, and the exports among them: each name is unique, and one that another stack imports stays as it is.
import { importedNames } from './imports';
import type { Resolver } from './intrinsics';
import type { StackOutput, StackRecord } from './stack';
import type { StackStore } from './store';
import { type Template, validationError } from './template';

/** Where this process answers. */
export interface Addresses {
  /** Of sites: `localhost:8080`. */
  readonly siteHost: string;
  /** Of HTTP APIs, behind their ids: `execute-api.localhost:4566`. */
  readonly apiHost: string;
}

const API_ADDRESS = /https:\/\/([a-z0-9]+)\.execute-api\.[a-z0-9-]+\.amazonaws\.com/g;

/**
 * A text with links that can be opened here: sites and HTTP APIs speak plain HTTP, and an API answers at the endpoint. Exports keep
 * the API's host as it is, because other stacks make origins of it.
 */
function openable(text: string, { siteHost, apiHost }: Addresses, isExport: boolean): string {
  const [, port = ''] = siteHost.split(':');
  const sites = text
    .replaceAll(`https://${siteHost}`, `http://${siteHost}`)
    .replaceAll(new RegExp(`https://([a-z0-9]+\\.localhost:${port})`, 'g'), 'http://$1');
  return isExport ? sites : sites.replaceAll(API_ADDRESS, `http://$1.${apiHost}`);
}

export function outputsOf(template: Template, resolver: Resolver, addresses: Addresses): StackOutput[] {
  const outputs: StackOutput[] = [];
  for (const [key, output] of Object.entries(template.Outputs)) {
    if (output.Condition !== undefined && !resolver.condition(output.Condition)) continue;
    const value = resolver.resolve(output.Value);
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    outputs.push({
      key,
      value: openable(text, addresses, output.Export !== undefined),
      description: output.Description,
      exportName: output.Export && String(resolver.resolve(output.Export.Name)),
    });
  }
  return outputs;
}

const exportsOf = (outputs: readonly StackOutput[]) =>
  new Map(
    outputs.flatMap(({ exportName, value }) => (exportName === undefined ? [] : [[exportName, value]])),
  );

const othersThan = (stack: StackRecord, store: StackStore) =>
  store.all().filter(({ id, status }) => id !== stack.id && status !== 'DELETE_COMPLETE');

/** Throws ValidationError when another stack has an export of the same name, or imports one that would go or change. */
export function checkExports(stack: StackRecord, outputs: readonly StackOutput[], store: StackStore): void {
  const after = exportsOf(outputs);
  for (const other of othersThan(stack, store)) {
    const taken = [...exportsOf(other.outputs).keys()].find((name) => after.has(name));
    if (taken !== undefined) {
      throw validationError(`Export with name ${taken} is already exported by stack ${other.name}.`);
    }
  }
  const before = [...exportsOf(store.get(stack.id).outputs)];
  const gone = before.flatMap(([name]) => (after.has(name) ? [] : [name]));
  const changed = before.flatMap(([name, value]) =>
    after.has(name) && after.get(name) !== value ? [name] : [],
  );
  checkNotImported(stack, gone, 'deleted', store);
  checkNotImported(stack, changed, 'updated', store);
}

/** Throws ValidationError when another stack imports an export that goes with the stack. */
export function checkNotUsed(stack: StackRecord, store: StackStore): void {
  checkNotImported(stack, [...exportsOf(stack.outputs).keys()], 'deleted', store);
}

function checkNotImported(
  stack: StackRecord,
  names: readonly string[],
  change: 'deleted' | 'updated',
  store: StackStore,
): void {
  for (const other of othersThan(stack, store)) {
    const imported = importsOf(other);
    const name = names.find((candidate) => imported.has(candidate));
    if (name !== undefined) {
      throw validationError(`Export ${name} cannot be ${change} as it is in use by ${other.name}`);
    }
  }
}

/** What the stack imports; before its first deployment has ended, what its template names. */
export function importsOf({ imports, template }: StackRecord): ReadonlySet<string> {
  if (imports !== undefined) return new Set(imports);
  return template === '' ? new Set() : importedNames(template);
}
