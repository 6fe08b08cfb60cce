// What a target gets of an event: all of it, a part, a constant, or a template filled from it.
import { z } from 'zod';
import { AwsError } from '../../service';

export const TARGET_INPUT = {
  Input: z.string().optional(),
  InputPath: z.string().optional(),
  InputTransformer: z
    .object({ InputPathsMap: z.record(z.string(), z.string()).default({}), InputTemplate: z.string() })
    .optional(),
};

export interface TargetInput {
  readonly Input?: string | undefined;
  readonly InputPath?: string | undefined;
  readonly InputTransformer?:
    | { readonly InputPathsMap: Readonly<Record<string, string>>; readonly InputTemplate: string }
    | undefined;
}

/** @throws ValidationException for more than one kind of input, and for placeholders that nothing defines */
export function checkInput(target: TargetInput & { readonly Id: string }): void {
  const { Id, Input, InputPath, InputTransformer } = target;
  if ([Input, InputPath, InputTransformer].filter((one) => one !== undefined).length > 1) {
    throw new AwsError(
      'ValidationException',
      `Only one of Input, InputPath, or InputTransformer must be provided for target ${Id}.`,
    );
  }
  const names = Object.keys(InputTransformer?.InputPathsMap ?? {});
  for (const [, name = ''] of InputTransformer?.InputTemplate.matchAll(/<([\w.-]+)>/g) ?? []) {
    if (names.includes(name) || PREDEFINED.includes(name)) continue;
    throw new AwsError(
      'ValidationException',
      `InputTemplate for target ${Id} contains invalid placeholder ${name}.`,
    );
  }
}

const PREDEFINED = [
  'aws.events.rule-arn',
  'aws.events.rule-name',
  'aws.events.event.ingestion-time',
  'aws.events.event',
  'aws.events.event.json',
];

/** The text that a target of a rule gets. */
export function targetInput(
  target: TargetInput,
  event: Readonly<Record<string, unknown>>,
  ruleArn: string,
  now: number,
): string {
  if (target.Input !== undefined) return target.Input;
  if (target.InputPath !== undefined) return JSON.stringify(jsonPath(event, target.InputPath) ?? {});
  if (!target.InputTransformer) return JSON.stringify(event);
  const { InputPathsMap, InputTemplate } = target.InputTransformer;
  const variables = new Map<string, unknown>([
    ['aws.events.rule-arn', ruleArn],
    ['aws.events.rule-name', ruleArn.split('/').at(-1)],
    ['aws.events.event.ingestion-time', new Date(now).toISOString()],
    ['aws.events.event', withoutDetail(event)],
    ['aws.events.event.json', event],
  ]);
  for (const [name, path] of Object.entries(InputPathsMap)) variables.set(name, jsonPath(event, path));
  return fill(InputTemplate, variables);
}

/** `$.detail.items[0].name`; undefined when the event has no such thing. */
export function jsonPath(value: unknown, path: string): unknown {
  if (path === '$') return value;
  let current = value;
  for (const [, name, index, quoted] of path.slice(1).matchAll(/\.([\w-]+)|\[(\d+)\]|\['([^']+)'\]/g)) {
    if (typeof current !== 'object' || current === null) return undefined;
    current = (current as Record<string, unknown>)[name ?? index ?? quoted ?? ''];
  }
  return current;
}

/** Variables inside a JSON string are put in as text, elsewhere as JSON. */
function fill(template: string, variables: ReadonlyMap<string, unknown>): string {
  let isInString = false;
  let filled = '';
  for (let index = 0; index < template.length; index += 1) {
    const variable = /^<([\w.-]+)>/.exec(template.slice(index));
    if (variable && variables.has(variable[1] ?? '')) {
      const value = variables.get(variable[1] ?? '');
      filled += isInString ? asText(value) : (JSON.stringify(value) ?? '""');
      index += variable[0].length - 1;
      continue;
    }
    const character = template[index] ?? '';
    if (character === '"' && template[index - 1] !== '\\') isInString = !isInString;
    filled += character;
  }
  return filled;
}

function asText(value: unknown): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return JSON.stringify(value).slice(1, -1);
  // In text, an object's own quotation marks are left out.
  return JSON.stringify(value).replaceAll('"', '');
}

function withoutDetail(event: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { detail: _detail, 'detail-type': detailType, ...rest } = event;
  return { ...rest, detailType };
}
