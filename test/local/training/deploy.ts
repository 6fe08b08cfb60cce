// The training stacks, deployed by the CDK CLI: once for all tests that want the same settings, or into an endpoint that is there.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { AwsEndpoint } from '@emotion-gallery/aws-local';
import { copyOfMadeOnce } from '../../made-once';
import { cdk, startLocalAws } from '../aws/support/cli';
import { synthesizeTraining } from './app';

export type Settings = Readonly<Record<string, unknown>>;

/** @throws Error with the CLI's output */
export async function deploy(endpoint: AwsEndpoint, assembly: string, settings: Settings): Promise<void> {
  synthesizeTraining(assembly, settings);
  const options = ['--all', '--require-approval=never', '--no-notices', '--concurrency=3'];
  const { exitCode, output } = await cdk(endpoint, 'deploy', '--app', assembly, ...options);
  if (exitCode !== 0) throw new Error(`cdk deploy failed:\n${output}`);
}

/** A folder of the caller's own, whose `state` an endpoint starts on. */
export function deployedTraining(settings: Settings): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(settings)).digest('hex').slice(0, 8);
  return copyOfMadeOnce(`training-${hash}`, async (folder) => {
    const aws = await startLocalAws(join(folder, 'state'));
    try {
      await deploy(aws.endpoint, join(folder, 'cdk.out'), settings);
    } finally {
      await aws.endpoint.close();
    }
  });
}
