// What is built from the sources before synthesis, and handed to the stacks as folders.

/** The functions that a deployment has; each is `lambda/<name>/handler.ts`. */
export const functionNames = [
  'catalog',
  'visitors',
  'images',
  'like',
  'redeliver',
  'progress',
  'operator',
  'curate',
  'forget',
  'forget-sweep',
  'openapi',
  'empty-bucket',
  'recommend',
  'similar',
  'ranking',
  'status',
  'training',
  'controller',
  'teardown',
  'dataset',
  'invalidate',
] as const;

/** Those that anybody may call through the API, at the deployment's cost. */
export const apiFunctionNames = [
  'visitors',
  'images',
  'like',
  'progress',
  'operator',
  'curate',
  'forget',
  'openapi',
  'recommend',
  'similar',
  'ranking',
  'status',
  'training',
] as const satisfies readonly (typeof functionNames)[number][];

export type FunctionName = (typeof functionNames)[number];

export interface GalleryAssets {
  /** The folder with the function's bundle, `index.js` exporting `handler`. */
  functionDirectory(name: FunctionName): string;
  /** The folder with the built pages. */
  readonly pages: string;
  /** The folder with the generated pictures, `emotions/<emotion>/<file>`; asked for only when they are wanted. */
  sampleGallery(): string;
}
