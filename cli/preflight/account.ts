// Before the first deployment: who calls, whether the region has Amazon Personalize, whether the CDK has its place there.
import { GetParameterCommand, ParameterNotFound } from '@aws-sdk/client-ssm';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { personalizePartition, personalizeRegions } from '../../lib/personalize/regions';
import { type Check, check, type Finding, fails, ok, unknown } from '../checks';
import type { Clients } from '../clients';

type Used = Pick<Clients, 'ssm' | 'sts'>;

/** What the stacks' synthesizer writes down as required (the assembly's `requiresBootstrapStackVersion`). */
const BOOTSTRAP_VERSION = 6;

export async function accountChecks(clients: Used, region: string): Promise<Check[]> {
  return [
    await check('credentials', () => caller(clients)),
    await check('region', () => regionHasPersonalize(clients, region)),
    await check('bootstrap', () => isBootstrapped(clients, region)),
  ];
}

/** What STS and the SDK say of credentials that are not there, not known or no longer valid. */
const NO_CREDENTIALS = [
  ...['CredentialsProviderError', 'TokenProviderError', 'ExpiredToken', 'ExpiredTokenException'],
  ...['InvalidClientTokenId', 'UnrecognizedClientException', 'SignatureDoesNotMatch'],
];

async function caller({ sts }: Pick<Used, 'sts'>): Promise<Finding> {
  try {
    const { Account, Arn } = await sts.send(new GetCallerIdentityCommand({}));
    return ok(`account ${Account}, as ${Arn}`);
  } catch (error) {
    const { name, message } = error as Error;
    if (!NO_CREDENTIALS.includes(name)) throw error;
    return fails(
      `${name}: ${message}`,
      'Log in (aws sso login, aws configure, AWS_PROFILE); for localhost set the line of environment that npm start prints.',
    );
  }
}

/** AWS publishes which region has which service as parameters (Systems Manager User Guide, "Discovering public parameters"). */
async function regionHasPersonalize({ ssm }: Used, region: string): Promise<Finding> {
  const infrastructure = `/aws/service/global-infrastructure/regions/${region}`;
  const [itself, service] = [
    await parameter(ssm, infrastructure),
    await parameter(ssm, `${infrastructure}/services/personalize`),
  ];
  // Loaded only here: it is a part of the CDK's library.
  const { RegionInfo } = await import('aws-cdk-lib/region-info');
  const { partition = personalizePartition } = RegionInfo.get(region);
  const isListed = personalizeRegions.some((known) => known === region);
  const todo = `Choose one of ${personalizeRegions.join(', ')}: -c region=…`;
  if (partition !== personalizePartition) {
    return fails(
      `${region} is in the partition ${partition}; this app is written for ${personalizePartition}`,
      todo,
    );
  }
  if (service !== undefined) return ok(`${region} has Amazon Personalize`);
  if (itself !== undefined || !isListed) return fails(`${region} has no Amazon Personalize`, todo);
  return ok(`${region} has Amazon Personalize, by the list in lib/personalize/regions.ts`);
}

async function isBootstrapped({ ssm }: Used, region: string): Promise<Finding> {
  const version = await parameter(ssm, '/cdk-bootstrap/hnb659fds/version');
  const todo = `npx cdk bootstrap aws://ACCOUNT/${region}`;
  if (version === undefined) return fails('the CDK was never bootstrapped here', todo);
  if (!(Number(version) > 0)) return unknown(`the bootstrap version is ${version}`, todo);
  return Number(version) >= BOOTSTRAP_VERSION
    ? ok(`bootstrap version ${version}`)
    : fails(`bootstrap version ${version}, and ${BOOTSTRAP_VERSION} is needed`, todo);
}

async function parameter(client: Used['ssm'], Name: string): Promise<string | undefined> {
  try {
    return (await client.send(new GetParameterCommand({ Name }))).Parameter?.Value;
  } catch (error) {
    if (error instanceof ParameterNotFound) return undefined;
    throw error;
  }
}
