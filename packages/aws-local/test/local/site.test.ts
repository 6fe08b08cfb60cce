// The way of a request: CloudFront, HTTP API, Lambda, DynamoDB; and of a page: CloudFront, S3.
import { createServer, type Server } from 'node:http';
import type { AwsService, SiteServer } from '../../src/service';
import { createApiGateway } from '../../src/services/apigateway';
import { createCloudFront } from '../../src/services/cloudfront';
import { createCloudWatch } from '../../src/services/cloudwatch';
import { createDynamoDb } from '../../src/services/dynamodb';
import { createEvents } from '../../src/services/events';
import { createLambda } from '../../src/services/lambda';
import { createLogs } from '../../src/services/logs';
import { createS3 } from '../../src/services/s3';
import { createSqs } from '../../src/services/sqs';
import { eventually, type Harness, ROOT, startServices } from './harness';
import { createFunction } from './lambda-fixture';

let harness: Harness;
let server: Server;
let site: string;
let distributionId: string;

const call = (service: string, name: string, input: object) =>
  harness.service<AwsService>(service).call(name, { ...input }, ROOT);

const ECHO = `
const { DynamoDBClient, TransactWriteItemsCommand } = require('@aws-sdk/client-dynamodb');
const client = new DynamoDBClient({});
exports.handler = async (event) => {
  if (event.rawPath === '/api/fail') throw new Error('no');
  if (event.rawPath === '/api/likes') {
    const id = event.requestContext.requestId;
    const put = (n) => ({ Put: { TableName: 'likes', Item: { id: { S: id + n } } } });
    await client.send(new TransactWriteItemsCommand({ TransactItems: [put(1), put(2), put(3), put(4)] }));
    return { statusCode: 202, body: '' };
  }
  return { statusCode: 200, headers: { 'Content-Type': 'application/json' }, cookies: ['a=1', 'b=2'], body: JSON.stringify(event) };
};`;

