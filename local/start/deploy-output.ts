// Reads what the CDK CLI prints while it deploys, and tells its steps: synthesis, each stack, failures.

export type DeployStep =
  | { readonly kind: 'synthesized'; readonly seconds: number }
  | { readonly kind: 'deploying'; readonly stack: string }
  | { readonly kind: 'done'; readonly stack: string; readonly changed: boolean }
  | { readonly kind: 'resource-failed'; readonly text: string };

// biome-ignore lint/suspicious/noControlCharactersInRegex: the colours that the CLI prints begin with an escape character
const COLOURS = /\u001b\[[0-9;]*m/g;

/** The step that a line of output tells of, or undefined. */
export function readStep(line: string): DeployStep | undefined {
  const text = line.replace(COLOURS, '').trim();
  const synthesis = /Synthesis time: ([\d.]+)s/.exec(text);
  if (synthesis) return { kind: 'synthesized', seconds: Number(synthesis[1]) };
  const deploying = /^(\S+): (?:deploying\.\.\.|creating CloudFormation changeset)/.exec(text);
  if (deploying?.[1]) return { kind: 'deploying', stack: deploying[1] };
  const done = /^✅\s+(\S+?)( \(no changes\))?$/u.exec(text);
  if (done?.[1]) return { kind: 'done', stack: done[1], changed: done[2] === undefined };
  if (/\| (?:CREATE|UPDATE|DELETE)_FAILED\s+\|/.test(text)) {
    return { kind: 'resource-failed', text: text.split('|').slice(3).join('|').trim() };
  }
  return undefined;
}
