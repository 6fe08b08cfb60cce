// The tier that is quick enough to run for each fault.
const { projects, testTimeout } = require('./jest.config.js');

module.exports = { ...projects.find(({ displayName }) => displayName === 'unit'), testTimeout };
