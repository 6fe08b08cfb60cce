// The order of test files: those that deploy or open a browser first, so that at the end no worker waits for one long file.
const { sep } = require('node:path');
const Sequencer = require('@jest/test-sequencer').default;

const TIERS = ['e2e', 'local', 'infra', 'unit'];
const tierOf = ({ path }) => TIERS.findIndex((tier) => path.includes(`${sep}test${sep}${tier}${sep}`));

module.exports = class extends Sequencer {
  sort(tests) {
    // Within a tier as always: what failed, then by the time that each took here before, or by size.
    return super.sort(tests).sort((a, b) => tierOf(a) - tierOf(b));
  }
};
