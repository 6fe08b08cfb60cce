// status: how every dataset group stands, the runs of the gallery's trainings, what serves, and how far the likes are.
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DescribeCampaignCommand,
  paginateListCampaigns,
  paginateListSolutions,
} from '@aws-sdk/client-personalize';
import type { GroupRow } from '../../lambda/controller/group-row';
import { readGroups } from '../../lambda/controller/rows';
import { readTotals } from '../../lambda/shared/data/totals';
import { readRuns } from '../../lambda/status/runs';
import type { Clients } from '../clients';
import type { Command } from '../command';
import { DEPLOYMENT_OPTIONS } from '../deployment';
import { textTable } from '../table';
import { readTarget } from '../target';

type Used = Pick<Clients, 'cloudFormation' | 'dynamodb' | 'personalize'>;

export function status(clients: Used): Command {
  return {
    name: 'status',
    summary: 'Shows how every dataset group stands, the trainings, what serves now, and the likes.',
    options: DEPLOYMENT_OPTIONS,
    async run(values) {
      const target = await readTarget(clients.cloudFormation, values);
      const table = target.deployment.output('RunsTableName');
      const groups = await readGroups({ dynamodb: clients.dynamodb, table });
      const runs = await readRuns(clients.dynamodb, table, target.datasetGroupArn);
      const { users, qualifiedUsers, interactions } = await readTotals(
        clients.dynamodb,
        target.deployment.output('TotalsTableName'),
        { random: Math.random, sleep },
      );
      const campaigns = await campaignsOf(clients.personalize, target.datasetGroupArn);
      const runRows = runs.map((run) => [
        run.startedAt,
        run.reason,
        run.outcome,
        run.step,
        run.endedAt ?? '',
      ]);
      const campaignRows = campaigns.map(({ name, status, version }) => [name, status, version]);
      return {
        text: [
          textTable(['dataset group', 'state', 'since', 'because', 'next'], groups.map(groupRow)),
          runs.length > 0
            ? textTable(['started', 'by', 'outcome', 'step', 'ended'], runRows)
            : 'No training has run yet: it starts when the minimum of likes is reached.',
          campaigns.length > 0
            ? textTable(['campaign', 'status', 'serves'], campaignRows)
            : 'No campaign is up.',
          `${interactions} likes of ${users} people, ${qualifiedUsers} of them with two or more.`,
        ].join('\n\n'),
        json: { groups, runs, campaigns, likes: { users, qualifiedUsers, interactions } },
      };
    },
  };
}

function groupRow({ datasetGroup, state, since, problems, waiting, next }: GroupRow): string[] {
  const because = problems[0]?.reason ?? waiting[0]?.message ?? '';
  return [datasetGroup.name, state, since, because, next ? `${next.what}, ${next.at}` : ''];
}

async function campaignsOf(client: Clients['personalize'], datasetGroupArn: string) {
  const found: { name: string; status: string; version: string }[] = [];
  for await (const { solutions = [] } of paginateListSolutions({ client }, { datasetGroupArn })) {
    for (const { solutionArn } of solutions) {
      for await (const { campaigns = [] } of paginateListCampaigns({ client }, { solutionArn })) {
        for (const { campaignArn } of campaigns) {
          const { campaign } = await client.send(new DescribeCampaignCommand({ campaignArn }));
          found.push({
            name: campaign?.name ?? '',
            status: campaign?.latestCampaignUpdate?.status ?? campaign?.status ?? '',
            version: campaign?.solutionVersionArn ?? '',
          });
        }
      }
    }
  }
  return found;
}
