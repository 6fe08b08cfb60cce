// npm run permissions [-- --state FOLDER]: per role, what is granted and was never used, and what was denied.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { endWithOutput } from '../cli/closed-output';
import { readDecisions } from './aws/iam/decisions';
import type { RoleRecord } from './aws/iam/directory';
import { readJournal } from './permissions/read-journal';
import { permissionsReport, printReport } from './permissions/report';

const { values } = parseArgs({ options: { state: { type: 'string', default: '.emotion-gallery' } } });
const roles = readJournal<RoleRecord>(join(values.state, 'iam', 'roles.jsonl'));
const decisions = readDecisions(join(values.state, 'permissions.json'));
endWithOutput();
console.log(printReport(permissionsReport(roles.values(), decisions)));
