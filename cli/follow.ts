// Follows what is under way in dataset groups until they rest, and says how each came to rest.
import type { GroupRow } from '../lambda/controller/group-row';
import { readGroups } from '../lambda/controller/rows';
import type { Run } from '../lambda/shared/contract/schemas';
import { readRuns } from '../lambda/status/runs';
import type { Clients } from './clients';
import type { Result, Rim } from './command';
import { tickedGroups } from './executions';
import { runsTable } from './group-rows';
import type { Target } from './target';
import { pollingInterval, waitFor } from './wait-for';

export type FollowClients = Pick<Clients, 'dynamodb' | 'stepFunctions'>;

interface Seen {
  readonly name: string;
  readonly row?: GroupRow;
  readonly isUnderWay: boolean;
}

/** A training was asked for, and nobody has looked yet: the sweep of the next minute does. */
const isAsked = ({ trainingAskedAt, observedAt }: GroupRow): boolean =>
  trainingAskedAt !== undefined && trainingAskedAt > observedAt;

/** Every group that the deployment looks after, and those of `names`. */
export async function lookAtGroups(
  clients: FollowClients,
  target: Target,
  names: readonly string[] = [],
): Promise<Seen[]> {
  const ticked = await tickedGroups(clients.stepFunctions, target.deployment.output('PipelineArn'));
  // After the executions: what one of them has written at its end is read then.
  const rows = await readGroups(runsTable(clients, target));
  const all = new Set([...names, ...rows.map(({ datasetGroup }) => datasetGroup.name)]);
  return [...all].map((name) => {
    const row = rows.find(({ datasetGroup }) => datasetGroup.name === name);
    const isTicked = ticked.has(name === target.galleryGroup ? undefined : name) || ticked.has(name);
    return { name, row, isUnderWay: isTicked || (row !== undefined && isWorking(row)) };
  });
}

const isWorking = (row: GroupRow): boolean => row.state === 'working' || isAsked(row);

export interface Followed {
  readonly datasetGroup: string;
  readonly state?: GroupRow['state'];
  /** The run that ended; absent: there was nothing to be done, or nothing could. */
  readonly run?: Run;
  /** Why it is not as declared. */
  readonly reason?: string;
}

/**
 * @param since ISO 8601: what ended before is another's; absent: the newest run is told
 * @returns one a group, once all of them rest
 */
export async function follow(
  clients: FollowClients,
  target: Target,
  names: readonly string[],
  since: string | undefined,
  rim: Rim,
): Promise<Followed[]> {
  const seen = await waitFor(
    {
      look: async () =>
        (await lookAtGroups(clients, target, names)).filter(({ name }) => names.includes(name)),
      isDone: (groups) => groups.every(({ isUnderWay }) => !isUnderWay),
      tell: (groups) => groups.map(inWords).join('; '),
      everyMs: pollingInterval(process.env.AWS_ENDPOINT_URL),
    },
    rim,
  );
  return Promise.all(
    seen.map(async ({ name, row }) => {
      const { dynamodb, table } = runsTable(clients, target);
      const [newest] = await readRuns(dynamodb, table, target.groupArn(name));
      const run = newest && (since === undefined || String(newest.endedAt) >= since) ? newest : undefined;
      return { datasetGroup: name, state: row?.state, ...(run && { run }), ...reasonOf(run, row) };
    }),
  );
}

function inWords({ name, row }: Seen): string {
  if (!row) return `${name}: plan`;
  return [name, row.run?.step ?? row.state, row.waiting[0]?.message].filter(Boolean).join(': ');
}

/** What a group waits for says more than the run that found it out. */
function reasonOf(run: Run | undefined, row: GroupRow | undefined): { readonly reason?: string } {
  const [problem] = row?.problems ?? [];
  const [waiting] = row?.waiting ?? [];
  if (problem) return { reason: `failed at ${problem.step}: ${problem.reason}. ${problem.advice}` };
  if (waiting) return { reason: `nothing was trained: ${waiting.message}` };
  if (run?.outcome !== 'failed') return {};
  const { step, reason = '' } = (run.result ?? {}) as { step?: string; reason?: string };
  return { reason: `failed at ${step ?? run.step}: ${reason}` };
}

/** The exit code is 1 when a group is not as declared, or nothing was ever trained. */
export function followedResult(followed: readonly Followed[], more: object = {}): Result {
  const lines = followed.map(({ datasetGroup, run, reason, state }) => {
    if (reason !== undefined) return `${datasetGroup} ${reason}`;
    if (run) return `${datasetGroup} succeeded, started by ${run.reason}, ended ${run.endedAt}`;
    return `${datasetGroup} is ${state ?? 'not there yet'}: nothing was to be done`;
  });
  const isBad = followed.some(({ reason }) => reason !== undefined);
  return { text: lines.join('\n'), json: { groups: followed, ...more }, exitCode: isBad ? 1 : 0 };
}
