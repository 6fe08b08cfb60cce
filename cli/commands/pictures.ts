// pictures: what is in the gallery, and which files are not, and why.
import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EMOTIONS } from '../../lambda/shared/contract/emotions';
import type { Command } from '../command';
import { DEFAULT_PREFIX, DEPLOYMENT_OPTIONS, readDeployment } from '../deployment';
import { scan } from '../rebuild/scan';
import { textTable } from '../table';

export interface PicturesClients {
  readonly cloudFormation: Pick<CloudFormationClient, 'send'>;
  readonly dynamodb: DynamoDBClient;
}

interface ItemRow {
  readonly itemId: string;
  readonly listed?: string;
  readonly refused?: string;
  /** As it is called in the bucket. */
  readonly objectKey?: string;
}

export function pictures(clients: PicturesClients): Command {
  return {
    name: 'pictures',
    summary: 'Lists how many pictures each emotion has, and which files are not in the gallery, and why.',
    options: DEPLOYMENT_OPTIONS,
    async run(values) {
      const prefix = String(values['stack-prefix'] ?? DEFAULT_PREFIX);
      const deployment = await readDeployment(clients.cloudFormation, prefix);
      const listed = new Map<string, number>(EMOTIONS.map((emotion) => [emotion, 0]));
      const refused: { key: string; reason: string }[] = [];
      for await (const row of scan<ItemRow>(clients.dynamodb, deployment.output('ItemsTableName'))) {
        if (row.listed) listed.set(row.listed, (listed.get(row.listed) ?? 0) + 1);
        if (row.refused) refused.push({ key: row.objectKey ?? row.itemId, reason: row.refused });
      }
      refused.sort((left, right) => left.key.localeCompare(right.key));
      const text = [
        textTable(
          ['emotion', 'pictures'],
          [...listed].map(([emotion, count]) => [emotion, String(count)]),
        ),
        refused.length === 0
          ? 'Every file under emotions/ is in the gallery.'
          : textTable(
              ['not in the gallery', 'because'],
              refused.map(({ key, reason }) => [key, reason]),
            ),
      ];
      return { text: text.join('\n\n'), json: { listed: Object.fromEntries(listed), refused } };
    },
  };
}
