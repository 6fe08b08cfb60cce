// A distribution whose bucket origin has no access control hands on what a viewer has signed: uploads from browsers go this way.
import { createServer, type Server } from 'node:http';
import { presignedUrl } from '../../../src/gateway/presign';
import type { AwsService, SiteServer } from '../../../src/service';
import { createCloudFront } from '../../../src/services/cloudfront';
import { createS3 } from '../../../src/services/s3';
import { type Harness, REGION, ROOT, startServices } from '../../local/harness';

let harness: Harness;
let server: Server;
let site: string;

const call = (service: string, name: string, input: object) =>
  harness.service<AwsService>(service).call(name, { ...input }, ROOT);

beforeAll(async () => {
  harness = await startServices({ s3: createS3, cloudfront: createCloudFront });
  // As a bucket that is closed to the public.
  harness.deny = ({ principal }) => principal.kind === 'anonymous';
  server = createServer((request, response) =>
    harness.service<SiteServer>('cloudfront').serve(request, response),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  site = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  await call('s3', 'CreateBucket', { Bucket: 'gallery' });
  await call('cloudfront', 'CreateDistribution', {
    DistributionConfig: {
      CallerReference: 'one',
      Enabled: true,
      Origins: { Items: [{ Id: 'bucket', DomainName: `gallery.s3.${REGION}.amazonaws.com` }] },
      DefaultCacheBehavior: {
        TargetOriginId: 'bucket',
        AllowedMethods: { Items: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE'] },
        // The managed policies CachingDisabled and AllViewerExceptHostHeader.
        CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
        OriginRequestPolicyId: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
      },
    },
  });
});

afterAll(async () => {
  server.close();
  await harness.close();
});

/** The signed path and query; the site is called with them. */
function signed(method: 'GET' | 'PUT', key: string): string {
  const url = new URL(
    presignedUrl({
      ...{ region: REGION, accessKeyId: harness.client.credentials.accessKeyId, method, key },
      secretAccessKey: harness.client.credentials.secretAccessKey,
      ...{ bucket: 'gallery', expiresSeconds: 60, now: Date.now() },
    }),
  );
  return site + url.pathname + url.search;
}

const put = (url: string, body: string | Buffer) =>
  fetch(url, {
    method: 'PUT',
    body: new Uint8Array(Buffer.from(body)),
    headers: { origin: site, 'sec-fetch-site': 'same-origin', 'content-type': 'image/jpeg' },
  });

test('a signed PUT arrives with its type and content, a large one too', async () => {
  const key = 'emotions/sad/슬픔 1.jpg';
  const body = Buffer.alloc(25 * 1024 * 1024, 7);
  expect((await put(signed('PUT', key), body)).status).toBe(200);
  const stored = await fetch(signed('GET', key));
  expect(stored.headers.get('content-type')).toBe('image/jpeg');
  expect(Buffer.from(await stored.arrayBuffer()).equals(body)).toBe(true);
});

test('what is not signed, or signed for another key or method, is refused as the bucket refuses it', async () => {
  const url = signed('PUT', 'emotions/sad/one.jpg');
  expect((await put(url.replace('one.jpg', 'two.jpg'), 'x')).status).toBe(403);
  expect((await put(url.replace(/\?.*/, ''), 'x')).status).toBe(403);
  expect((await fetch(url, { method: 'DELETE' })).status).toBe(403);
});
