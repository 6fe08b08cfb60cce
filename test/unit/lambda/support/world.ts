// The real handlers in one process: their SDK clients answer from memory, their environment is that of a deployment.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, type PutEventsCommand as PutBusEventsCommand } from '@aws-sdk/client-eventbridge';
import {
  PersonalizeEventsClient,
  PutEventsCommand,
  type PutEventsCommandInput,
  PutItemsCommand,
  type PutItemsCommandInput,
  PutUsersCommand,
  type PutUsersCommandInput,
} from '@aws-sdk/client-personalize-events';
import {
  type GetPersonalizedRankingCommandInput,
  type GetRecommendationsCommandInput,
  PersonalizeRuntimeClient,
} from '@aws-sdk/client-personalize-runtime';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { type SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { HttpHandler } from '../../../../lambda/shared/http/handler';
import { type Audience, signToken } from '../../../../lambda/shared/tokens';
import { FakeDynamoDB } from './fake-dynamodb';
import { FakeS3 } from './fake-s3';

export const DATASET_GROUP = 'arn:aws:personalize:eu-west-1:111122223333:dataset-group/gallery';

const ENVIRONMENT = {
  GALLERY_BUCKET: 'gallery',
  GALLERY_BUCKET_HOST: 'gallery.s3.eu-west-1.amazonaws.com',
  ITEMS_TABLE: 'items',
  VISITORS_TABLE: 'visitors',
  LIKES_TABLE: 'likes',
  TOTALS_TABLE: 'totals',
  UNDELIVERED_TABLE: 'undelivered',
  RETRY_QUEUE_URL: 'https://sqs.test/retry',
  TRACKING_ID: 'tracking',
  DATASET_GROUP_ARN: DATASET_GROUP,
  ITEMS_DATASET_ARN: 'arn:aws:personalize:eu-west-1:111122223333:dataset/gallery/ITEMS',
  USERS_DATASET_ARN: 'arn:aws:personalize:eu-west-1:111122223333:dataset/gallery/USERS',
  VISITOR_SECRET_ARN: 'visitor-secret',
  OPERATOR_SECRET_ARN: 'operator-secret',
  MINIMUM_USERS: '2',
  MINIMUM_INTERACTIONS: '5',
  VISITOR_TOKEN_DAYS: '7',
  PERSONAL_CAMPAIGN_ARN: 'campaign/personal',
  SIMILAR_CAMPAIGN_ARN: 'campaign/similar',
  RANKING_CAMPAIGN_ARN: 'campaign/ranking',
  IN_GALLERY_FILTER_ARN: 'filter/in-gallery',
  BY_EMOTION_FILTER_ARN: 'filter/by-emotion',
  NOT_LIKED_FILTER_ARN: 'filter/not-liked',
  BY_EMOTION_NOT_LIKED_FILTER_ARN: 'filter/by-emotion-not-liked',
  OPERATORS_TABLE: 'operators',
  RUNS_TABLE: 'runs',
  PIPELINE_ARN: 'stateMachine:pipeline',
  AWS_REGION: 'eu-west-1',
  POWERTOOLS_LOG_LEVEL: 'SILENT',
};

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape.
  readonly body: any;
}

export interface HttpCall {
  readonly token?: string;
  readonly pathParameters?: Record<string, string>;
  /** Sent as JSON; a string or bytes are sent as they are. */
  readonly body?: unknown;
  readonly query?: Record<string, string>;
  readonly headers?: Record<string, string>;
}

export interface TokenOptions {
  readonly audience?: Audience;
  /** @default the audience's own */
  readonly secret?: string;
  readonly issuer?: string;
  readonly issuedMsAgo?: number;
}

export class World {
  dynamodb = new FakeDynamoDB();
  s3 = new FakeS3();
  events: PutEventsCommandInput[] = [];
  users: PutUsersCommandInput[] = [];
  items: PutItemsCommandInput[] = [];
  queue: string[] = [];
  /** What the campaigns were asked; `model` answers with item ids in its order, or throws. */
  asked: (GetRecommendationsCommandInput & GetPersonalizedRankingCommandInput)[] = [];
  model: () => readonly string[] = () => {
    throw serviceError('ResourceNotFoundException');
  };
  bus: { readonly source?: string; readonly detailType?: string; readonly detail: unknown }[] = [];
  /** Each throws to let the service fail. */
  personalizeFault: () => void = () => undefined;
  queueFault: () => void = () => undefined;
  busFault: () => void = () => undefined;
  private requests = 0;

  constructor() {
    // Whose tokens `token('operator', { audience: 'operator' })` makes.
    this.dynamodb.put('operators', { operatorId: 'operator', name: 'Ann' });
  }

