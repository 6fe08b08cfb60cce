// The whole app, deployed by the real CDK CLI, in an endpoint in this process; its pages are a stand-in.
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { context } from '../../../../cdk.json';
import { buildAssets } from '../../../../lib/build-assets';
import { readSettings } from '../../../../lib/config';
import { createGallery } from '../../../../lib/gallery';
import type { GalleryAssets } from '../../../../lib/gallery-assets';
import { copyOfMadeOnce } from '../../../made-once';
import { cdk, type LocalAws, outputsOf, startLocalAws } from './cli';

export const PREFIX = 'emotion-gallery-dev';

/** The functions as they are deployed, and a page; built at most once in a folder. */
function assetsIn(folder: string): GalleryAssets {
  const assets = buildAssets(folder, {
    buildPages: (target) => writePage(target),
    generateSampleGallery: (target) => mkdirSync(target, { recursive: true }),
  });
  if (!existsSync(join(folder, 'functions'))) return assets;
  return {
    pages: join(folder, 'pages'),
    functionDirectory: (name) => join(folder, 'functions', name),
    sampleGallery: assets.sampleGallery,
  };
}

function writePage(folder: string): void {
  mkdirSync(join(folder, 'assets'), { recursive: true });
  writeFileSync(join(folder, 'enabler.html'), '<!doctype html><title>Enabler</title>');
  writeFileSync(join(folder, 'assets', 'enabler-0.js'), '');
}

export interface DeployedGallery extends LocalAws {
  /** Of all stacks. */
  readonly outputs: Readonly<Record<string, string>>;
  /** The folder of the cloud assembly that is deployed. */
  readonly assembly: string;
  /** Synthesizes every stack of the app as it is now, with the bundles of the deployed one. */
  synthesize(outdir: string): void;
}

/** In the folder that is deployed into. */
const within = (folder: string) => ({
  state: join(folder, 'state'),
  assembly: join(folder, 'assembly'),
  bundles: join(folder, 'bundles'),
});

function synthesize(outdir: string, bundles: string): void {
  // The rules that check templates take ten seconds; `test/infra/validation.test.ts` runs them.
  process.env.CDK_VALIDATION ??= 'false';
  const settings = { sampleGallery: false };
  const app = new App({ outdir, context: { ...context, ...settings }, analyticsReporting: false });
  createGallery(app, readSettings(settings), assetsIn(bundles));
  app.synth();
}

async function deploy(folder: string): Promise<void> {
  const { state, assembly, bundles } = within(folder);
  synthesize(assembly, bundles);
  const aws = await startLocalAws(state);
  try {
    const options = ['--all', '--require-approval=never', '--no-notices', '--concurrency=3'];
    const { exitCode, output } = await cdk(aws.endpoint, 'deploy', '--app', assembly, ...options);
    if (exitCode !== 0) throw new Error(`cdk deploy failed:\n${output}`);
  } finally {
    await aws.endpoint.close();
  }
}

/** Rejects with the CLI's output when the deployment fails. */
export async function deployGallery(): Promise<DeployedGallery> {
  const folder = await copyOfMadeOnce('gallery', deploy);
  const { state, assembly, bundles } = within(folder);
  const aws = await startLocalAws(state);
  return {
    ...aws,
    assembly,
    outputs: await outputsOf(aws.endpoint),
    synthesize: (outdir) => synthesize(outdir, bundles),
    async dispose() {
      await aws.dispose();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
