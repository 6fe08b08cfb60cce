// Figures that people rely on and that nothing else would notice: time-outs inside time-outs, how long messages and pictures are kept.
import { clientLimits, queueLimits } from '../../lambda/shared/clients';
import { synthesize } from './synthesize';

const dev = synthesize({ sampleGallery: true });
const engagement = dev.template('engagement');

const resources = (stack: 'engagement' | 'site', type: string) =>
  Object.values(dev.template(stack).findResources(type)).map(({ Properties }) => Properties);

/** Seconds until a client gives up at the latest. */
const worst = ({ maxAttempts, requestHandler }: ReturnType<typeof clientLimits>) =>
  (maxAttempts * (requestHandler.connectionTimeout + requestHandler.requestTimeout)) / 1000;

test('a client gives up before the function that waits for it, so that the function can say so', () => {
  const timeouts = resources('engagement', 'AWS::Lambda::Function').map(({ Timeout }) => Timeout as number);
  expect(timeouts.length).toBeGreaterThan(5);
  for (const timeout of timeouts) {
    expect(worst(clientLimits())).toBeLessThan(timeout);
    expect(worst(queueLimits())).toBeLessThan(timeout);
  }
});

test('what was given up is kept for fourteen days, and what waits for another try for four', () => {
  const queues = resources('engagement', 'AWS::SQS::Queue');
  const waiting = queues.filter(({ RedrivePolicy }) => RedrivePolicy);
  const givenUp = queues.filter(({ RedrivePolicy }) => !RedrivePolicy);
  expect(waiting.map(({ MessageRetentionPeriod }) => MessageRetentionPeriod)).toEqual(
    waiting.map(() => 4 * 24 * 3600),
  );
  expect(givenUp.map(({ MessageRetentionPeriod }) => MessageRetentionPeriod)).toEqual(
    givenUp.map(() => 14 * 24 * 3600),
  );
  expect(waiting.length).toBeGreaterThan(0);
  expect(givenUp.length).toBeGreaterThan(0);
});

test('the page is asked for anew each time, and what carries a hash in its name is kept for ever', () => {
  const caching = resources('site', 'Custom::CDKBucketDeployment').map(({ SystemMetadata, Include }) => [
    Include?.[0] ?? 'the rest',
    SystemMetadata?.['cache-control'],
  ]);
  expect(caching).toContainEqual(['assets/*', 'public, max-age=31536000, immutable']);
  expect(caching).toContainEqual(['the rest', 'public, max-age=0, s-maxage=60, must-revalidate']);
});

test('the API’s answers are not kept by the distribution', () => {
  expect(engagement).toBeDefined();
  const [distribution] = resources('site', 'AWS::CloudFront::Distribution');
  const behaviors = distribution?.DistributionConfig.CacheBehaviors as Record<string, string>[];
  const api = behaviors.find(({ PathPattern }) => PathPattern === '/api/*');
  // The managed policy CachingDisabled.
  expect(api?.CachePolicyId).toBe('4135ea2d-6df8-44a3-9df3-4b5a84be39ad');
});
