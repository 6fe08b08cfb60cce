// The CDK app: reads the settings, builds what is deployed, makes the stacks.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { buildPages } from '../enabler-web/build';
import { generateSampleGallery } from '../enabler-web/sample-gallery/generate';
import { buildAssets } from '../lib/build-assets';
import { readSettings, SettingsError } from '../lib/config';
import { createGallery } from '../lib/gallery';

function main(): void {
  const app = new App();
  const settings = readSettings(app.node.getAllContext());
  // The stacks copy what they deploy into the cloud assembly while they are made, so the folder lives as long as they do.
  const folder = mkdtempSync(join(tmpdir(), 'emotion-gallery-'));
  try {
    createGallery(app, settings, buildAssets(folder, { buildPages, generateSampleGallery }));
    app.synth();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

try {
  main();
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  // A stack trace would bury what the person has to correct.
  console.error(error.message);
  process.exitCode = 1;
}
