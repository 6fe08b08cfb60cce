// A `.wasm` file as its bytes, as the bundles of the functions have it.
module.exports = {
  process: (_, file) => ({
    code: `exports.__esModule = true; exports.default = require('node:fs').readFileSync(${JSON.stringify(file)});`,
  }),
};
