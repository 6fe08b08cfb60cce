// plan: what the controller would do, with reasons and prices, before anything is done.
import { basename } from 'node:path';
import { type Command, UserError } from '../command';
import { planText } from '../plan-text';
import { Outlook, type PlanningClients } from '../planned';
import { GROUP_OPTIONS, readTarget } from '../target';
import { readRightFile } from './config-check';

export const environmentOption = {
  type: 'string',
  value: 'E',
  description: 'whose settings declare the gallery’s own dataset group (default dev)',
} as const;

/** Where `train --config` puts a file. */
export const keyOf = (file: string): string => `personalize/config/${basename(file)}`;

export function planCommand(clients: PlanningClients): Command {
  return {
    name: 'plan',
    summary:
      'Shows what would be done in Amazon Personalize, and its price; with a file as if it were uploaded.',
    positionals: ['[FILE]'],
    options: {
      ...GROUP_OPTIONS,
      as: { type: 'string', value: 'KEY', description: 'where the file is to lie in the bucket' },
      environment: environmentOption,
    },
    async run(values, [file], rim) {
      if (file === undefined && values.as !== undefined) throw new UserError('--as needs a FILE', true);
      const target = await readTarget(clients, values);
      const right = file === undefined ? undefined : await readRightFile(file, target.passable);
      const environment = values.environment as string | undefined;
      const put = right && {
        put: String(values.as ?? keyOf(file ?? '')),
        configuration: right.configuration,
      };
      const outlook = new Outlook(clients, target, environment, rim.now(), put);
      const groups = values['dataset-group']
        ? [target.group]
        : right
          ? [right.configuration.datasetGroup?.serviceConfig.name ?? target.galleryGroup]
          : await outlook.groups();
      const planned = [];
      for (const group of groups) {
        rim.progress(`looking at ${group}`);
        planned.push(await outlook.of(group));
      }
      return {
        text: planned.map((each) => planText(each.datasetGroup, each.plan)).join('\n\n'),
        json: planned.map(({ datasetGroup, plan }) => ({ datasetGroup, ...plan })),
      };
    },
  };
}
