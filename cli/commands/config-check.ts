// config-check: validates a configuration file of the training pipeline and reports every fault with its place. Also converts files of
// predecessors into our own format.
import type { Passable } from '../../lambda/shared/configuration/passable';
import {
  type LocatedProblem,
  type ReadResult,
  readConfiguration,
} from '../../lambda/shared/configuration/read';
import { schedulesOf } from '../../lambda/shared/configuration/scheduled-parts';
import { type Command, UserError } from '../command';
import { readText, writeNew } from '../files';
import { readTarget, type TargetClients } from '../target';

export type RightFile = Extract<ReadResult, { ok: true }>;

export function configCheck(clients: TargetClients): Command {
  return {
    name: 'config-check',
    summary: 'Checks a configuration file of the training pipeline, all faults at once.',
    positionals: ['FILE'],
    options: {
      convert: {
        type: 'string',
        value: 'TO',
        description: 'write it to this file in our own format, wherever it comes from',
      },
      'stack-prefix': {
        type: 'string',
        value: 'P',
        description: 'a deployment: whether it may pass the role and the key that the file names, too',
      },
    },
    async run({ convert, ...values }, [file = '']) {
      const target = values['stack-prefix'] ? await readTarget(clients, values) : undefined;
      const { configuration, notes } = await readRightFile(file, target?.passable);
      if (typeof convert === 'string') await writeNew(convert, `${JSON.stringify(configuration, null, 2)}\n`);
      const {
        name = "the gallery's own",
        roleArn,
        kmsKeyArn,
      } = configuration.datasetGroup?.serviceConfig ?? {};
      const solutions = (configuration.solutions ?? []).map(({ serviceConfig }) => serviceConfig.name);
      const times = schedulesOf(configuration).map(({ expression, does }) => `\n  ${expression}: ${does}`);
      const read = notes.map((note) => `\n${located(file, note)}`).join('');
      const open =
        !target && (roleArn ?? kmsKeyArn)
          ? '\nWhether a deployment may pass its role and key was not looked at: name one with --stack-prefix.'
          : '';
      const converted = typeof convert === 'string' ? `\nWritten to ${convert}.` : '';
      return {
        text: `${file} is good. Dataset group: ${name}; solutions: ${solutions.join(', ') || 'none'}.${times.join('')}${read}${open}${converted}`,
        json: { configuration, notes },
      };
    },
  };
}

/** @throws UserError naming every fault of the file */
export async function readRightFile(file: string, passable?: Passable): Promise<RightFile> {
  const result = readConfiguration(await readText(file), passable);
  if (result.ok) return result;
  const lines = result.problems.map((problem) => located(file, problem));
  throw new UserError(`${lines.join('\n')}\n\n${faults(lines.length)}; nothing was sent anywhere`);
}

const located = (file: string, { path, line, column, message }: LocatedProblem): string =>
  `${file}:${line}:${column}  ${path || 'file'}: ${message}`;

const faults = (count: number) => (count === 1 ? '1 fault' : `${count} faults`);
