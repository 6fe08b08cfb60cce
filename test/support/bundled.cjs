// An ES module as esbuild puts it into the bundles of the functions: swc leaves `import.meta` in it.
const { transformSync } = require('esbuild');

const options = {
  format: 'cjs',
  supported: { 'dynamic-import': false },
  define: { 'import.meta.url': '"file:///codec"' },
  logLevel: 'silent',
};

module.exports = { process: (source) => ({ code: transformSync(source, options).code }) };
