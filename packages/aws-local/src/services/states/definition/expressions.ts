// What the expressions in a state's fields must be: JSONata that can be read and starts from what there is, paths and intrinsic functions.

import { parseCall } from '../query/intrinsic-functions';
import { compile, expressionIn } from '../query/jsonata';
import type { Diagnostics } from './diagnostics';

/** Checks all `{% … %}` in a field. */
export function checkJsonata(value: unknown, location: string, diagnostics: Diagnostics): void {
  if (typeof value === 'string') {
    const expression = expressionIn(value);
    if (expression !== undefined) checkExpression(expression, location, diagnostics);
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) checkJsonata(item, `${location}[${index}]`, diagnostics);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, item] of Object.entries(value)) checkJsonata(item, `${location}/${name}`, diagnostics);
  }
}

function checkExpression(expression: string, location: string, diagnostics: Diagnostics): void {
  let tree: Node;
  try {
    tree = compile(expression).ast() as unknown as Node;
  } catch (error) {
    diagnostics.add(location, (error as Error).message, 'INVALID_JSONATA_EXPRESSION');
    return;
  }
  for (const name of new Set(topLevelNames(tree))) {
    const message = `Reference to '${name}' at the top level is not supported.`;
    diagnostics.add(location, message, 'UNSUPPORTED_JSONATA_EXPRESSION');
  }
}

interface Node {
  readonly type?: string;
  readonly value?: unknown;
  readonly steps?: readonly Node[];
  readonly [part: string]: unknown;
}

/** Names that would be read from a context that expressions of states do not have. */
function topLevelNames(node: Node): string[] {
  switch (node.type) {
    case 'name':
      return [String(node.value)];
    case 'path': {
      // Later steps read from what the first one found.
      const [first] = node.steps ?? [];
      return first ? topLevelNames(first) : [];
    }
    case 'lambda':
    case 'transform':
      return [];
    default:
      return Object.entries(node).flatMap(([part, inner]) =>
        ['predicate', 'stages', 'group', 'nextFunction'].includes(part)
          ? []
          : nodesIn(inner).flatMap(topLevelNames),
      );
  }
}

function nodesIn(part: unknown): Node[] {
  if (Array.isArray(part)) return part.flatMap(nodesIn);
  return typeof part === 'object' && part !== null && 'type' in part ? [part as Node] : [];
}

/** Checks the `.$` members of a payload template. */
export function checkTemplate(value: unknown, location: string, diagnostics: Diagnostics): void {
  if (Array.isArray(value)) {
    for (const item of value) checkTemplate(item, location, diagnostics);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [name, item] of Object.entries(value)) {
    if (!name.endsWith('.$')) checkTemplate(item, `${location}/${name}`, diagnostics);
    else if (!isPathOrCall(item)) {
      const message = `The value for the field '${name}' must be a valid JSONPath or a valid intrinsic function call`;
      diagnostics.add(location, message);
    }
  }
}

export function isPath(value: unknown): value is string {
  return typeof value === 'string' && /^\${1,2}(\.|\[|$|[\p{L}_])/u.test(value);
}

export function isPathOrCall(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  if (value.startsWith('$')) return isPath(value);
  try {
    parseCall(value);
    return true;
  } catch {
    return false;
  }
}
