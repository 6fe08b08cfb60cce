// A secret that signs tokens, made at deployment and known to nobody.
import type { RemovalPolicy } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { type CfnSecret, Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge';

export interface SigningSecretProps {
  readonly description: string;
  readonly removalPolicy: RemovalPolicy;
}

const rotation =
  'It is rotated by one command when needed, without a deployment (runbook); a calendar would end visits and links for nothing.';

/** The logical id is `<id>` for good: another secret would make every token invalid. */
export class SigningSecret extends Construct {
  readonly secretArn: string;

  constructor(scope: Construct, id: string, props: SigningSecretProps) {
    super(scope, id);
    const secret = new Secret(this, 'Resource', {
      description: props.description,
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      removalPolicy: props.removalPolicy,
    });
    (secret.node.defaultChild as CfnSecret).overrideLogicalId(id);
    this.secretArn = secret.secretArn;
    acknowledge(secret, {
      'AwsSolutions-SMG4': rotation,
      'NIST.800.53.R5-SecretsManagerRotationEnabled': rotation,
      'NIST.800.53.R5-SecretsManagerUsingKMSKey':
        'Only roles of this account may read it; Secrets Manager encrypts it with the key of AWS for the account.',
    });
  }

  grantRead(grantee: IGrantable): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: ['secretsmanager:GetSecretValue'],
      resourceArns: [this.secretArn],
    });
  }
}
