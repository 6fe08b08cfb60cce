// Executions of the state machine that ticks the groups.
import {
  DescribeExecutionCommand,
  ExecutionDoesNotExist,
  type SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';

export interface Executions {
  isRunning(executionArn: string): Promise<boolean>;
  start(input: {
    readonly datasetGroup: string;
    readonly reason: string;
    readonly configurationKey?: string;
  }): Promise<string>;
}

export function executions(client: SFNClient, stateMachineArn: string): Executions {
  return {
    async isRunning(executionArn) {
      try {
        const { status } = await client.send(new DescribeExecutionCommand({ executionArn }));
        return status === 'RUNNING';
      } catch (error) {
        if (error instanceof ExecutionDoesNotExist) return false;
        throw error;
      }
    },
    async start(input) {
      const { executionArn = '' } = await client.send(
        new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }),
      );
      return executionArn;
    },
  };
}
