// Takes from the functions that deliver likes the right to do so, and gives it back.
import { DeleteRolePolicyCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { LambdaClient, paginateListFunctions } from '@aws-sdk/client-lambda';
import { administrator } from '../../local/app/account';
import type { RunningApp } from '../../local/app/running-app';

const PolicyName = 'no-delivery';
const PolicyDocument = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Action: 'personalize:PutEvents', Resource: '*' }],
});

/** Those that send likes: at once, again later, and before they are counted. */
const DELIVERING = /like|redeliver|controller/i;

async function deliveringRoles(app: RunningApp): Promise<string[]> {
  const client = new LambdaClient(administrator(app));
  const roles = new Set<string>();
  for await (const { Functions = [] } of paginateListFunctions({ client }, {})) {
    for (const { FunctionName = '', Role = '' } of Functions)
      if (DELIVERING.test(FunctionName)) roles.add(Role.slice(Role.lastIndexOf('/') + 1));
  }
  client.destroy();
  return [...roles];
}

/** @returns what lets them deliver again */
export async function holdDelivery(app: RunningApp): Promise<() => Promise<void>> {
  const iam = new IAMClient(administrator(app));
  const roles = await deliveringRoles(app);
  for (const RoleName of roles)
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument }));
  return async () => {
    for (const RoleName of roles) await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }));
    iam.destroy();
  };
}
