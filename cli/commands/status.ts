// status: what the gallery's training pipeline does and has done, what serves, what is to be done when, and how far the likes are.
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DescribeCampaignCommand,
  paginateListCampaigns,
  paginateListSolutions,
} from '@aws-sdk/client-personalize';
import { readTotals } from '../../lambda/shared/data/totals';
import { readRuns } from '../../lambda/status/runs';
import type { Clients } from '../clients';
import type { Command } from '../command';
import { DEPLOYMENT_OPTIONS } from '../deployment';
import { readSchedules } from '../schedule-group';
import { textTable } from '../table';
import { readTarget } from '../target';

type Used = Pick<Clients, 'cloudFormation' | 'dynamodb' | 'personalize' | 'scheduler'>;

export function status(clients: Used): Command {
  return {
    name: 'status',
    summary: 'Shows the runs of the training pipeline, what serves now, schedules of files, and the likes.',
    options: DEPLOYMENT_OPTIONS,
    async run(values) {
      const target = await readTarget(clients.cloudFormation, values);
      const runs = await readRuns(
        clients.dynamodb,
        target.deployment.output('RunsTableName'),
        target.datasetGroupArn,
      );
      const { users, qualifiedUsers, interactions } = await readTotals(
        clients.dynamodb,
        target.deployment.output('TotalsTableName'),
        { random: Math.random, sleep },
      );
      const campaigns = await campaignsOf(clients.personalize, target.datasetGroupArn);
      const schedules = await readSchedules(clients.scheduler, target.deployment.prefix);
      const scheduleRows = schedules.map(({ expression, state, does, file }) => [
        expression,
        state,
        does,
        file,
      ]);
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
          runs.length > 0
            ? textTable(['started', 'by', 'outcome', 'step', 'ended'], runRows)
            : 'No training has run yet: it starts when the minimum of likes is reached.',
          campaigns.length > 0
            ? textTable(['campaign', 'status', 'serves'], campaignRows)
            : 'No campaign is up.',
          ...(schedules.length > 0
            ? [textTable(['schedule', 'state', 'does', 'of the file'], scheduleRows)]
            : []),
          `${interactions} likes of ${users} people, ${qualifiedUsers} of them with two or more.`,
        ].join('\n\n'),
        json: { runs, campaigns, schedules, likes: { users, qualifiedUsers, interactions } },
      };
    },
  };
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
