// npm run logs [-- --state FOLDER] [--filter TEXT]: follows the functions' logs until Ctrl-C.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { endWithOutput, orHelp } from '@emotion-gallery/local-kit/command-line';

const POLL_MS = 300;

const HELP = `npm run logs [-- --state FOLDER] [--filter TEXT]

Follows the logs of the functions of a gallery on localhost, until Ctrl-C.

  --state FOLDER   the gallery's state folder (default .emotion-gallery)
  --filter TEXT    only lines that contain it, or that are of a log group whose name does`;

const { values } = orHelp(HELP, () =>
  parseArgs({
    options: {
      state: { type: 'string', default: '.emotion-gallery' },
      filter: { type: 'string', default: '' },
    },
  }),
);

async function main(): Promise<void> {
  // Loaded only now: help is answered at once.
  const { LogFollower } = await import('@emotion-gallery/aws-local');
  const follower = new LogFollower(join(values.state, 'logs', 'groups'));
  const printNew = () => {
    for (const { group, timestamp, message } of follower.read()) {
      if (!message.includes(values.filter) && !group.includes(values.filter)) continue;
      console.log(`${new Date(timestamp).toISOString()} ${group} ${message.trimEnd()}`);
    }
  };
  printNew();
  setInterval(printNew, POLL_MS);
}

endWithOutput();
main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
