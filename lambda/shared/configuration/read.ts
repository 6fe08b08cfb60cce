// Reads a configuration file: JSON text in, a configuration or every problem with its place out.
import { findNodeAtLocation, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { z } from 'zod';
import { type Configuration, configuration } from './configuration';
import { consistencyProblems } from './consistency';
import type { Problem } from './problem';
import { fromSampleParameters, isSampleFormat, sampleParameters } from './sample-format';

export interface LocatedProblem {
  /** For example `solutions[0].serviceConfig.name`; empty for the whole file. */
  readonly path: string;
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export type ReadResult =
  | { readonly ok: true; readonly configuration: Configuration }
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

function check(json: unknown): { configuration: Configuration } | { problems: readonly Problem[] } {
  const parsed = isSampleFormat(json)
    ? sampleParameters.transform(fromSampleParameters).safeParse(json, { reportInput: true })
    : configuration.safeParse(json, { reportInput: true });
  if (!parsed.success) return { problems: parsed.error.issues.flatMap(flattenIssue) };
  const problems = consistencyProblems(parsed.data);
  return problems.length > 0 ? { problems } : { configuration: parsed.data };
}

/** Reads and checks a configuration file, in our own format or in that of AWS's sample pipeline. */
export function readConfiguration(text: string): ReadResult {
  if (text.length > MAX_CONFIGURATION_CHARACTERS) {
    const message = `the file has ${text.length} characters, allowed are ${MAX_CONFIGURATION_CHARACTERS}`;
    return { ok: false, problems: [{ path: '', line: 1, column: 1, message }] };
  }
  const syntax: ParseError[] = [];
  const root = parseTree(text, syntax, { disallowComments: true, allowTrailingComma: false });
  // Later syntax errors mostly follow from the first one.
  const [fault] = syntax;
  if (fault) {
    const reason = printParseErrorCode(fault.error).replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
    return {
      ok: false,
      problems: [{ path: '', ...positionOf(text, fault.offset), message: `not JSON:${reason}` }],
    };
  }
  if (!root) return { ok: false, problems: [{ path: '', line: 1, column: 1, message: 'the file is empty' }] };
  const result = check(JSON.parse(text));
  if ('configuration' in result) return { ok: true, configuration: result.configuration };
  const problems = result.problems.map(({ path, message }) => ({
    path: pathText(path),
    ...positionOf(text, nearestNode(root, path).offset),
    message,
  }));
  return { ok: false, problems };
}
