// Runs everything that must hold, in the order that fails fastest, and stops at the first step that fails.
// Arguments go to jest: npm test -- --selectProjects unit
import { spawnSync } from 'node:child_process';

const steps = [
  ['format and lint', ['npx', 'biome', 'ci', '.']],
  ['types', ['npx', 'tsc', '--noEmit']],
  ['tests', ['npx', 'jest', ...process.argv.slice(2)]],
];

for (const [name, [command, ...args]] of steps) {
  console.log(`\n── ${name}`);
  const startedAt = Date.now();
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  if (status !== 0) {
    console.error(`── ${name}: failed`);
    process.exit(status ?? 1);
  }
  console.log(`── ${name}: ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
}
