// What is stored: objects, items in transactions, secrets.
import type { Actor, Call } from './actor';
import { Register } from './actor';

const OBJECTS = 8;
const LARGEST_OBJECT = 200_000;

export class ObjectWriter implements Actor {
  acknowledged = 0;
  private readonly objects = new Map<string, Register>();
  private written = 0;

  async setUp(call: Call): Promise<void> {
    await call('s3', 'CreateBucket', { Bucket: 'crash' });
  }

  async step(call: Call, random: () => number): Promise<void> {
    const Key = `object-${Math.floor(random() * OBJECTS)}`;
    const object = this.objects.get(Key) ?? new Register();
    this.objects.set(Key, object);
    if (random() < 0.25) {
      await object.write(undefined, () => call('s3', 'DeleteObject', { Bucket: 'crash', Key }));
    } else {
      this.written += 1;
      const content = `${this.written}:`.padEnd(Math.floor(random() * LARGEST_OBJECT), '.');
      const Body = Buffer.from(content);
      await object.write(content, () => call('s3', 'PutObject', { Bucket: 'crash', Key, Body }));
    }
    this.acknowledged += 1;
  }

  async verify(call: Call): Promise<string[]> {
    const { Contents } = await call('s3', 'ListObjectsV2', { Bucket: 'crash' });
    const listed = new Set(((Contents ?? []) as readonly { Key: string }[]).map(({ Key }) => Key));
    const problems: string[] = [];
    for (const [Key, object] of this.objects) {
      const found = listed.has(Key) ? await call('s3', 'GetObject', { Bucket: 'crash', Key }) : undefined;
      problems.push(...object.check(Key, found && Buffer.from(found.Body as Uint8Array).toString()));
    }
    return problems;
  }
}

/** Each transaction puts a pair and counts it; one that was cut off is sent again with its token. */
export class TransactionWriter implements Actor {
  acknowledged = 0;
  private attempted = 0;
  private readonly stored = new Set<string>();
  private cutOff: string | undefined;

  async setUp(call: Call): Promise<void> {
    for (const TableName of ['left', 'right', 'counts']) {
      await call('dynamodb', 'CreateTable', {
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      });
    }
  }

  async step(call: Call): Promise<void> {
    this.attempted += 1;
    await this.write(call, `pair-${this.attempted}`);
  }

  async verify(call: Call): Promise<string[]> {
    if (this.cutOff !== undefined) await this.write(call, this.cutOff);
    const [left, right] = [await scan(call, 'left'), await scan(call, 'right')];
    const [count] = await scan(call, 'counts');
    const counted = Number(count?.n?.N ?? 0);
    const lefts = new Set(left.map((item) => item.id?.S));
    const problems: string[] = [];
    for (const id of this.stored) if (!lefts.has(id)) problems.push(`${id} is lost`);
    if (left.length !== this.stored.size || right.length !== left.length || counted !== left.length) {
      problems.push(
        `${this.stored.size} pairs, stored ${left.length} and ${right.length}, counted ${counted}`,
      );
    }
    return problems;
  }

  private async write(call: Call, id: string): Promise<void> {
    this.cutOff = id;
    const put = (TableName: string) => ({ Put: { TableName, Item: { id: { S: id } } } });
    const count = {
      TableName: 'counts',
      Key: { id: { S: 'pairs' } },
      UpdateExpression: 'ADD n :one',
      ExpressionAttributeValues: { ':one': { N: '1' } },
    };
    await call('dynamodb', 'TransactWriteItems', {
      ClientRequestToken: id,
      TransactItems: [put('left'), put('right'), { Update: count }],
    });
    this.cutOff = undefined;
    this.stored.add(id);
    this.acknowledged += 1;
  }
}

type Row = Readonly<Record<string, { readonly S?: string; readonly N?: string }>>;

async function scan(call: Call, TableName: string): Promise<Row[]> {
  return (await call('dynamodb', 'Scan', { TableName })).Items as Row[];
}

export class SecretWriter implements Actor {
  acknowledged = 0;
  private readonly secret = new Register();
  private written = 0;

  async setUp(call: Call): Promise<void> {
    const input = { Name: 'crash', SecretString: '0' };
    await this.secret.write('0', () => call('secretsmanager', 'CreateSecret', input));
  }

  async step(call: Call): Promise<void> {
    this.written += 1;
    const SecretString = String(this.written);
    const input = { SecretId: 'crash', SecretString };
    await this.secret.write(SecretString, () => call('secretsmanager', 'PutSecretValue', input));
    this.acknowledged += 1;
  }

  async verify(call: Call): Promise<string[]> {
    const { SecretString } = await call('secretsmanager', 'GetSecretValue', { SecretId: 'crash' });
    return this.secret.check('the secret', SecretString as string);
  }
}
