// Four tiers: unit (pure logic), infra (templates), local (the stacks and services on localhost), e2e (a real browser).
const { existsSync, readdirSync } = require('node:fs');
const { join } = require('node:path');

// The AWS SDK's note on Node versions would stand before every test's own output.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const transform = {
  '^.+\\.[mc]?[jt]sx?$': [
    '@swc/jest',
    {
      jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
      module: { type: 'commonjs' },
      sourceMaps: 'inline',
    },
  ],
};

/** The tier's tests of the app, and those of each package. */
const rootsOf = (tier) =>
  ['.', ...readdirSync(join(__dirname, 'packages')).map((name) => `packages/${name}`)]
    .map((folder) => `${folder}/test/${tier}`)
    .filter((folder) => existsSync(join(__dirname, folder)))
    .map((folder) => `<rootDir>/${folder}`);

const tier = (name) => ({
  displayName: name,
  testEnvironment: join(__dirname, 'test/support/node-environment.cjs'),
  roots: rootsOf(name),
  globalSetup: '<rootDir>/test/run-folder.js',
  // Packages of this repository are run from their sources.
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  testMatch: ['**/*.test.ts'],
  transform: {
    '/node_modules/@jsquash/.+.js$': '<rootDir>/test/support/bundled.cjs',
    '/node_modules/(aws-cdk-lib|constructs|cdk-nag)/.+.js$': '<rootDir>/test/support/shared-modules.cjs',
    '.wasm$': '<rootDir>/test/support/wasm-bytes.cjs',
    ...transform,
  },
  // These ship only ES modules, which jest cannot require untransformed.
  transformIgnorePatterns: [
    '/node_modules/(?!(aws-cdk-lib|constructs|cdk-nag|jose|yocto-queue|@jsquash|wasm-feature-detect)/)',
  ],
});

module.exports = {
  projects: ['unit', 'infra', 'local', 'e2e'].map(tier),
  // Of the files that deploy, much of the time is waiting: three keep two cores busy; four were not quicker.
  maxWorkers: 3,
  testSequencer: '<rootDir>/test/long-files-first.js',
  // For what hangs. Whoever waits for something in a test gives up earlier, and says for what.
  testTimeout: 240_000,
};
