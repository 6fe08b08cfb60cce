// The tiers that are quick enough to run for each fault: the functions' logic, and the templates. Jest finds the tests that a source
// belongs to only when it looks at the sources as well.
const { projects, testTimeout } = require('./jest.config.js');

const [unit] = projects;

module.exports = {
  ...unit,
  roots: ['bin', 'cli', 'enabler-web', 'lambda', 'lib', 'local', 'packages', 'test'].map(
    (name) => `<rootDir>/${name}`,
  ),
  testMatch: ['**/test/{unit,infra}/**/*.test.ts'],
  testTimeout,
};
