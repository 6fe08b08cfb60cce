// npm run logs [-- --state FOLDER] [--filter TEXT]: follows the functions' logs until Ctrl-C.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { endWithOutput } from '../cli/closed-output';
import { LogFollower } from './logs/follow';

const POLL_MS = 300;

const { values } = parseArgs({
  options: {
    state: { type: 'string', default: '.emotion-gallery' },
    filter: { type: 'string', default: '' },
  },
});
const follower = new LogFollower(join(values.state, 'logs', 'streams'));

function printNew(): void {
  for (const { group, timestamp, message } of follower.read()) {
    if (!message.includes(values.filter) && !group.includes(values.filter)) continue;
    console.log(`${new Date(timestamp).toISOString()} ${group} ${message.trimEnd()}`);
  }
}

endWithOutput();
printNew();
setInterval(printNew, POLL_MS);
