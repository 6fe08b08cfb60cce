// operator-link: prints the address with which an operator opens the enabler page. It holds a token signed with the
// deployment's operator secret, so whoever may read that secret can make one.
import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { secretOf } from '../../lambda/shared/secrets';
import { signToken } from '../../lambda/shared/tokens';
import { numberOption } from '../arguments';
import type { Command } from '../command';
import { DEFAULT_PREFIX, DEPLOYMENT_OPTIONS, readDeployment } from '../deployment';

export interface OperatorLinkClients {
  readonly cloudFormation: Pick<CloudFormationClient, 'send'>;
  readonly secretsManager: Pick<SecretsManagerClient, 'send'>;
}

const HOURS_PER_DAY = 24;
const DEFAULT_DAYS = 30;
const MAXIMUM_HOURS = 365 * HOURS_PER_DAY;

export function operatorLink(clients: OperatorLinkClients): Command {
  return {
    name: 'operator-link',
    summary: 'Prints an operator link: act as several people, simulate a crowd, start a training.',
    options: {
      ...DEPLOYMENT_OPTIONS,
      hours: {
        type: 'string',
        value: 'N',
        description: 'how long the link is valid (default: the deployment’s operatorTokenDays)',
      },
    },
    async run(values, _, { now }) {
      const prefix = String(values['stack-prefix'] ?? DEFAULT_PREFIX);
      const given = numberOption(values, 'hours', { minimum: 0.01, maximum: MAXIMUM_HOURS, otherwise: 0 });
      const deployment = await readDeployment(clients.cloudFormation, prefix);
      const hours = given || Number(deployment.find('OperatorTokenDays') ?? DEFAULT_DAYS) * HOURS_PER_DAY;
      const settings = {
        secret: secretOf(clients.secretsManager, deployment.output('OperatorSecretArn')),
        issuer: deployment.output('DatasetGroupArn'),
        now,
      };
      const { token, expiresAt } = await signToken(
        settings,
        'operator',
        'operator',
        Math.round(hours * 3600),
      );
      const url = `${deployment.output('EnablerUrl')}#operator=${token}`;
      return { text: `${url}\n\nValid until ${expiresAt}.`, json: { url, expiresAt } };
    },
  };
}
