// Per role of a state folder: what is granted and was never used, and what was denied.
import { join } from 'node:path';
import { readDecisions } from '../iam/decisions';
import type { RoleRecord } from '../iam/directory';
import { readJournal } from './read-journal';
import { permissionsReport, printReport } from './report';

/** The report of the endpoint's state folder, for people to read. */
export function describePermissions(stateDir: string): string {
  const roles = readJournal<RoleRecord>(join(stateDir, 'iam', 'roles.jsonl'));
  const decisions = readDecisions(join(stateDir, 'permissions.json'));
  return printReport(permissionsReport(roles.values(), decisions));
}
