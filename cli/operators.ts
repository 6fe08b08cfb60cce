// The operators of a deployment: each has a link of their own, whose token names their row, so that one can be revoked alone.
import { randomUUID } from 'node:crypto';
import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import {
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { rowsOf } from '../lambda/shared/data/rows';
import type { OperatorRow } from '../lambda/shared/operator';
import { secretOf } from '../lambda/shared/secrets';
import { signToken } from '../lambda/shared/tokens';
import { numberOption } from './arguments';
import { type Options, UserError, type Values } from './command';
import { DEFAULT_PREFIX, DEPLOYMENT_OPTIONS, type Deployment, readDeployment } from './deployment';

export interface OperatorClients {
  readonly cloudFormation: Pick<CloudFormationClient, 'send'>;
  readonly dynamodb: Pick<DynamoDBClient, 'send'>;
  readonly secretsManager: Pick<SecretsManagerClient, 'send'>;
}

export interface OperatorLink {
  readonly name: string;
  readonly url: string;
  /** ISO 8601. */
  readonly expiresAt: string;
}

export const LINK_OPTIONS = {
  ...DEPLOYMENT_OPTIONS,
  hours: {
    type: 'string',
    value: 'N',
    description: 'how long the link is valid (default: the deployment’s operatorTokenDays)',
  },
} as const satisfies Options;

const HOURS_PER_DAY = 24;
const DEFAULT_DAYS = 30;
const MAXIMUM_HOURS = 365 * HOURS_PER_DAY;

export class Operators {
  private constructor(
    private readonly clients: OperatorClients,
    private readonly deployment: Deployment,
    /** That a new link is valid; 0: as many as the deployment says. */
    private readonly hours: number,
    private readonly now: () => number,
  ) {}

  static async of(clients: OperatorClients, values: Values, now: () => number): Promise<Operators> {
    const hours = numberOption(values, 'hours', { minimum: 0.01, maximum: MAXIMUM_HOURS, otherwise: 0 });
    const prefix = String(values['stack-prefix'] ?? DEFAULT_PREFIX);
    return new Operators(clients, await readDeployment(clients.cloudFormation, prefix), hours, now);
  }

  private get table(): string {
    return this.deployment.output('OperatorsTableName');
  }

  /** Those whose links have not run out, by name; the rows of the others are deleted. */
  async list(): Promise<OperatorRow[]> {
    const { dynamodb } = this.clients;
    const at = new Date(this.now()).toISOString();
    const current: OperatorRow[] = [];
    const rows = rowsOf((ExclusiveStartKey) =>
      dynamodb.send(new ScanCommand({ TableName: this.table, ConsistentRead: true, ExclusiveStartKey })),
    );
    for await (const item of rows) {
      const row = unmarshall(item) as OperatorRow;
      if (row.expiresAt > at) current.push(row);
      else await dynamodb.send(new DeleteItemCommand({ TableName: this.table, Key: keyOf(row) }));
    }
    return current.sort((left, right) => left.name.localeCompare(right.name));
  }

  /**
   * @param given the name; without one the link is called by its id
   * @throws UserError when somebody has a link of this name
   */
  async add(given?: string): Promise<OperatorLink> {
    const { deployment, now } = this;
    const operatorId = randomUUID();
    const name = given ?? `link-${operatorId.slice(0, 8)}`;
    const hours = this.hours || Number(deployment.find('OperatorTokenDays') ?? DEFAULT_DAYS) * HOURS_PER_DAY;
    const enablerUrl = deployment.output('EnablerUrl');
    const settings = {
      secret: secretOf(this.clients.secretsManager, deployment.output('OperatorSecretArn')),
      issuer: deployment.output('DatasetGroupArn'),
      now,
    };
    if (given !== undefined && (await this.named(given)).length > 0) {
      throw new UserError(
        `${given} has a link that is valid: revoke it first, or give this one another name`,
      );
    }
    const signed = await signToken(settings, 'operator', operatorId, Math.round(hours * 3600));
    const { token, expiresAt } = signed;
    const row: OperatorRow = { operatorId, name, createdAt: new Date(now()).toISOString(), expiresAt };
    await this.clients.dynamodb.send(new PutItemCommand({ TableName: this.table, Item: marshall(row) }));
    return { name, url: `${enablerUrl}#operator=${token}`, expiresAt };
  }

  /** @throws UserError when nobody of this name has a link */
  async revoke(name: string): Promise<OperatorRow> {
    const [row] = await this.named(name);
    if (!row)
      throw new UserError(`nobody called ${name} has a link that is valid; \`operators list\` tells who has`);
    await this.clients.dynamodb.send(
      new UpdateItemCommand({
        TableName: this.table,
        Key: keyOf(row),
        UpdateExpression: 'SET revokedAt = :at',
        ExpressionAttributeValues: { ':at': { S: new Date(this.now()).toISOString() } },
      }),
    );
    return row;
  }

  private async named(name: string): Promise<OperatorRow[]> {
    return (await this.list()).filter((row) => row.name === name && !row.revokedAt);
  }
}

const keyOf = ({ operatorId }: OperatorRow) => ({ operatorId: { S: operatorId } });
