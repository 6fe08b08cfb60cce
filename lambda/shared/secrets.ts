// Reads signing secrets from Secrets Manager. An instance keeps what it has read for some minutes, so that a new secret is used, and an
// old one refused, without a deployment.
import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';

/** The secret as key bytes. */
export type Secret = () => Promise<Uint8Array>;

type Client = Pick<SecretsManagerClient, 'send'>;

/** How long a change of a secret may go unnoticed, milliseconds. */
export const SECRET_KEPT_MS = 5 * 60_000;

export function secretOf(client: Client, secretArn: string, now: () => number = Date.now): Secret {
  return kept(now, async () => {
    const key = await read(client, secretArn);
    if (!key) throw new Error('the signing secret is empty');
    return key;
  });
}

/** The secret before the current one, or undefined when there is none: what it has signed is good until it is rotated away too. */
export function previousSecretOf(
  client: Client,
  secretArn: string,
  now: () => number = Date.now,
): () => Promise<Uint8Array | undefined> {
  return kept(now, async () => {
    try {
      return await read(client, secretArn, 'AWSPREVIOUS');
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return undefined;
      throw error;
    }
  });
}

/** Concurrent callers share a reading. While Secrets Manager fails, what was read before goes on; without that each caller tries. */
function kept<T>(now: () => number, readAnew: () => Promise<T>): () => Promise<T> {
  let last: Promise<T> | undefined;
  let until = 0;
  return () => {
    if (last && now() < until) return last;
    const before = last;
    const reading: Promise<T> = readAnew().catch((error: unknown) => {
      if (last === reading) last = before;
      if (before) return before;
      throw error;
    });
    last = reading;
    until = now() + SECRET_KEPT_MS;
    return reading;
  };
}

async function read(
  client: Client,
  SecretId: string,
  VersionStage?: string,
): Promise<Uint8Array | undefined> {
  const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId, VersionStage }));
  return SecretString ? new TextEncoder().encode(SecretString) : undefined;
}
