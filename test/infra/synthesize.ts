// Synthesizes the stacks for a test, with small stand-ins for what is built from the sources.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { readSettings } from '../../lib/config';
import { createGallery, type Gallery } from '../../lib/gallery';
import type { GalleryAssets } from '../../lib/gallery-assets';

const cdkJson = JSON.parse(readFileSync(resolve(__dirname, '../../cdk.json'), 'utf8'));

// The CDK's default rules take ten seconds a process; `aws-data.test.ts` runs them for all stacks.
process.env.CDK_VALIDATION ??= 'false';

export interface Synthesized {
  readonly app: App;
  readonly gallery: Gallery;
  template(stack: keyof Gallery): Template;
}

/** The stacks with the feature flags of cdk.json and these settings on top, as `-c name=value` would give them. */
export function synthesize(
  context: Record<string, unknown> = {},
  prepare: (app: App) => void = () => {},
): Synthesized {
  const folder = mkdtempSync(join(tmpdir(), 'emotion-gallery-test-'));
  try {
    const app = new App({
      context: { ...cdkJson.context, ...context },
      outdir: join(folder, 'cdk.out'),
    });
    prepare(app);
    const gallery = createGallery(app, readSettings(context), standIns(folder));
    const templates = Object.fromEntries(
      Object.entries(gallery).map(([name, stack]) => [name, Template.fromStack(stack)]),
    );
    return {
      app,
      gallery,
      template: (stack) => templates[stack] ?? fail(`there is no stack ${stack}`),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function standIns(folder: string): GalleryAssets {
  const write = (path: string, content: string): string => {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), content);
    return resolve(folder, path, '..');
  };
  return {
    functionDirectory: (name) =>
      write(`functions/${name}/index.js`, `exports.handler = async () => '${name}';`),
    pages: write('pages/index.html', '<!doctype html><title>A page</title>'),
    sampleGallery: () => resolve(write('gallery/emotions/calm/calm-01.svg', '<svg/>'), '../..'),
  };
}

function fail(message: string): never {
  throw new Error(message);
}
