// A big package of pure code is loaded once in a worker, by Node itself, and shared by the worker's test files: Jest would load it again for
// each, many times slower. What jest transforms is the way to it.
module.exports = {
  process: (_, file) => ({ code: `module.exports = requireShared(${JSON.stringify(file)});` }),
};
