// Reads a secret from Secrets Manager once an instance; a failed read is tried again by the next caller.
import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';

/** The secret as key bytes. */
export type Secret = () => Promise<Uint8Array>;

export function secretOf(client: Pick<SecretsManagerClient, 'send'>, secretArn: string): Secret {
  let reading: Promise<Uint8Array> | undefined;
  return () => {
    reading ??= read(client, secretArn).catch((error: unknown) => {
      reading = undefined;
      throw error;
    });
    return reading;
  };
}

async function read(client: Pick<SecretsManagerClient, 'send'>, secretArn: string): Promise<Uint8Array> {
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: secretArn }));
  if (!SecretString) throw new Error('the signing secret is empty');
  return new TextEncoder().encode(SecretString);
}
