// npm run mutation [-- --mutate 'lambda/like/**/*.ts']: small faults put into the functions one after the other, to see whether a
// test of behaviour notices. It takes a long while; the score is printed, and the faults that survived with their places.
export default {
  testRunner: 'jest',
  plugins: ['@stryker-mutator/jest-runner'],
  jest: { configFile: 'stryker.jest.config.cjs', enableFindRelatedTests: true },
  mutate: ['lambda/**/*.ts', 'lib/training/**/*.ts'],
  // Words and log lines are not behaviour.
  mutator: { excludedMutations: ['StringLiteral', 'ObjectLiteral', 'ArrayDeclaration', 'Regex'] },
  ignoreStatic: true,
  coverageAnalysis: 'perTest',
  // Its rewriting of tsconfig.json needs an older TypeScript; nothing here reads that file.
  tsconfigFile: 'no-tsconfig.json',
  concurrency: 2,
  reporters: ['clear-text', 'progress'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  tempDirName: 'test-results/mutation',
  ignorePatterns: ['/docs', '/bench', '/packages/*/bench', '/cdk.out', '/dist', '/.emotion-gallery'],
};
