// status: how every dataset group stands, their runs, what serves, and how far the likes are.
import { setTimeout as sleep } from 'node:timers/promises';
import type { GroupRow } from '../../lambda/controller/group-row';
import { readTotals } from '../../lambda/shared/data/totals';
import { readRuns } from '../../lambda/status/runs';
import type { Command } from '../command';
import { chosenRows, runsTable } from '../group-rows';
import { textTable } from '../table';
import { GROUPS_OPTIONS, readTarget, type TargetClients } from '../target';

/** Of one group, or of all together, the newest. */
const SHOWN_RUNS = 20;

export function status(clients: TargetClients): Command {
  return {
    name: 'status',
    summary: 'Shows how every dataset group stands, its runs, what serves now, and the likes.',
    options: GROUPS_OPTIONS,
    async run(values) {
      const target = await readTarget(clients, values);
      const { dynamodb, table } = runsTable(clients, target);
      const groups = await chosenRows(clients, target, values);
      const runs = (
        await Promise.all(
          groups.map(async ({ datasetGroup: { name, arn } }) =>
            (await readRuns(dynamodb, table, arn)).map((run) => ({ datasetGroup: name, ...run })),
          ),
        )
      )
        .flat()
        .sort((a, b) => b.startedAt.localeCompare(a.startedAt))
        .slice(0, SHOWN_RUNS);
      const { users, qualifiedUsers, interactions } = await readTotals(
        dynamodb,
        target.deployment.output('TotalsTableName'),
        { random: Math.random, sleep },
      );
      const serving = groups.flatMap((group) =>
        group.serving.map((each) => ({ datasetGroup: group.datasetGroup.name, ...each })),
      );
      return {
        text: [
          groups.length > 0
            ? textTable(['dataset group', 'state', 'since', '$/h', 'because', 'next'], groups.map(groupRow))
            : `The controller has not looked at ${target.group} yet.`,
          runs.length > 0
            ? textTable(
                ['dataset group', 'started', 'by', 'outcome', 'step', 'ended'],
                runs.map((run) => [
                  ...[run.datasetGroup, run.startedAt, run.reason, run.outcome, run.step, run.endedAt ?? ''],
                ]),
              )
            : 'No training has run yet: it starts when the minimum of likes is reached.',
          serving.length > 0
            ? textTable(
                ['dataset group', 'kind', 'name', 'status', 'serves'],
                serving.map((each) => [
                  ...[each.datasetGroup, each.kind, each.name, each.status, each.solutionVersion ?? ''],
                ]),
              )
            : 'No campaign is up.',
          `${interactions} likes of ${users} people, ${qualifiedUsers} of them with two or more.`,
        ].join('\n\n'),
        json: { groups, runs, serving, likes: { users, qualifiedUsers, interactions } },
      };
    },
  };
}

function groupRow(row: GroupRow): string[] {
  const { datasetGroup, state, since, problems, waiting, next, pricePerHour } = row;
  const because = problems[0]?.reason ?? waiting[0]?.message ?? '';
  const [first = ''] = because.split('\n');
  return [
    ...[datasetGroup.name, state, since, pricePerHour.toFixed(2), first],
    next ? `${next.what}, ${next.at}` : '',
  ];
}