beforeAll(async () => {
  harness = await startServices({
    s3: createS3,
    logs: createLogs,
    monitoring: createCloudWatch,
    events: createEvents,
    sqs: createSqs,
    dynamodb: createDynamoDb,
    lambda: createLambda,
    apigateway: createApiGateway,
    cloudfront: createCloudFront,
  });
  server = createServer((request, response) =>
    harness.service<SiteServer>('cloudfront').serve(request, response),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  site = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;

  await call('dynamodb', 'CreateTable', {
    TableName: 'likes',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  });
  await createFunction(harness, 'like', ECHO, { Timeout: 10 });
  const { ApiId } = await call('apigateway', 'CreateApi', { Name: 'gallery', ProtocolType: 'HTTP' });
  const { IntegrationId } = await call('apigateway', 'CreateIntegration', {
    ApiId,
    IntegrationType: 'AWS_PROXY',
    IntegrationUri: 'arn:aws:lambda:us-east-1:000000000000:function:like',
    PayloadFormatVersion: '2.0',
  });
  for (const RouteKey of ['ANY /api/echo/{name}', 'POST /api/likes', 'GET /api/fail']) {
    await call('apigateway', 'CreateRoute', { ApiId, RouteKey, Target: `integrations/${IntegrationId}` });
  }
  await call('apigateway', 'CreateStage', { ApiId, StageName: '$default', AutoDeploy: true });

  await call('s3', 'CreateBucket', { Bucket: 'gallery' });
  const page = { ContentType: 'text/html', CacheControl: 'public, max-age=60' };
  await call('s3', 'PutObject', {
    Bucket: 'gallery',
    Key: 'site/index.html',
    Body: Buffer.from('<p>hello</p>'.repeat(200)),
    ...page,
  });
  await call('s3', 'PutObject', {
    Bucket: 'gallery',
    Key: 'emotions/sad/ü 1.jpg',
    Body: Buffer.from('0123456789'),
    ContentType: 'image/jpeg',
  });
  const access = await call('cloudfront', 'CreateOriginAccessControl', {
    OriginAccessControlConfig: {
      Name: 'bucket',
      OriginAccessControlOriginType: 's3',
      SigningBehavior: 'always',
      SigningProtocol: 'sigv4',
    },
  });
  const headers = await call('cloudfront', 'CreateResponseHeadersPolicy', {
    ResponseHeadersPolicyConfig: {
      Name: 'pages',
      SecurityHeadersConfig: {
        ContentTypeOptions: { Override: true },
        FrameOptions: { FrameOption: 'DENY', Override: true },
      },
    },
  });
  const OriginAccessControlId = (access.OriginAccessControl as { Id: string }).Id;
  const ResponseHeadersPolicyId = (headers.ResponseHeadersPolicy as { Id: string }).Id;
  const optimized = {
    CachePolicyId: '658327ea-f89d-4fab-a63d-7e88639e58f6',
    Compress: true,
    ViewerProtocolPolicy: 'redirect-to-https',
  };
  const made = await call('cloudfront', 'CreateDistribution', {
    DistributionConfig: {
      Enabled: true,
      DefaultRootObject: 'index.html',
      Origins: {
        Items: [
          {
            Id: 'pages',
            DomainName: 'gallery.s3.us-east-1.amazonaws.com',
            OriginPath: '/site',
            OriginAccessControlId,
          },
          { Id: 'pictures', DomainName: 'gallery.s3.us-east-1.amazonaws.com', OriginAccessControlId },
          { Id: 'api', DomainName: `${ApiId}.execute-api.us-east-1.amazonaws.com` },
        ],
      },
      DefaultCacheBehavior: { TargetOriginId: 'pages', ResponseHeadersPolicyId, ...optimized },
      CacheBehaviors: {
        Items: [
          { PathPattern: '/emotions/*', TargetOriginId: 'pictures', ...optimized },
          {
            PathPattern: '/api/*',
            TargetOriginId: 'api',
            CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
            OriginRequestPolicyId: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
            AllowedMethods: { Items: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE'] },
          },
        ],
      },
    },
  });
  distributionId = (made.Distribution as { Id: string }).Id;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await harness.close();
});

test('the root is the default root object, with the policy headers, and comes from the cache the second time', async () => {
  const first = await fetch(`${site}/`);
  expect(first.status).toBe(200);
  expect(await first.text()).toContain('hello');
  expect(Object.fromEntries(first.headers)).toMatchObject({
    'content-type': 'text/html',
    'x-frame-options': 'DENY',
    'x-content-type-options': 'nosniff',
    'x-cache': 'Miss from cloudfront',
  });
  expect((await fetch(`${site}/`)).headers.get('x-cache')).toBe('Hit from cloudfront');
});

test('the bucket is asked as CloudFront, for this distribution', () => {
  expect(
    harness.asked.find(
      (request) => request.resource.endsWith('site/index.html') && request.action === 's3:GetObject',
    )?.principal,
  ).toMatchObject({
    arn: 'cloudfront.amazonaws.com',
    sourceArn: `arn:aws:cloudfront::000000000000:distribution/${distributionId}`,
    sourceAccount: '000000000000',
  });
});

test('text is compressed for whoever takes it, pictures are not', async () => {
  const page = await fetch(`${site}/index.html`, { headers: { 'accept-encoding': 'gzip' } });
  expect(page.headers.get('content-encoding')).toBe('gzip');
  expect(await page.text()).toContain('hello');
  const picture = await fetch(`${site}/emotions/sad/${encodeURIComponent('ü 1.jpg')}`);
  expect(picture.headers.get('content-encoding')).toBeNull();
});

test('conditions, ranges and HEAD are answered at the edge', async () => {
  const url = `${site}/emotions/sad/${encodeURIComponent('ü 1.jpg')}`;
  const etag = (await fetch(url)).headers.get('etag') ?? '';
  expect((await fetch(url, { headers: { 'if-none-match': etag } })).status).toBe(304);
  const part = await fetch(url, { headers: { range: 'bytes=2-4' } });
  expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([
    206,
    'bytes 2-4/10',
    '234',
  ]);
  const head = await fetch(url, { method: 'HEAD' });
  expect([head.status, head.headers.get('content-length')]).toEqual([200, '10']);
});

test('a missing page, a broken escape and a method that is not allowed get no 5xx', async () => {
  expect((await fetch(`${site}/nothing.html`)).status).toBe(404);
  expect((await fetch(`${site}/%zz`)).status).toBe(400);
  expect((await fetch(`${site}/index.html`, { method: 'DELETE' })).status).toBe(403);
});

test('an invalidated page is fetched again', async () => {
  const body = { Body: Buffer.from('new'), ContentType: 'text/html' };
  await call('s3', 'PutObject', { Bucket: 'gallery', Key: 'site/index.html', ...body });
  expect(await (await fetch(`${site}/`)).text()).toContain('hello');
  await call('cloudfront', 'CreateInvalidation', {
    DistributionId: distributionId,
    InvalidationBatch: { Paths: { Items: ['/*'] } },
  });
  expect(await (await fetch(`${site}/`)).text()).toBe('new');
});

test('a function gets the request in payload format 2.0 and its answer comes back with its cookies', async () => {
  const response = await fetch(`${site}/api/echo/a%20b?x=1&x=2`, {
    method: 'POST',
    body: '{"a":1}',
    headers: { 'content-type': 'application/json' },
  });
  expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  expect(await response.json()).toMatchObject({
    version: '2.0',
    routeKey: 'ANY /api/echo/{name}',
    rawQueryString: 'x=1&x=2',
    queryStringParameters: { x: '1,2' },
    pathParameters: { name: 'a b' },
    body: '{"a":1}',
    isBase64Encoded: false,
    requestContext: { http: { method: 'POST', path: '/api/echo/a%20b' }, stage: '$default' },
  });
});

test('an unknown route is not found, a failing function is an internal error', async () => {
  expect((await fetch(`${site}/api/nothing`)).status).toBe(404);
  const failed = await fetch(`${site}/api/fail`);
  expect([failed.status, await failed.json()]).toEqual([500, { message: 'Internal Server Error' }]);
});

test('distributions, invalidations, APIs and routes can be read and made over HTTP, as the AWS CLI does', async () => {
  const ask = async (service: string, method: string, path: string, body = '') => {
    const answer = await harness.service<AwsService>(service).handle({
      method,
      path,
      query: {},
      queryString: '',
      headers: {},
      body: Buffer.from(body),
      principal: ROOT,
      requestId: 'request',
    });
    return String(answer.body);
  };
  const list = await ask('cloudfront', 'GET', '/2020-05-31/distribution');
  expect(list).toMatch(/<DistributionList .*<Items><DistributionSummary><Id>/);
  const id = /<Id>(\w+)<\/Id>/.exec(list)?.[1];
  const batch =
    '<InvalidationBatch><Paths><Quantity>1</Quantity><Items><Path>/*</Path></Items></Paths></InvalidationBatch>';
  const invalidation = await ask('cloudfront', 'POST', `/2020-05-31/distribution/${id}/invalidation`, batch);
  expect(invalidation).toContain('<Status>Completed</Status>');
  expect(invalidation).toContain('<Path>/*</Path>');

  const { items } = JSON.parse(await ask('apigateway', 'GET', '/v2/apis'));
  expect(items).toEqual([expect.objectContaining({ name: 'gallery', protocolType: 'HTTP' })]);
  const routes = JSON.parse(await ask('apigateway', 'GET', `/v2/apis/${items[0].apiId}/routes`));
  expect(routes.items.map((route: { routeKey: string }) => route.routeKey)).toContain('POST /api/likes');
});

test('what ten people at once like is all stored', async () => {
  const like = async () => {
    const response = await fetch(`${site}/api/likes`, { method: 'POST', body: '{}' });
    expect(response.status).toBe(202);
    await response.arrayBuffer();
  };
  const round = async () => {
    for (let index = 0; index < 15; index += 1) await like();
  };
  const everybody = () => Promise.all(Array.from({ length: 10 }, round));
  await everybody();
  const stored = await eventually(async () =>
    call('dynamodb', 'Scan', { TableName: 'likes', Select: 'COUNT' }),
  );
  // A like puts four items in one transaction.
  expect(stored.Count).toBe(10 * 15 * 4);
});
