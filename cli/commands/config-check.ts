// config-check: validates a configuration file of the training pipeline and reports every fault with its place.
import { readFile } from 'node:fs/promises';
import { readConfiguration } from '../../lambda/shared/configuration/read';
import { schedulesOf } from '../../lambda/shared/configuration/scheduled-parts';
import { type Command, UserError } from '../command';

export const configCheck: Command = {
  name: 'config-check',
  summary: 'Checks a configuration file of the training pipeline, all faults at once.',
  positionals: ['FILE'],
  options: {},
  async run(_values, [file = '']) {
    const result = readConfiguration(await textOf(file));
    if (!result.ok) {
      const lines = result.problems.map(
        ({ path, line, column, message }) => `${file}:${line}:${column}  ${path || 'file'}: ${message}`,
      );
      throw new UserError(`${lines.join('\n')}\n\n${faults(lines.length)}; nothing was sent anywhere`);
    }
    const { configuration } = result;
    const group = configuration.datasetGroup?.serviceConfig.name ?? "the gallery's own";
    const solutions = (configuration.solutions ?? []).map(({ serviceConfig }) => serviceConfig.name);
    const times = schedulesOf(configuration).map(({ expression, does }) => `\n  ${expression}: ${does}`);
    return {
      text: `${file} is good. Dataset group: ${group}; solutions: ${solutions.join(', ') || 'none'}.${times.join('')}`,
      json: configuration,
    };
  },
};

const faults = (count: number) => (count === 1 ? '1 fault' : `${count} faults`);

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new UserError(`cannot read ${file}: ${(error as NodeJS.ErrnoException).code ?? error}`);
  }
}
