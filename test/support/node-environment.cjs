// Jest's environment for Node, with the way to what a worker's test files share.
const { TestEnvironment } = require('jest-environment-node');

module.exports = class extends TestEnvironment {
  async setup() {
    await super.setup();
    this.global.requireShared = require;
  }
};
