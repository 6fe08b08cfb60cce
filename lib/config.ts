// Reads the settings of one deployment from the environments' table and from `-c name=value`, and checks them together.
import { z } from 'zod';
import { environments } from './environments';
import { oneOf, type Settings, settingKinds } from './settings';

const kinds = { ...settingKinds, environment: oneOf(...Object.keys(environments)) };

export const settingNames = Object.keys(kinds) as readonly (keyof Settings)[];

/** Thrown at synthesis with every wrong setting at once: its name, what was got and what is allowed. */
export class SettingsError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`wrong settings:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'SettingsError';
  }
}

/**
 * The settings of the environment that the context names, overridden by the context.
 *
 * Context keys of the CDK and its libraries carry a colon, a slash or an at sign. Any other key is meant for us, so
 * one that is no setting is a typing mistake and is refused.
 *
 * @throws SettingsError
 */
export function readSettings(context: Readonly<Record<string, unknown>>): Settings {
  const environment = context.environment ?? 'dev';
  const ours = Object.fromEntries(Object.entries(context).filter(([name]) => !/[:/@]/.test(name)));
  const read = z.strictObject(kinds).safeParse({
    prefix: `emotion-gallery-${environment}`,
    ...environments[String(environment)],
    ...ours,
    environment,
  });
  if (read.success) return read.data;
  const misspelt = Object.keys(ours).filter((name) => !Object.hasOwn(kinds, name));
  const wrong = settingNames.filter((name) => read.error.issues.some(({ path }) => path[0] === name));
  const got = (name: string) =>
    `${name}: got ${JSON.stringify(ours[name] ?? `emotion-gallery-${environment}`)}`;
  throw new SettingsError([
    ...misspelt.map((name) => `${got(name)}, but the settings are ${settingNames.join(', ')}`),
    ...wrong.map((name) => `${got(name)}, allowed is ${descriptionOf(kinds[name])}`),
  ]);
}

/** A default or an option is wrapped around what is described. */
function descriptionOf(kind: z.ZodType): string {
  if (kind.description) return kind.description;
  return kind instanceof z.ZodDefault || kind instanceof z.ZodOptional
    ? descriptionOf(kind.unwrap() as z.ZodType)
    : 'something else';
}
