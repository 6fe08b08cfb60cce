// Deploys the training stacks by the CDK CLI, and reads what they put out.
import type { AwsEndpoint } from '@emotion-gallery/aws-local';
import { cdk } from '../aws/support/cli';
import { synthesizeTraining } from './app';

export async function deploy(
  endpoint: AwsEndpoint,
  assembly: string,
  settings: Readonly<Record<string, unknown>>,
): Promise<void> {
  synthesizeTraining(assembly, settings);
  const options = ['--all', '--require-approval=never', '--no-notices', '--concurrency=3'];
  const { exitCode, output } = await cdk(endpoint, 'deploy', '--app', assembly, ...options);
  if (exitCode !== 0) throw new Error(`cdk deploy failed:\n${output}`);
}

export async function outputsOf(endpoint: AwsEndpoint): Promise<Record<string, string>> {
  const { Stacks } = await endpoint.call('cloudformation', 'DescribeStacks', {});
  const outputs = (Stacks as { Outputs: { OutputKey: string; OutputValue: string }[] }[]).flatMap(
    ({ Outputs }) => Outputs,
  );
  return Object.fromEntries(outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
}
