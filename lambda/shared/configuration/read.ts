// Reads a configuration file: JSON text in, a configuration or every problem with its place out.
import type { Path, Problem } from '@emotion-gallery/personalize-rules/recipes';
import { findNodeAtLocation, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { z } from 'zod';
import { type Configuration, configuration } from './configuration';
import { consistencyProblems } from './consistency';
import { type Passable, passProblems } from './passable';
import { fromPredecessors } from './predecessors';

export interface LocatedProblem {
  /** For example `solutions[0].serviceConfig.name`; empty for the whole file. */
  readonly path: string;
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export type ReadResult =
  /** `notes`: what was read otherwise than it is written. */
  | {
      readonly ok: true;
      readonly configuration: Configuration;
      readonly notes: readonly LocatedProblem[];
    }
  | { readonly ok: false; readonly problems: readonly LocatedProblem[] };

/** A configuration is a page of settings; what is larger is data in the wrong place. */
export const MAX_CONFIGURATION_CHARACTERS = 200_000;

const pathText = (path: readonly (string | number)[]): string =>
  path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`))
    .join('');

function positionOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** The node at a path, or the nearest one around it: a missing member has no place of its own. */
function nearestNode(root: Node, path: readonly (string | number)[]): Node {
  for (let length = path.length; length > 0; length--) {
    const node = findNodeAtLocation(root, path.slice(0, length));
    if (node) return node;
  }
  return root;
}

/** Members whose name is not known get a problem each, at the member itself. */
function flattenIssue(issue: z.core.$ZodIssue): Problem[] {
  const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...path, key], message: 'there is no such setting' }));
  }
  const isMissing = issue.code === 'invalid_type' && issue.input === undefined;
  return [{ path, message: isMissing ? `is missing, expected ${issue.expected}` : issue.message }];
}

function check(
  json: unknown,
  passable: Passable | undefined,
): { configuration: Configuration } | { problems: readonly Problem[] } {
  const parsed = configuration.safeParse(json, { reportInput: true });
  if (!parsed.success) return { problems: parsed.error.issues.flatMap(flattenIssue) };
  const problems = [
    ...consistencyProblems(parsed.data),
    ...(passable ? passProblems(parsed.data, passable) : []),
  ];
  return problems.length > 0 ? { problems } : { configuration: parsed.data };
}

const fault = (message: string, at = { line: 1, column: 1 }): ReadResult => ({
  ok: false,
  problems: [{ path: '', ...at, message }],
});

/**
 * Reads and checks a configuration file, in our own format or in those of our predecessors.
 *
 * @param passable what the file's deployment may pass; without it nothing is said of roles and keys
 */
export function readConfiguration(file: string, passable?: Passable): ReadResult {
  // A byte-order mark says nothing about UTF-8, but some editors write one.
  const text = file.replace(/^\uFEFF/, '');
  if (text.length > MAX_CONFIGURATION_CHARACTERS) {
    return fault(`the file has ${text.length} characters, allowed are ${MAX_CONFIGURATION_CHARACTERS}`);
  }
  const syntax: ParseError[] = [];
  const root = parseTree(text, syntax, { disallowComments: true, allowTrailingComma: false });
  // Later syntax errors mostly follow from the first one.
  const [wrong] = syntax;
  if (wrong) {
    const reason = printParseErrorCode(wrong.error).replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
    return fault(`not JSON:${reason}`, positionOf(text, wrong.offset));
  }
  if (!root) return fault('the file is empty');
  const { json, notes, placeOf } = fromPredecessors(JSON.parse(text));
  const located = (place: Path, message: string): LocatedProblem => ({
    path: pathText(place),
    ...positionOf(text, nearestNode(root, place).offset),
    message,
  });
  const result = check(json, passable);
  if ('problems' in result) {
    return {
      ok: false,
      problems: result.problems.map(({ path, message }) => located(placeOf(path), message)),
    };
  }
  return {
    ok: true,
    configuration: result.configuration,
    notes: notes.map(({ path, message }) => located(path, message)),
  };
}
