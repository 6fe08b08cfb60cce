// npm run permissions [-- --state FOLDER]: per role, what is granted and was never used, and what was denied.
import { parseArgs } from 'node:util';
import { endWithOutput, orHelp } from '@emotion-gallery/local-kit/command-line';

const HELP = `npm run permissions [-- --state FOLDER]

Per role of a gallery on localhost: what is granted and was never used, and what was denied.

  --state FOLDER   the gallery's state folder (default .emotion-gallery)`;

const { values } = orHelp(HELP, () =>
  parseArgs({ options: { state: { type: 'string', default: '.emotion-gallery' } } }),
);

async function main(): Promise<void> {
  // Loaded only now: help is answered at once.
  const { describePermissions } = await import('@emotion-gallery/aws-local');
  const report = describePermissions(values.state);
  endWithOutput();
  console.log(report);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
