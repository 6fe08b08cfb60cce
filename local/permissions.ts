// npm run permissions [-- --state FOLDER]: per role, what is granted and was never used, and what was denied.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { endWithOutput } from '../cli/closed-output';
import { orHelp } from '../cli/or-help';
import { readDecisions } from './aws/iam/decisions';
import type { RoleRecord } from './aws/iam/directory';
import { readJournal } from './permissions/read-journal';
import { permissionsReport, printReport } from './permissions/report';

const HELP = `npm run permissions [-- --state FOLDER]

Per role of a gallery on localhost: what is granted and was never used, and what was denied.

  --state FOLDER   the gallery's state folder (default .emotion-gallery)`;

const { values } = orHelp(HELP, () =>
  parseArgs({ options: { state: { type: 'string', default: '.emotion-gallery' } } }),
);
const roles = readJournal<RoleRecord>(join(values.state, 'iam', 'roles.jsonl'));
const decisions = readDecisions(join(values.state, 'permissions.json'));
endWithOutput();
console.log(printReport(permissionsReport(roles.values(), decisions)));
