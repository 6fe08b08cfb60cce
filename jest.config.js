// Four tiers: unit (pure logic), infra (templates), local (the stacks and services on localhost), e2e (a real browser).
// jose ships only ES modules, which jest cannot require untransformed.
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
  transformIgnorePatterns: ['/node_modules/(?!(jose|yocto-queue)/)'],
});

module.exports = {
  projects: ['unit', 'infra', 'local', 'e2e'].map(tier),
  maxWorkers: 2,
  testTimeout: 60_000,
};
