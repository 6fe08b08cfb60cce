// Executions of the controller's machine, as the commands look for them.
import { DescribeExecutionCommand, paginateListExecutions, type SFNClient } from '@aws-sdk/client-sfn';

/** The names of the dataset groups that an execution ticks now; `undefined` stands for the gallery's. */
export async function tickedGroups(
  client: SFNClient,
  stateMachineArn: string,
): Promise<Set<string | undefined>> {
  const found = new Set<string | undefined>();
  const running = { stateMachineArn, statusFilter: 'RUNNING' } as const;
  for await (const { executions = [] } of paginateListExecutions({ client }, running)) {
    for (const { executionArn } of executions) {
      const { input = '{}' } = await client.send(new DescribeExecutionCommand({ executionArn }));
      found.add((JSON.parse(input) as { datasetGroup?: string }).datasetGroup);
    }
  }
  return found;
}
