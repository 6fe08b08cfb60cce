// What is printed and written down when everything is up.
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { type AccessKey, exportLine } from '@emotion-gallery/aws-local';
import { operatorLink } from '../../cli/commands/operator-link';
import { ACCOUNT_ID, type Access, REGION } from './account';
import type { Outputs } from './deploy';

/** The contents of `ready.json`. */
export interface Ready {
  readonly siteUrl: string;
  readonly awsEndpoint: string;
  /** The account administrator's key. */
  readonly credentials: AccessKey;
  readonly region: string;
  readonly accountId: string;
  readonly operatorLink: string;
  readonly outputs: Outputs;
}

export const accessOf = ({
  awsEndpoint,
  credentials,
}: Pick<Ready, 'awsEndpoint' | 'credentials'>): Access => ({
  endpoint: awsEndpoint,
  credentials,
});

/** The prefix of the deployed stacks, from the name of the one that puts out the pages' address. */
export function stackPrefix(outputs: Outputs): string {
  const site = Object.entries(outputs).find(([, values]) => 'EnablerUrl' in values);
  if (!site) throw new Error('no deployed stack has the output EnablerUrl');
  return site[0].replace(/-site$/, '');
}

/** A link for operators, made as `npm run gallery -- operator-link` makes it. */
export async function makeOperatorLink(access: Access, outputs: Outputs): Promise<string> {
  const client = { ...access, region: REGION };
  const command = operatorLink({
    cloudFormation: new CloudFormationClient(client),
    dynamodb: new DynamoDBClient(client),
    secretsManager: new SecretsManagerClient(client),
  });
  const values = { 'stack-prefix': stackPrefix(outputs) };
  const rim = { now: Date.now, progress: () => undefined };
  const { json } = await command.run(values, [], rim);
  return String((json as { url: string }).url);
}

export function writeReady(stateDir: string, ready: Ready): void {
  const file = join(stateDir, 'ready.json');
  writeFileSync(`${file}.tmp`, `${JSON.stringify(ready, null, 2)}\n`);
  renameSync(`${file}.tmp`, file);
}

/** Where to look, and the one line that points other tools at the endpoint. */
export function describeReady(ready: Ready): string {
  return [
    '',
    `  enabler page   ${ready.siteUrl}/enabler.html`,
    `  gallery        ${ready.siteUrl}/`,
    `  operator       ${ready.operatorLink}`,
    `  AWS endpoint   ${ready.awsEndpoint}  (account ${ACCOUNT_ID}, region ${REGION})`,
    '',
    '  For the CDK, the AWS CLI and SDKs in another terminal:',
    `  ${exportLine({ ...accessOf(ready), region: REGION, accountId: ACCOUNT_ID })}`,
    '',
    '  The functions’ logs: npm run logs. Stop with Ctrl-C; the state is kept.',
    '',
  ].join('\n');
}
