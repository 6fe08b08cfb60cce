// Four tiers: unit (pure logic), infra (templates), local (the stacks and services on localhost), e2e (a real browser).
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

const tier = (name) => ({
  displayName: name,
  testEnvironment: 'node',
  roots: [`<rootDir>/test/${name}`],
  testMatch: ['**/*.test.ts'],
  transform,
  // jose ships only ES modules, which jest cannot require untransformed.
  transformIgnorePatterns: ['/node_modules/(?!(jose|yocto-queue)/)'],
});

module.exports = {
  projects: ['unit', 'infra', 'local', 'e2e'].map(tier),
  maxWorkers: 2,
  // For what hangs. Whoever waits for something in a test gives up earlier, and says for what.
  testTimeout: 240_000,
};
