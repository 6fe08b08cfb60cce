// trace: what became of one event, from the gallery to the campaigns: why it shows in recommendations, or does not yet.
import { type DynamoDBClient, GetItemCommand, paginateScan } from '@aws-sdk/client-dynamodb';
import {
  DescribeCampaignCommand,
  type PersonalizeClient,
  paginateListCampaigns,
  paginateListSolutions,
  paginateListSolutionVersions,
} from '@aws-sdk/client-personalize';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { findRecipe, recipeName } from '@emotion-gallery/personalize-rules/recipes';
import { toEntry } from '../../lambda/redeliver/deliver';
import type { Clients } from '../clients';
import { type Command, UserError } from '../command';
import { DEPLOYMENT_OPTIONS } from '../deployment';
import type { LikeRecord } from '../rebuild/rows';
import { eventTypeOf } from '../rebuild/rows';
import { scanRaw } from '../rebuild/scan';
import { readTarget } from '../target';

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

export function trace(clients: Pick<Clients, 'cloudFormation' | 'dynamodb' | 'personalize'>): Command {
  return {
    name: 'trace',
    summary: 'Follows one event: received, delivered, counted, in which version, served by which campaign.',
    positionals: ['EVENT_ID'],
    options: {
      ...DEPLOYMENT_OPTIONS,
      visitor: { type: 'string', value: 'V', description: 'whose event it is: spares reading all likes' },
    },
    async run(values, [eventId = '']) {
      const target = await readTarget(clients.cloudFormation, values);
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
      return {
        text: [
          `received   ${like.acceptedAt}: ${eventType} of ${like.itemId} by ${like.visitorId}, at ${like.occurredAt}`,
          isDelivered
            ? 'delivered  Amazon Personalize has it'
            : `delivered  not yet: it is tried again until it is (${entry})`,
          isDelivered && eventType === 'like'
            ? 'counted    towards the minimum, once for a person and a picture'
            : `counted    ${isDelivered ? 'no: only likes are' : 'not before it is delivered'}`,
          ...(isDelivered ? trained.flatMap(told) : []),
        ].join('\n'),
        json: { like, isDelivered, isCounted: isDelivered && eventType === 'like', trained },
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

/** The key of the undelivered entry that still has the event. */
async function openEntry(
  client: DynamoDBClient,
  table: string,
  eventId: string,
): Promise<string | undefined> {
  for await (const row of scanRaw(client, table)) {
    const { entry, events, deliveredAt } = toEntry(row);
    if (!deliveredAt && events.some((event) => event.eventId === eventId)) return entry;
  }
  return undefined;
}

async function trainedSince(
  client: PersonalizeClient,
  datasetGroupArn: string,
  acceptedAt: string,
): Promise<Trained[]> {
  const found: Trained[] = [];
  for await (const { solutions = [] } of paginateListSolutions({ client }, { datasetGroupArn })) {
    for (const { solutionArn, name = '', recipeArn = '' } of solutions) {
      const begun = await versionsOf(client, solutionArn, acceptedAt);
      const campaigns = [];
      for await (const page of paginateListCampaigns({ client }, { solutionArn })) {
        for (const { campaignArn } of page.campaigns ?? []) {
          const { campaign } = await client.send(new DescribeCampaignCommand({ campaignArn }));
          const serves = campaign?.solutionVersionArn ?? '';
          campaigns.push({
            campaign: campaign?.name ?? '',
            serves,
            knows: begun.some(({ arn }) => arn === serves),
          });
        }
      }
      const [first] = begun;
      found.push({
        solution: name,
        ...(first && { version: first.arn, trainedAt: first.at }),
        isRealTime: findRecipe(recipeName(recipeArn) ?? '')?.realTime ?? false,
        campaigns,
      });
    }
  }
  return found;
}

/** Versions that were begun after the event was accepted and are ready, the oldest first. */
async function versionsOf(client: PersonalizeClient, solutionArn: string | undefined, acceptedAt: string) {
  const found: { arn: string; at: string }[] = [];
  for await (const { solutionVersions = [] } of paginateListSolutionVersions({ client }, { solutionArn })) {
    for (const { solutionVersionArn: arn = '', status, creationDateTime } of solutionVersions) {
      const at = creationDateTime?.toISOString() ?? '';
      if (status === 'ACTIVE' && at > acceptedAt) found.push({ arn, at });
    }
  }
  return found.sort((a, b) => a.at.localeCompare(b.at));
}
