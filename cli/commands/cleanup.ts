// cleanup: takes down what a deployment has in Amazon Personalize, and the schedules of its configuration files, whatever state they
// are in; also after a destroy that stopped half way. The stacks' own resources go with `cdk destroy --all`.
import { paginateListDatasetGroups, paginateListSchemas } from '@aws-sdk/client-personalize';
import { groupsOfFiles } from '../../lambda/shared/personalize/groups-of-files';
import type { Remaining } from '../../lambda/teardown/inventory';
import { passOverMadeGroups } from '../../lambda/teardown/made-groups';
import { deleteSchemas, inventory, pass } from '../../lambda/teardown/teardown';
import type { Clients } from '../clients';
import type { Command } from '../command';
import { DEFAULT_PREFIX, DEPLOYMENT_OPTIONS } from '../deployment';
import { deleteScheduleGroup, listScheduleGroup } from '../schedule-group';
import { textTable } from '../table';
import { pollingInterval, waitFor } from '../wait-for';

export function cleanup({ personalize, scheduler }: Pick<Clients, 'personalize' | 'scheduler'>): Command {
  return {
    name: 'cleanup',
    summary:
      'Deletes everything of a deployment in Amazon Personalize, and its schedules, and waits until it is gone.',
    options: {
      ...DEPLOYMENT_OPTIONS,
      'dry-run': { type: 'boolean', description: 'print what would go, and touch nothing' },
    },
    async run(values, _, rim) {
      const prefix = String(values['stack-prefix'] ?? DEFAULT_PREFIX);
      const found = await findAll(personalize, prefix);
      // What starts the pipeline goes first. Schedules live in a group of the deployment's name.
      const all = [...(await listScheduleGroup(scheduler, prefix)), ...found.items];
      if (all.length === 0) {
        return { text: `Nothing of ${prefix} is left in Amazon Personalize, and no schedule.`, json: [] };
      }
      const table = textTable(
        ['kind', 'status', 'arn'],
        all.map(({ kind, status, arn }) => [kind, status, arn]),
      );
      if (values['dry-run']) return { text: `${table}\n\nNothing was touched.`, json: all };
      rim.progress(table);
      await waitFor(
        {
          look: async () => [
            ...(await deleteScheduleGroup(scheduler, prefix)),
            ...(found.group ? await pass(personalize, found.group, 'everything') : []),
            ...(await passOverMadeGroups(personalize, found.group ?? `dataset-group/${prefix}`)),
          ],
          isDone: (left) => left.length === 0,
          tell: (left) =>
            left.map(({ kind, status }) => `${kind} ${status.toLowerCase()}`).join(', ') || 'empty',
          everyMs: pollingInterval(process.env.AWS_ENDPOINT_URL),
        },
        rim,
      );
      await deleteSchemas(
        personalize,
        all.filter(({ kind }) => kind === 'schema').map(({ arn }) => arn),
      );
      return { text: `Deleted ${all.length} resources of ${prefix}.`, json: all };
    },
  };
}

interface Found {
  /** The gallery's own group, unless it is gone. */
  readonly group?: string;
  readonly items: readonly Remaining[];
}

/** By name and by tag, because the stacks and their outputs may be gone already. */
async function findAll(client: Clients['personalize'], prefix: string): Promise<Found> {
  const group = await groupNamed(client, prefix);
  const own = group ? await inventory(client, group, 'everything') : [];
  const made = await groupsOfFiles(client, group ?? `dataset-group/${prefix}`);
  const items = [...own];
  for (const arn of made) items.push(...(await inventory(client, arn, 'everything')));
  const listed = new Set(items.map(({ arn }) => arn));
  const orphans = (await schemasNamed(client, prefix)).filter((arn) => !listed.has(arn));
  items.push(...orphans.map((arn) => ({ kind: 'schema' as const, arn, status: 'ACTIVE' })));
  return { group, items };
}

async function groupNamed(client: Clients['personalize'], name: string): Promise<string | undefined> {
  for await (const { datasetGroups = [] } of paginateListDatasetGroups({ client }, {})) {
    const found = datasetGroups.find((group) => group.name === name);
    if (found) return found.datasetGroupArn;
  }
  return undefined;
}

/** The stacks' schemas are called `<prefix>-<type>-<hash>`. */
async function schemasNamed(client: Clients['personalize'], prefix: string): Promise<string[]> {
  const ours = new RegExp(`^${prefix}-(interactions|items|users)-[0-9a-f]{8}$`);
  const found: string[] = [];
  for await (const { schemas = [] } of paginateListSchemas({ client }, {})) {
    for (const { name = '', schemaArn } of schemas) if (ours.test(name) && schemaArn) found.push(schemaArn);
  }
  return found;
}
