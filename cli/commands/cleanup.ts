// cleanup: takes down what a deployment has in Amazon Personalize, whatever state it is in; also after a destroy that stopped half
// way. The stacks' own resources go with `cdk destroy --all`.
import { ListDatasetGroupsCommand, ListSchemasCommand } from '@aws-sdk/client-personalize';
import { deleteSchemas, inventory, pass } from '../../lambda/teardown/teardown';
import type { Clients } from '../clients';
import type { Command } from '../command';
import { DEFAULT_PREFIX, DEPLOYMENT_OPTIONS } from '../deployment';
import { textTable } from '../table';
import { pollingInterval, waitFor } from '../wait-for';

export function cleanup({ personalize }: Pick<Clients, 'personalize'>): Command {
  return {
    name: 'cleanup',
    summary:
      'Deletes everything of a deployment in Amazon Personalize, in order, and waits until it is gone.',
    options: {
      ...DEPLOYMENT_OPTIONS,
      'dry-run': { type: 'boolean', description: 'print what would go, and touch nothing' },
    },
    async run(values, _, rim) {
      const prefix = String(values['stack-prefix'] ?? DEFAULT_PREFIX);
      // By name, because the stacks and their outputs may be gone already.
      const group = await groupNamed(personalize, prefix);
      const found = group ? await inventory(personalize, group, 'everything') : [];
      const listed = new Set(found.map(({ arn }) => arn));
      const orphans = (await schemasNamed(personalize, prefix)).filter((arn) => !listed.has(arn));
      const all = [...found, ...orphans.map((arn) => ({ kind: 'schema' as const, arn, status: 'ACTIVE' }))];
      if (all.length === 0) return { text: `Nothing of ${prefix} is left in Amazon Personalize.`, json: [] };
      const table = textTable(
        ['kind', 'status', 'arn'],
        all.map(({ kind, status, arn }) => [kind, status, arn]),
      );
      if (values['dry-run']) return { text: `${table}\n\nNothing was touched.`, json: all };
      rim.progress(table);
      if (group) {
        await waitFor(
          {
            look: () => pass(personalize, group, 'everything'),
            isDone: (left) => left.length === 0,
            tell: (left) =>
              left.map(({ kind, status }) => `${kind} ${status.toLowerCase()}`).join(', ') || 'empty',
            everyMs: pollingInterval(process.env.AWS_ENDPOINT_URL),
          },
          rim,
        );
      }
      await deleteSchemas(
        personalize,
        all.filter(({ kind }) => kind === 'schema').map(({ arn }) => arn),
      );
      return { text: `Deleted ${all.length} resources of ${prefix}.`, json: all };
    },
  };
}

async function groupNamed(client: Clients['personalize'], name: string): Promise<string | undefined> {
  const { datasetGroups = [] } = await client.send(new ListDatasetGroupsCommand({ maxResults: 100 }));
  return datasetGroups.find((group) => group.name === name)?.datasetGroupArn;
}

/** The stacks' schemas are called `<prefix>-<type>-<hash>`. */
async function schemasNamed(client: Clients['personalize'], prefix: string): Promise<string[]> {
  const ours = new RegExp(`^${prefix}-(interactions|items|users)-[0-9a-f]{8}$`);
  const { schemas = [] } = await client.send(new ListSchemasCommand({ maxResults: 100 }));
  return schemas.flatMap(({ name = '', schemaArn }) => (ours.test(name) && schemaArn ? [schemaArn] : []));
}
