// Finds a deployment by its stacks' prefix, and reads what its stacks put out.
import { type CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { type Options, UserError } from './command';

export const STACKS = ['storage', 'personalize', 'engagement', 'site', 'training', 'operations'] as const;

/** The option of every command that works on a deployment. */
export const DEPLOYMENT_OPTIONS = {
  'stack-prefix': {
    type: 'string',
    value: 'P',
    description: 'the deployment: its stacks are P-storage, P-site and so on (default emotion-gallery-dev)',
  },
} as const satisfies Options;

export const DEFAULT_PREFIX = 'emotion-gallery-dev';

export interface Deployment {
  readonly prefix: string;
  /** @throws UserError when no stack of the deployment has it */
  output(name: string): string;
  find(name: string): string | undefined;
}

/** @throws UserError when there is no stack of this prefix */
export async function readDeployment(
  client: Pick<CloudFormationClient, 'send'>,
  prefix: string,
): Promise<Deployment> {
  const stacks = await Promise.all(STACKS.map((name) => readOutputs(client, `${prefix}-${name}`)));
  const present = stacks.filter((outputs) => outputs !== undefined);
  if (present.length === 0) {
    throw new UserError(
      `there is no deployment with the prefix ${prefix} in this account and region; --stack-prefix names another one`,
    );
  }
  const outputs = new Map(present.flatMap((each) => [...each]));
  return {
    prefix,
    find: (name) => outputs.get(name),
    output: (name) => {
      const value = outputs.get(name);
      if (value !== undefined) return value;
      throw new UserError(`the deployment ${prefix} has no output ${name}: is it deployed completely?`);
    },
  };
}

async function readOutputs(
  client: Pick<CloudFormationClient, 'send'>,
  stackName: string,
): Promise<Map<string, string> | undefined> {
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: stackName }));
    const outputs = Stacks[0]?.Outputs ?? [];
    return new Map(outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]));
  } catch (error) {
    // CloudFormation has no error of its own for this: a ValidationError that says so.
    if (error instanceof Error && error.name === 'ValidationError' && /does not exist/.test(error.message)) {
      return undefined;
    }
    throw error;
  }
}
