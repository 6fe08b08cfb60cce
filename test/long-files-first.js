// The order of test files: the longest first, then those that deploy or open a browser, so that at the end no worker waits for one long
// file. A clean clone has no times of its own, so those that take longest are named here.
const { existsSync } = require('node:fs');
const { join, sep } = require('node:path');
const Sequencer = require('@jest/test-sequencer').default;

const ROOT = join(__dirname, '..');
const LONGEST = [
  'test/local/app/app.test.ts',
  'test/e2e/main-job/main-job.test.ts',
  'test/local/commands/deployed.test.ts',
  'test/local/aws/policies.test.ts',
  'test/local/training/pipeline.test.ts',
  'test/e2e/pages/accessibility.test.ts',
  'test/local/aws/changed-schema.test.ts',
  'test/local/training/configuration-files.test.ts',
  'test/local/delivery/rehearsal.test.ts',
  'test/e2e/pages/console.test.ts',
  'test/e2e/pages/gallery.test.ts',
  'test/local/controller/files.test.ts',
  'test/unit/cli/help.test.ts',
  'test/local/packages.test.ts',
].map((name) => join(ROOT, name));
const TIERS = ['e2e', 'local', 'infra', 'unit'];

/** Its place among the longest, or behind them. */
function rankOf({ path }) {
  const index = LONGEST.indexOf(path);
  return index < 0 ? LONGEST.length : index;
}

const tierOf = ({ path }) => TIERS.findIndex((tier) => path.includes(`${sep}test${sep}${tier}${sep}`));

module.exports = class extends Sequencer {
  constructor(...args) {
    super(...args);
    const gone = LONGEST.filter((path) => !existsSync(path));
    if (gone.length > 0)
      throw new Error(`test/long-files-first.js names files that are not there: ${gone.join(', ')}`);
  }

  sort(tests) {
    // Within a tier as always: what failed, then by the time that each took here before, or by size.
    return super.sort(tests).sort((a, b) => rankOf(a) - rankOf(b) || tierOf(a) - tierOf(b));
  }
};