  /** Replaces what clients send, and sets the environment. Handlers are to be imported afterwards. */
  install(): void {
    Object.assign(process.env, ENVIRONMENT);
    jest
      .spyOn(DynamoDBClient.prototype, 'send')
      .mockImplementation(((command: object) => this.dynamodb.send(command as never)) as never);
    this.answer(S3Client, (command: object) => this.s3.send(command));
    this.answer(SecretsManagerClient, (command: { input: { SecretId: string } }) => ({
      SecretString: `${command.input.SecretId} of 64 characters or so, made at deploy`,
    }));
    this.answer(PersonalizeEventsClient, (command: object) => this.personalize(command));
    this.answer(
      PersonalizeRuntimeClient,
      ({ input }: { input: GetRecommendationsCommandInput & GetPersonalizedRankingCommandInput }) => {
        this.asked.push(input);
        const list = this.model().map((itemId) => ({ itemId }));
        return { itemList: list, personalizedRanking: list, recommendationId: 'RID-1' };
      },
    );
    this.answer(SQSClient, (command: SendMessageCommand) => {
      this.queueFault();
      this.queue.push(command.input.MessageBody ?? '');
      return {};
    });
    this.answer(EventBridgeClient, (command: PutBusEventsCommand) => {
      this.busFault();
      for (const { Source, DetailType, Detail } of command.input.Entries ?? []) {
        this.bus.push({ source: Source, detailType: DetailType, detail: JSON.parse(Detail ?? '') });
      }
      return { FailedEntryCount: 0 };
    });
  }

  reset(): void {
    Object.assign(this, new World());
  }

  addPictures(...itemIds: string[]): void {
    for (const itemId of itemIds) {
      const emotion = itemId.split('/')[1];
      this.dynamodb.put('items', {
        ...{ itemId, emotion, listed: emotion, createdAt: '2026-01-01T00:00:00.000Z' },
        picture: { folder: `pictures/${itemId}`, widths: [] },
      });
    }
  }

  addVisitor(visitorId: string, likes = 0): void {
    this.dynamodb.put('visitors', { visitorId, likes, createdAt: '2026-01-01T00:00:00.000Z' });
  }

  token(subject: string, options: TokenOptions = {}): Promise<string> {
    const { audience = 'visitor', issuer = DATASET_GROUP, issuedMsAgo = 0 } = options;
    const { secret = `${audience}-secret` } = options;
    const key = new TextEncoder().encode(`${secret} of 64 characters or so, made at deploy`);
    const settings = { secret: async () => key, issuer, now: () => Date.now() - issuedMsAgo };
    return signToken(settings, audience, subject, 3600).then(({ token }) => token);
  }

  async call(
    handler: HttpHandler,
    method: string,
    path: string,
    { token, body, query, headers, pathParameters }: HttpCall = {},
  ): Promise<HttpAnswer> {
    this.requests += 1;
    const event = {
      rawPath: path,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(token && { authorization: `Bearer ${token}` }),
        ...headers,
      },
      queryStringParameters: query,
      pathParameters,
      requestContext: { requestId: `request-${this.requests}`, http: { method } },
      body: Buffer.isBuffer(body)
        ? body.toString('base64')
        : typeof body === 'string'
          ? body
          : JSON.stringify(body),
      isBase64Encoded: Buffer.isBuffer(body),
    } as unknown as APIGatewayProxyEventV2;
    const answer = await handler(event, { awsRequestId: `invocation-${this.requests}` });
    return {
      status: answer.statusCode ?? 0,
      headers: answer.headers ?? {},
      body: JSON.parse(answer.body ?? 'null'),
    };
  }

  private answer<Command>(
    client: { readonly prototype: { send: unknown } },
    respond: (command: Command) => unknown,
  ): void {
    jest
      .spyOn(client.prototype as { send: (command: Command) => Promise<unknown> }, 'send')
      .mockImplementation(async (command) => respond(command));
  }

  private personalize(command: object): unknown {
    this.personalizeFault();
    if (command instanceof PutEventsCommand) this.events.push(command.input);
    else if (command instanceof PutUsersCommand) this.users.push(command.input);
    else if (command instanceof PutItemsCommand) this.items.push(command.input);
    else throw new Error(`unexpected ${command.constructor.name}`);
    return {};
  }
}

/** An SDK error by its documented name. */
export function serviceError(name: string, fault: 'client' | 'server' = 'client'): Error {
  return Object.assign(new Error(`${name} of a test`), { name, $fault: fault, $metadata: {} });
}
