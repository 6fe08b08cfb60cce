// Per role of a state folder: what is granted and was never used, and what was denied.
import { readStore } from '@emotion-gallery/local-kit/store';
import { decisionsIn } from '../iam/decisions';
import { ROLES, type RoleRecord } from '../iam/directory';
import { storeFolder } from '../state/open-store';
import { permissionsReport, printReport } from './report';

/** The report of the endpoint's state folder, for people to read; the endpoint may be running. */
export function describePermissions(stateDir: string): string {
  const maps = readStore(storeFolder(stateDir));
  const roles = maps(ROLES) as ReadonlyMap<string, RoleRecord>;
  return printReport(permissionsReport(roles.values(), decisionsIn(maps)));
}
