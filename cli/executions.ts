// Executions of the training pipeline, as the commands look for them.
import {
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  ListExecutionsCommand,
  type SFNClient,
} from '@aws-sdk/client-sfn';

/** The ARNs of the newest executions, newest first. */
export async function newestExecutions(
  client: SFNClient,
  stateMachineArn: string,
  filter: { readonly statusFilter?: 'RUNNING' } = {},
): Promise<string[]> {
  const { executions = [] } = await client.send(
    new ListExecutionsCommand({ stateMachineArn, maxResults: 20, ...filter }),
  );
  return executions.flatMap(({ executionArn }) => executionArn ?? []);
}

export const describeExecution = (
  client: SFNClient,
  executionArn: string,
): Promise<DescribeExecutionCommandOutput> => client.send(new DescribeExecutionCommand({ executionArn }));

/** The configuration file that an execution is for; undefined for the gallery's own solutions. */
export function configurationKeyOf({ input = '{}' }: DescribeExecutionCommandOutput): string | undefined {
  return (JSON.parse(input) as { configurationKey?: string }).configurationKey;
}

/** The name of the dataset group that an execution ticks; undefined for the gallery's. */
export function groupNameOf({ input = '{}' }: DescribeExecutionCommandOutput): string | undefined {
  return (JSON.parse(input) as { datasetGroup?: string }).datasetGroup;
}
