// The workshop's documents as what a person does with them: commands, and under each of them what it prints.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const WORKSHOP = join(__dirname, '../../docs/workshop');

/** In the order of the workshop; the Korean ones are `….ko.md`. */
export const MODULES = [
  '0-set-up',
  '1-data',
  '2-solutions',
  '3-campaigns',
  '4-events',
  '5-evaluation',
  '6-clean-up',
] as const;

export const LANGUAGES = ['en', 'ko'] as const;
export type DocumentLanguage = (typeof LANGUAGES)[number];

export const documentPath = (name: string, language: DocumentLanguage): string =>
  join(WORKSHOP, `${name}${language === 'ko' ? '.ko' : ''}.md`);

export const readDocument = (name: string, language: DocumentLanguage): string =>
  readFileSync(documentPath(name, language), 'utf8');

export interface Step {
  /** Behind `npm run gallery -- `. */
  readonly words: readonly string[];
  /** What the document says that one should see; undefined when it says nothing. */
  readonly shown?: string;
}

const PROGRAM = 'npm run gallery -- ';
/** A block of one command, perhaps over several lines, and the block of its output where there is one. */
const STEP = /```sh\n(npm run gallery -- (?:[^`]*?))\n```\n(?:\n```text\n([^`]*?)```\n)?/g;

const wordsOf = (command: string): string[] =>
  command
    .replaceAll(/\\\n\s*/g, '')
    .slice(PROGRAM.length)
    .trim()
    .split(/\s+/);

/** @throws when a block holds more than one command */
export function stepsOf(document: string): Step[] {
  return [...document.matchAll(STEP)].map(([, command = '', shown]) => {
    if (/[^\\]\n/.test(command)) throw new Error(`more than one command in a block:\n${command}`);
    return { words: wordsOf(command), shown: shown?.trimEnd() };
  });
}

/** The document with other outputs, in the order of its steps that show one. */
export function withOutputs(document: string, outputs: readonly string[]): string {
  let next = 0;
  return document.replaceAll(STEP, (block, _, shown: string | undefined) =>
    shown === undefined
      ? block
      : block.replace(`\`\`\`text\n${shown}`, () => `\`\`\`text\n${outputs[next++]}\n`),
  );
}

/** What has to be the same at every run and on every machine: words and their order, not figures, identifiers and films. */
export const formOf = (output: string): string[] =>
  output.split('\n').map((line) =>
    line
      .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'id')
      .replace(/^Best by (.*): .*/, 'Best by $1')
      .replace(/^(.*) 기준 최고: .*/, '$1 기준 최고')
      .replaceAll(/\b[A-Z][a-z]+ [A-Z][a-z]+ \d+\b/g, 'film')
      .replaceAll(/\bf\d{3}\b/g, 'film')
      .replaceAll(/\d[\d.,]*/g, '0')
      .replaceAll(/─+/g, '─')
      .replaceAll(/\s+/g, ' ')
      .trim(),
  );
