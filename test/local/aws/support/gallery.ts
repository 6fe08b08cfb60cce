// The whole app, deployed by the real CDK CLI into an endpoint in this process; its pages are a stand-in.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { context } from '../../../../cdk.json';
import { buildAssets } from '../../../../lib/build-assets';
import { readSettings } from '../../../../lib/config';
import { createGallery } from '../../../../lib/gallery';
import { cdk, type LocalAws, startLocalAws } from './cli';

export const PREFIX = 'emotion-gallery-dev';

/** Synthesizes every stack into `outdir`, functions bundled as for a deployment. */
export function synthesizeGallery(outdir: string, settings: Readonly<Record<string, unknown>> = {}): void {
  const folder = mkdtempSync(join(tmpdir(), 'gallery-bundles-'));
  // The rules that check templates take ten seconds; `test/infra/validation.test.ts` runs them.
  process.env.CDK_VALIDATION ??= 'false';
  try {
    const given = { sampleGallery: false, ...settings };
    const app = new App({ outdir, context: { ...context, ...given }, analyticsReporting: false });
    const assets = buildAssets(folder, {
      buildPages: (target) => writePage(target),
      generateSampleGallery: (target) => mkdirSync(target, { recursive: true }),
    });
    createGallery(app, readSettings(given), assets);
    app.synth();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function writePage(folder: string): void {
  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(join(folder, 'enabler.html'), '<!doctype html><title>Enabler</title>');
  writeFileSync(join(folder, 'assets', 'enabler-0.js'), '');
}

export interface DeployedGallery extends LocalAws {
  /** Of all stacks. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly assembly: string;
}

/** Rejects with the CLI's output when the deployment fails. */
export async function deployGallery(
  settings: Readonly<Record<string, unknown>> = {},
): Promise<DeployedGallery> {
  const aws = await startLocalAws();
  const assembly = mkdtempSync(join(tmpdir(), 'gallery-assembly-'));
  const dispose = async () => {
    await aws.dispose();
    rmSync(assembly, { recursive: true, force: true });
  };
  try {
    synthesizeGallery(assembly, settings);
    const options = ['--all', '--require-approval=never', '--no-notices', '--concurrency=3'];
    const { exitCode, output } = await cdk(aws.endpoint, 'deploy', '--app', assembly, ...options);
    if (exitCode !== 0) throw new Error(`cdk deploy failed:\n${output}`);
    return { ...aws, assembly, outputs: await outputsOf(aws), dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

async function outputsOf({ endpoint }: LocalAws): Promise<Record<string, string>> {
  const { Stacks } = await endpoint.call('cloudformation', 'DescribeStacks', {});
  const outputs = (Stacks as { Outputs: { OutputKey: string; OutputValue: string }[] }[]).flatMap(
    ({ Outputs }) => Outputs,
  );
  return Object.fromEntries(outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
}
