// The stacks that training needs, as they are deployed, with nothing of the gallery in front of them.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { context } from '../../../cdk.json';
import { bundleFunctions } from '../../../lib/build-assets';
import { readSettings } from '../../../lib/config';
import { GalleryBucketPolicy } from '../../../lib/constructs/gallery-bucket-policy';
import type { FunctionName, GalleryAssets } from '../../../lib/gallery-assets';
import { PersonalizeStack } from '../../../lib/stacks/personalize-stack';
import { StorageStack } from '../../../lib/stacks/storage-stack';
import { TrainingStack } from '../../../lib/stacks/training-stack';

/** The functions that these stacks have; they are bundled as for a deployment. */
const functions: readonly FunctionName[] = ['controller', 'dataset', 'teardown', 'empty-bucket'];

export const PREFIX = 'training-test';

/** Synthesizes into `outdir`, for the CDK CLI's `--app`. */
export function synthesizeTraining(outdir: string, settings: Readonly<Record<string, unknown>>): void {
  const folder = mkdtempSync(join(tmpdir(), 'training-bundles-'));
  // The rules that check templates take ten seconds; `test/infra/validation.test.ts` runs them.
  process.env.CDK_VALIDATION ??= 'false';
  try {
    bundleFunctions(functions, folder);
    takePaceOut(join(folder, 'controller/index.js'));
    const given = { prefix: PREFIX, sampleGallery: false, ...settings };
    const app = new App({ outdir, context: { ...context, ...given }, analyticsReporting: false });
    addStacks(app, given, {
      functionDirectory: (name) => join(folder, name),
      pages: empty(join(folder, 'pages')),
      sampleGallery: () => empty(join(folder, 'pictures')),
    });
    app.synth();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * The second between calls of one operation, which Amazon Personalize's quota asks for, passes on the wall clock, and everything else here
 * goes a thousand times faster. The pace itself is shown by `test/unit/controller` and `test/local/controller`, with the quota on.
 */
function takePaceOut(bundle: string): void {
  const [before, after, ...more] = readFileSync(bundle, 'utf8').split(/\b1050\b/);
  if (after === undefined || more.length > 0) throw new Error(`expected one pause of 1050 ms in ${bundle}`);
  writeFileSync(bundle, `${before}0${after}`);
}

function addStacks(app: App, given: Readonly<Record<string, unknown>>, assets: GalleryAssets): void {
  const settings = readSettings(given);
  const storage = new StorageStack(app, { settings, assets });
  const personalize = new PersonalizeStack(app, { settings, assets, storage });
  const policy = new Stack(app, `${PREFIX}-policy`);
  const bucket = Bucket.fromBucketName(policy, 'Bucket', storage.bucket.bucketName);
  // The Site stack's distribution is the only other one that the policy lets in.
  const distribution = Distribution.fromDistributionAttributes(policy, 'Distribution', {
    distributionId: 'E0000000000000',
    domainName: 'localhost',
  });
  new GalleryBucketPolicy(policy, 'BucketPolicy', { bucket, distribution });
  policy.addStackDependency(storage);
  const training = new TrainingStack(app, { settings, assets, storage, personalize: personalize.resources });
  training.addStackDependency(policy);
}

function empty(folder: string): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'index.html'), '');
  return folder;
}
