// A folder for what test files share in one run of jest: made before the first, removed after the last.
const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

module.exports = () => {
  // Once for each tier that has tests in the run.
  process.env.TEST_RUN_FOLDER ??= mkdtempSync(join(tmpdir(), 'emotion-gallery-tests-'));
  const folder = process.env.TEST_RUN_FOLDER;
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
};
