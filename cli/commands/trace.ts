// trace: what became of one event, from the gallery to the campaigns: why it shows in recommendations, or does not yet.
import { type DynamoDBClient, GetItemCommand, paginateScan } from '@aws-sdk/client-dynamodb';
import { DescribeCampaignCommand, type PersonalizeClient } from '@aws-sdk/client-personalize';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { toEntry } from '../../lambda/redeliver/deliver';
import { OVERDUE_AFTER_MS, type UndeliveredEntry } from '../../lambda/shared/data/undelivered';
import { type Command, UserError } from '../command';
import { DEPLOYMENT_OPTIONS } from '../deployment';
import type { LikeRecord } from '../rebuild/rows';
import { eventTypeOf } from '../rebuild/rows';
import { scanRaw } from '../rebuild/scan';
import { readyVersions, recipeOf, solutionsOf } from '../solutions';
import { readTarget, type TargetClients } from '../target';

interface Trained {
  readonly solution: string;
  /** ARN of the first version that was begun after the event was accepted. */
  readonly version?: string;
  readonly trainedAt?: string;
  /** Whether new events change answers before any training. */
  readonly isRealTime: boolean;
  readonly campaigns: readonly {
    readonly campaign: string;
    readonly serves: string;
    /** Whether what it serves has learned from the event. */
    readonly knows: boolean;
  }[];
}

export function trace(clients: TargetClients): Command {
  return {
    name: 'trace',
    summary: 'Follows one event: received, delivered, counted, in which version, served by which campaign.',
    positionals: ['EVENT_ID'],
    options: {
      ...DEPLOYMENT_OPTIONS,
      visitor: { type: 'string', value: 'V', description: 'whose event it is: spares reading all likes' },
    },
    async run(values, [eventId = ''], { now }) {
      const target = await readTarget(clients, values);
      const table = target.deployment.output('LikesTableName');
      const like = await findLike(clients.dynamodb, table, eventId, values.visitor);
      if (!like) {
        throw new UserError(
          `the gallery has no event ${eventId}: it was never accepted, or is another person's`,
        );
      }
      const entry = await openEntry(
        clients.dynamodb,
        target.deployment.output('UndeliveredTableName'),
        eventId,
      );
      const eventType = eventTypeOf(like);
      const trained = await trainedSince(clients.personalize, target.datasetGroupArn, like.acceptedAt);
      const isDelivered = entry === undefined;
      // An entry that was delivered as it came goes with the next like of the same function, or with the sweep.
      const isUnconfirmed =
        entry?.attempts === 0 && now() - Date.parse(like.acceptedAt) < 2 * OVERDUE_AFTER_MS;
      const open = isUnconfirmed
        ? 'as it came, unless that failed: confirmed, or sent again, within two minutes'
        : 'not yet: it is tried again until it is';
      return {
        text: [
          `received   ${like.acceptedAt}: ${eventType} of ${like.itemId} by ${like.visitorId}, at ${like.occurredAt}`,
          `delivered  ${entry ? `${open} (${entry.entry})` : 'Amazon Personalize has it'}`,
          isDelivered && eventType === 'like'
            ? 'counted    towards the minimum, once for a person and a picture'
            : `counted    ${isDelivered ? 'no: only likes are' : 'not before it is delivered'}`,
          ...(isDelivered ? trained.flatMap(told) : []),
        ].join('\n'),
        json: {
          like,
          isDelivered: isUnconfirmed ? null : isDelivered,
          isCounted: isDelivered && eventType === 'like',
          trained,
        },
      };
    },
  };
}

function told({ solution, version, trainedAt, isRealTime, campaigns }: Trained): string[] {
  const learned = version
    ? `trained    ${solution}: in ${version.slice(version.lastIndexOf('/') + 1)}, begun ${trainedAt}, and all since`
    : `trained    ${solution}: in no version yet; the next training takes it`;
  return [
    learned,
    ...campaigns.map(({ campaign, serves, knows }) => {
      const name = serves.slice(serves.lastIndexOf('/') + 1);
      if (knows) return `served     by ${campaign}, with ${name}`;
      const atOnce = isRealTime ? '; for this person it counts at once all the same' : '';
      return `served     not by ${campaign}, which has ${name} from before${atOnce}`;
    }),
  ];
}

async function findLike(
  client: DynamoDBClient,
  table: string,
  eventId: string,
  visitor: unknown,
): Promise<LikeRecord | undefined> {
  if (typeof visitor === 'string') {
    const Key = { visitorId: { S: visitor }, eventId: { S: eventId } };
    const { Item } = await client.send(new GetItemCommand({ TableName: table, Key, ConsistentRead: true }));
    return Item && (unmarshall(Item) as LikeRecord);
  }
  const search = {
    TableName: table,
    FilterExpression: 'eventId = :event',
    ExpressionAttributeValues: { ':event': { S: eventId } },
    ConsistentRead: true,
  };
  for await (const { Items = [] } of paginateScan({ client }, search)) {
    if (Items[0]) return unmarshall(Items[0]) as LikeRecord;
  }
  return undefined;
}

/** The undelivered entry that still has the event. */
async function openEntry(
  client: DynamoDBClient,
  table: string,
  eventId: string,
): Promise<UndeliveredEntry | undefined> {
  for await (const row of scanRaw(client, table)) {
    const entry = toEntry(row);
    if (!entry.deliveredAt && entry.events.some((event) => event.eventId === eventId)) return entry;
  }
  return undefined;
}

async function trainedSince(
  client: PersonalizeClient,
  datasetGroupArn: string,
  acceptedAt: string,
): Promise<Trained[]> {
  const found: Trained[] = [];
  for await (const { solution, campaigns } of solutionsOf(client, datasetGroupArn)) {
    const begun = (await readyVersions(client, solution)).filter(
      ({ creationDateTime }) => Number(creationDateTime) > Date.parse(acceptedAt),
    );
    const served = [];
    for (const { campaignArn, name = '' } of campaigns) {
      const { campaign } = await client.send(new DescribeCampaignCommand({ campaignArn }));
      const serves = campaign?.solutionVersionArn ?? '';
      const knows = begun.some(({ solutionVersionArn }) => solutionVersionArn === serves);
      served.push({ campaign: name, serves, knows });
    }
    const first = begun.at(-1);
    found.push({
      solution: solution.name ?? '',
      ...(first && {
        version: String(first.solutionVersionArn),
        trainedAt: first.creationDateTime?.toISOString(),
      }),
      isRealTime: (await recipeOf(client, solution))?.realTime ?? false,
      campaigns: served,
    });
  }
  return found;
}
