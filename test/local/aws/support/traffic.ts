// What makes each function of the app do all that it may do: calls through the site, and what the function finds in the tables.
import { createHash, randomUUID } from 'node:crypto';
import { marshall } from '@aws-sdk/util-dynamodb';
import { csvOf, JOBS_PREFIX } from '../../../../lambda/shared/personalize/forgotten-visitors';
import { makeOperatorLink } from '../../../../local/start/ready';
import { GalleryClient, likeOf, operatorToken } from '../../app/gallery-client';
import { type DeployedGallery, PREFIX } from './gallery';

const OLD = '2026-01-01T00:00:00.000Z';
export const ITEM = 'emotions/calm/one.svg';

interface DeployedFunction {
  readonly FunctionName: string;
  readonly Handler?: string;
  readonly Environment?: { readonly Variables?: Readonly<Record<string, string>> };
}

export class Traffic {
  readonly client: GalleryClient;
  private token = '';
  private operator = '';

  constructor(private readonly gallery: DeployedGallery) {
    this.client = new GalleryClient(gallery.endpoint.siteUrl);
  }

  /** A picture, a visitor, an operator. */
  async begin(): Promise<void> {
    const { endpoint, outputs } = this.gallery;
    const Bucket = outputs.BucketName;
    await endpoint.call('s3', 'PutObject', { Bucket, Key: ITEM, Body: Buffer.from('<svg/>') });
    // What is asked for by a role that may not list must be there: a missing object would be denied.
    for (const Key of ['some/thing', 'personalize/some/thing', 'personalize/config/some/thing']) {
      await endpoint.call('s3', 'PutObject', { Bucket, Key, Body: Buffer.from('{}') });
    }
    const link = await makeOperatorLink(endpoint, {
      [`${PREFIX}-site`]: { EnablerUrl: String(outputs.EnablerUrl) },
    });
    this.operator = operatorToken(link);
    this.token = (await this.client.createVisitor()).token;
    for (;;) {
      const { images } = await this.client.images(this.token);
      if (images.length > 0) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** By the name of the function's folder under `lambda/`; what a call is answered does not matter here. */
  readonly drives: Readonly<Record<string, () => Promise<unknown>>> = {
    catalog: () => this.catalog(),
    visitors: () => this.send('POST', '/api/visitors', { emotion: 'calm' }, ''),
    images: () => this.send('GET', '/api/images'),
    like: () => this.like(),
    redeliver: () => this.redeliver(),
    progress: () => this.progress(),
    operator: () => this.send('POST', '/api/operator/people', { count: 1 }, this.operator),
    curate: () => this.curate(),
    forget: () => this.forget(),
    forgetsweep: () => this.forgetSweep(),
    openapi: () => this.send('GET', '/api/openapi.json'),
    recommend: () => this.recommend(),
    similar: () => this.send('GET', `/api/similar/${ITEM}`),
    ranking: () => this.send('POST', '/api/ranking', { itemIds: [ITEM] }),
    status: () => this.send('GET', '/api/status', undefined, this.operator),
    training: () => this.training(),
    controller: () => this.tick(),
    controllersweep: () => this.sweep(),
  };

  /** An event that a function answers or refuses, without doing anything. */
  async touch(functions: readonly string[]): Promise<void> {
    const Payload = Buffer.from(JSON.stringify({ RequestType: 'Create', ResourceProperties: {} }));
    for (const FunctionName of functions) {
      await this.gallery.endpoint.call('lambda', 'Invoke', { FunctionName, Payload });
    }
  }

  close(): void {
    this.client.close();
  }

  private send(method: string, path: string, body?: unknown, token = this.token): Promise<unknown> {
    return this.client.send(path, { method, body, ...(token && { token }) });
  }

  private async invoke(name: string, event: unknown, handler?: string): Promise<void> {
    const { endpoint } = this.gallery;
    const { Functions } = await endpoint.call('lambda', 'ListFunctions', {});
    const found = (Functions as DeployedFunction[]).find(
      ({ Environment, Handler }) =>
        Environment?.Variables?.POWERTOOLS_SERVICE_NAME === name &&
        (handler === undefined || Handler === handler),
    );
    if (!found) throw new Error(`there is no function ${name}`);
    const Payload = Buffer.from(JSON.stringify(event));
    await endpoint.call('lambda', 'Invoke', { FunctionName: found.FunctionName, Payload });
  }

  private put(table: string, item: Record<string, unknown>): Promise<unknown> {
    const input = { TableName: this.gallery.outputs[table], Item: marshall(item) };
    return this.gallery.endpoint.call('dynamodb', 'PutItem', input);
  }

  /** A picture that comes and goes: what is made of it goes too. */
  private async catalog(): Promise<void> {
    const { endpoint, outputs } = this.gallery;
    const object = { Bucket: outputs.BucketName, Key: `emotions/calm/${randomUUID()}.svg` };
    const event = { time: new Date().toISOString(), detail: { object: { key: object.Key } } };
    await endpoint.call('s3', 'PutObject', { ...object, Body: Buffer.from('<svg/>') });
    await this.invoke('catalog', { source: 'aws.s3', 'detail-type': 'Object Created', ...event });
    await endpoint.call('s3', 'DeleteObject', object);
    await this.invoke('catalog', { source: 'aws.s3', 'detail-type': 'Object Deleted', ...event });
    await this.invoke('catalog', {
      source: 'aws.events',
      'detail-type': 'Scheduled Event',
      time: event.time,
    });
  }

  /** Two requests: the second one's transaction takes away the entry of the first. */
  private async like(): Promise<void> {
    for (let count = 0; count < 2; count += 1) {
      await this.send('POST', '/api/likes', { sessionId: randomUUID(), likes: [likeOf(ITEM)] });
    }
  }

  /** As many likes as it takes, and nobody announced it yet. */
  private async reachMinimum(): Promise<void> {
    const { TotalsTableName: TableName } = this.gallery.outputs;
    const Key = { shard: { S: 'minimum' } };
    await this.gallery.endpoint.call('dynamodb', 'DeleteItem', { TableName, Key });
    await this.put('TotalsTableName', { shard: '00', users: 30, qualifiedUsers: 30, interactions: 2000 });
  }

  private async redeliver(): Promise<void> {
    const visitorId = randomUUID();
    const event = { eventId: randomUUID(), eventType: 'like', itemId: ITEM, occurredAt: OLD };
    const entry = {
      partition: '00',
      entry: `${OLD}#${visitorId}`,
      visitorId,
      sessionId: 'session',
      events: JSON.stringify([event]),
      attempts: 0,
    };
    const unsent = { unsentSince: OLD, unsentPartition: 'unsent', createdAt: OLD };
    await this.put('UndeliveredTableName', entry);
    await this.put('UndeliveredTableName', { ...entry, partition: '01' });
    await this.put('VisitorsTableName', { visitorId, likes: 1, ...unsent });
    const picture = { folder: 'pictures/one', widths: [] };
    await this.put('ItemsTableName', { itemId: ITEM, emotion: 'calm', listed: 'calm', picture, ...unsent });
    await this.reachMinimum();
    const { partition, entry: key } = entry;
    const body = JSON.stringify({ partition, entry: key });
    await this.invoke('redeliver', { Records: [{ messageId: '1', body }] });
    await this.invoke('redeliver', { source: 'aws.events' });
  }

  /** A picture that is taken out and put back, and one that is to be sent. */
  private async curate(): Promise<void> {
    const { endpoint, outputs } = this.gallery;
    const itemId = `emotions/calm/${randomUUID()}.svg`;
    await endpoint.call('s3', 'PutObject', {
      Bucket: outputs.BucketName,
      Key: itemId,
      Body: Buffer.from('<svg/>'),
    });
    const sha256 = createHash('sha256').update(itemId).digest('base64');
    const file = { emotion: 'calm', name: 'one.svg', type: 'image/svg+xml', bytes: 6, sha256 };
    await this.send('GET', '/api/operator/pictures?emotion=calm', undefined, this.operator);
    await this.send('POST', '/api/operator/pictures', { action: 'remove', itemId }, this.operator);
    await this.send('GET', '/api/operator/removed', undefined, this.operator);
    await this.send('POST', '/api/operator/pictures', { action: 'restore', itemId }, this.operator);
    await this.send('POST', '/api/operator/uploads', { files: [file] }, this.operator);
    await this.send('GET', '/api/operator/refused', undefined, this.operator);
  }

  /** Somebody who likes, and some of whose likes are on their way. */
  private async forget(): Promise<void> {
    const { visitorId, token } = await this.client.createVisitor();
    const entry = `${new Date().toISOString()}#${visitorId}`;
    await this.put('LikesTableName', { visitorId, eventId: randomUUID(), itemId: ITEM });
    await this.put('UndeliveredTableName', { partition: '03', entry, visitorId, events: '[]', attempts: 0 });
    await this.send('DELETE', '/api/visitors/me', undefined, token);
  }

  /** A job that is written down, and is still to be made. */
  private async forgetSweep(): Promise<void> {
    const Key = `${JOBS_PREFIX}forget-${randomUUID()}.csv`;
    const object = { Bucket: this.gallery.outputs.BucketName, Key, Body: Buffer.from(csvOf(['nobody'])) };
    await this.gallery.endpoint.call('s3', 'PutObject', object);
    await this.invoke('forget-sweep', {});
  }

  private async progress(): Promise<void> {
    await this.reachMinimum();
    await this.send('GET', '/api/progress');
    await this.send('GET', '/api/latest');
  }

  private async recommend(): Promise<void> {
    await this.send('GET', '/api/recommendations');
    await this.send('GET', '/api/recommendations?emotion=calm');
  }

  private async training(): Promise<void> {
    await this.send('POST', '/api/operator/training', { action: 'start' }, this.operator);
    await this.send('POST', '/api/operator/training', { action: 'stop' }, this.operator);
  }

  /** There may be likes enough, so that they are counted, and what waits is delivered. */
  private async tick(): Promise<void> {
    const event = { eventId: randomUUID(), eventType: 'like', itemId: ITEM, occurredAt: OLD };
    await this.put('UndeliveredTableName', {
      ...{ partition: '02', entry: `${OLD}#${event.eventId}`, visitorId: randomUUID(), sessionId: 'session' },
      ...{ events: JSON.stringify([event]), attempts: 0 },
    });
    await this.reachMinimum();
    const execution = `arn:aws:states:us-east-1:000000000000:execution:${PREFIX}:none`;
    const input = { reason: 'look', execution, startedAt: new Date().toISOString(), ticks: 0 };
    await this.invoke('controller', input, 'index.handler');
  }

  private sweep(): Promise<void> {
    return this.invoke('controller', {}, 'index.sweep');
  }
}
