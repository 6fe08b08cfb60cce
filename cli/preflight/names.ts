// Before a deployment: whether its stacks can be made or updated, and whether somebody else has the names that it wants.
import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { paginateListDatasetGroups, paginateListFilters } from '@aws-sdk/client-personalize';
import { GetScheduleGroupCommand } from '@aws-sdk/client-scheduler';
import { paginateListStateMachines } from '@aws-sdk/client-sfn';
import { type Check, check, type Finding, fails, ok } from '../checks';
import type { Clients } from '../clients';
import { STACKS } from '../deployment';

type Used = Pick<Clients, 'cloudFormation' | 'logs' | 'personalize' | 'scheduler' | 'stepFunctions'>;

/** States in which CloudFormation takes no update, with what it needs first. */
const STUCK: readonly (readonly [RegExp, string])[] = [
  [/^ROLLBACK_(COMPLETE|FAILED)$/, 'delete it: aws cloudformation delete-stack --stack-name'],
  [/^DELETE_FAILED$/, 'delete it: aws cloudformation delete-stack --stack-name'],
  [/^UPDATE_ROLLBACK_FAILED$/, 'aws cloudformation continue-update-rollback --stack-name'],
  [/_IN_PROGRESS$/, 'wait for it: aws cloudformation describe-stack-events --stack-name'],
];

export async function nameChecks(clients: Used, prefix: string): Promise<Check[]> {
  const looking = Promise.all(
    STACKS.map(async (part) => [part, await stackState(clients, `${prefix}-${part}`)] as const),
  );
  return [
    await check('stacks', async () => stacksFinding(prefix, await looking)),
    await check('names', async () => {
      const states = await looking;
      const isThere = (part: (typeof STACKS)[number]) =>
        states.some(([name, state]) => name === part && state !== undefined);
      const taken: string[] = [];
      if (!isThere('personalize')) taken.push(...(await takenInPersonalize(clients, prefix)));
      if (!isThere('engagement')) taken.push(...(await takenLogGroups(clients, prefix)));
      if (!isThere('training')) taken.push(...(await takenForTraining(clients, prefix)));
      return taken.length === 0
        ? ok(`nobody else has a name of ${prefix}`)
        : fails(
            `taken: ${taken.join(', ')}`,
            `npm run cleanup -- --stack-prefix ${prefix}, or deploy with another -c prefix=…`,
          );
    }),
  ];
}

function stacksFinding(prefix: string, states: readonly (readonly [string, string | undefined])[]): Finding {
  for (const [part, state = ''] of states) {
    const [, todo] = STUCK.find(([stuck]) => stuck.test(state)) ?? [];
    if (todo) return fails(`${prefix}-${part} is ${state}`, `First ${todo} ${prefix}-${part}`);
  }
  const there = states.filter(([, state]) => state !== undefined).length;
  return ok(
    there === 0
      ? 'none yet: all will be made'
      : `${there} of ${states.length} are there, and will be updated`,
  );
}

async function stackState({ cloudFormation }: Used, StackName: string): Promise<string | undefined> {
  try {
    return (await cloudFormation.send(new DescribeStacksCommand({ StackName }))).Stacks?.[0]?.StackStatus;
  } catch (error) {
    // CloudFormation has no error of its own for a stack that there is not.
    if (error instanceof Error && /does not exist/.test(error.message)) return undefined;
    throw error;
  }
}

async function takenInPersonalize({ personalize: client }: Used, prefix: string): Promise<string[]> {
  const taken: string[] = [];
  for await (const { datasetGroups = [] } of paginateListDatasetGroups({ client }, {})) {
    if (datasetGroups.some(({ name }) => name === prefix)) taken.push(`dataset group ${prefix}`);
  }
  const filters = ['by-emotion', 'in-gallery', 'in-gallery-not-liked', 'by-emotion-not-liked'].map(
    (name) => `${prefix}-${name}`,
  );
  for await (const { Filters = [] } of paginateListFilters({ client }, {})) {
    taken.push(...Filters.flatMap(({ name = '' }) => (filters.includes(name) ? [`filter ${name}`] : [])));
  }
  return taken;
}

async function takenLogGroups({ logs }: Used, prefix: string): Promise<string[]> {
  const name = `/aws/vendedlogs/${prefix}`;
  const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name }));
  return logGroups.some(({ logGroupName }) => logGroupName === name) ? [`log group ${name}`] : [];
}

async function takenForTraining(
  { scheduler, stepFunctions: client }: Used,
  prefix: string,
): Promise<string[]> {
  const taken: string[] = [];
  for await (const { stateMachines = [] } of paginateListStateMachines({ client }, {})) {
    if (stateMachines.some(({ name }) => name === prefix)) taken.push(`state machine ${prefix}`);
  }
  try {
    await scheduler.send(new GetScheduleGroupCommand({ Name: prefix }));
    taken.push(`schedule group ${prefix}`);
  } catch (error) {
    if ((error as Error).name !== 'ResourceNotFoundException') throw error;
  }
  return taken;
}
