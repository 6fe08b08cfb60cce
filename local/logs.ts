// npm run logs [-- --state FOLDER] [--filter TEXT]: follows the functions' logs until Ctrl-C.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { LogFollower } from '@emotion-gallery/aws-local';
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
const follower = new LogFollower(join(values.state, 'logs', 'groups'));

function printNew(): void {
  for (const { group, timestamp, message } of follower.read()) {
    if (!message.includes(values.filter) && !group.includes(values.filter)) continue;
    console.log(`${new Date(timestamp).toISOString()} ${group} ${message.trimEnd()}`);
  }
}

endWithOutput();
printNew();
setInterval(printNew, POLL_MS);
