// Import and export jobs: the dataset that is meant, and the wait for the end.
import { DescribeDatasetCommand, DescribeSchemaCommand } from '@aws-sdk/client-personalize';
import { unlessGone } from '../lambda/shared/personalize/life-cycle';
import type { Clients } from './clients';
import { type Option, type Rim, UserError, type Values } from './command';
import type { Target } from './target';
import { pollingInterval, waitFor } from './wait-for';

const types = ['INTERACTIONS', 'ITEMS', 'USERS', 'ACTIONS', 'ACTION_INTERACTIONS'] as const;

export const datasetOption: Option = {
  type: 'string',
  value: 'D',
  description: 'interactions, items, users, actions or action_interactions (default interactions)',
};

export interface MeantDataset {
  /** In lower case. */
  readonly name: string;
  readonly datasetArn: string;
  /** The schema's document as JSON. */
  readonly schema: string;
}

/** @throws UserError when there is no such type, or the group has no dataset of it */
export async function meantDataset(
  client: Clients['personalize'],
  target: Target,
  values: Values,
): Promise<MeantDataset> {
  const datasetArn = target.datasetArn(typeOf(values));
  const name = typeOf(values).toLowerCase();
  const described = await unlessGone(client.send(new DescribeDatasetCommand({ datasetArn })));
  if (!described) throw new UserError(`${target.group} has no dataset of ${name}`);
  const { schema } = await client.send(
    new DescribeSchemaCommand({ schemaArn: described.dataset?.schemaArn }),
  );
  return { name, datasetArn, schema: schema?.schema ?? '' };
}

/** @throws UserError when there is no such type */
export function typeOf(values: Values): (typeof types)[number] {
  const text = String(values.dataset ?? 'interactions');
  const type = types.find((one) => one === text.toUpperCase());
  if (!type) throw new UserError(`--dataset must be ${types.join(', ').toLowerCase()}, got ${text}`, true);
  return type;
}

interface Job {
  readonly status?: string;
  readonly failureReason?: string;
}

/** @param what `import into users`. @throws UserError when it failed */
export async function jobEnd(what: string, look: () => Promise<Job | undefined>, rim: Rim): Promise<void> {
  const job = await waitFor(
    {
      look,
      isDone: (seen) => /ACTIVE|FAILED/.test(seen?.status ?? ''),
      tell: (seen) => `${what}: ${seen?.status}`,
      everyMs: pollingInterval(process.env.AWS_ENDPOINT_URL),
    },
    rim,
  );
  if (job?.status !== 'ACTIVE') throw new UserError(`the ${what} failed: ${job?.failureReason}`);
}
