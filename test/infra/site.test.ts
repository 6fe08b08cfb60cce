// The Site stack: who reads the bucket, how the distribution answers, what is deployed with which caching.
import { Match } from 'aws-cdk-lib/assertions';
import { synthesize } from './synthesize';

const { template } = synthesize();
const site = template('site');

const bucketName = {
  'Fn::ImportValue': expect.stringMatching(/^emotion-gallery-dev-storage:.*GalleryBucket/),
};
const arn = (...rest: unknown[]) => ({
  'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::', bucketName, ...rest]],
});
const fromPersonalize = {
  StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
  ArnLike: {
    'aws:SourceArn': {
      'Fn::Join': [
        '',
        [
          'arn:',
          { Ref: 'AWS::Partition' },
          ':personalize:',
          { Ref: 'AWS::Region' },
          ':',
          { Ref: 'AWS::AccountId' },
          ':*',
        ],
      ],
    },
  },
};

describe('the policy of the gallery bucket', () => {
  const [policy, ...others] = Object.values(site.findResources('AWS::S3::BucketPolicy'));
  const statements: Record<string, unknown>[] = policy?.Properties.PolicyDocument.Statement;
  const statement = (sid: string) => statements.find(({ Sid }) => Sid === sid);

  test('is the only one, and has these statements only', () => {
    expect(others).toEqual([]);
    expect(statements.map(({ Sid }) => Sid).sort()).toEqual([
      'DistributionReadsSiteAndPictures',
      'PersonalizeListsItsFiles',
      'PersonalizeReadsItsFiles',
      'PersonalizeWritesItsFiles',
      'RefusePlainHttp',
    ]);
    for (const stack of ['storage', 'personalize', 'engagement'] as const) {
      template(stack).resourceCountIs('AWS::S3::BucketPolicy', 0);
    }
  });

  test('refuses everybody who comes without TLS', () => {
    expect(statement('RefusePlainHttp')).toEqual({
      Sid: 'RefusePlainHttp',
      Effect: 'Deny',
      Principal: { AWS: '*' },
      Action: 's3:*',
      Resource: expect.arrayContaining([arn(), arn('/*')]),
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    });
  });

  test('lets this one distribution read the pages and the pictures', () => {
    const [distribution] = Object.keys(site.findResources('AWS::CloudFront::Distribution'));
    const { Resource, ...rest } = statement('DistributionReadsSiteAndPictures') ?? {};
    expect(rest).toEqual({
      Sid: 'DistributionReadsSiteAndPictures',
      Effect: 'Allow',
      Principal: { Service: 'cloudfront.amazonaws.com' },
      Action: 's3:GetObject',
      Condition: {
        StringEquals: {
          'aws:SourceArn': {
            'Fn::Join': [
              '',
              [
                'arn:',
                { Ref: 'AWS::Partition' },
                ':cloudfront::',
                { Ref: 'AWS::AccountId' },
                ':distribution/',
                { Ref: distribution },
              ],
            ],
          },
        },
      },
    });
    expect(Resource).toEqual([arn('/pictures/*'), arn('/site/*')]);
  });

  const read = ['personalize/*', 'Users/*', 'Items/*', 'Interactions/*', 'train/*', 'batch/*'];

  test('lets Amazon Personalize, for this account and region, read its files and where predecessors put theirs', () => {
    expect(statement('PersonalizeReadsItsFiles')).toEqual({
      Sid: 'PersonalizeReadsItsFiles',
      Effect: 'Allow',
      Principal: { Service: 'personalize.amazonaws.com' },
      Action: 's3:GetObject',
      Resource: [...read].sort().map((pattern) => arn(`/${pattern}`)),
      Condition: fromPersonalize,
    });
  });

  test('lets Amazon Personalize, for this account and region, write its own files, and results where predecessors have theirs', () => {
    expect(statement('PersonalizeWritesItsFiles')).toEqual({
      Sid: 'PersonalizeWritesItsFiles',
      Effect: 'Allow',
      Principal: { Service: 'personalize.amazonaws.com' },
      Action: 's3:PutObject',
      Resource: [arn('/batch/*'), arn('/personalize/*')],
      Condition: fromPersonalize,
    });
  });

  test('lets Amazon Personalize, for this account and region, list its files', () => {
    expect(statement('PersonalizeListsItsFiles')).toEqual({
      Sid: 'PersonalizeListsItsFiles',
      Effect: 'Allow',
      Principal: { Service: 'personalize.amazonaws.com' },
      Action: 's3:ListBucket',
      Resource: arn(),
      Condition: { ...fromPersonalize, StringLike: { 's3:prefix': read } },
    });
  });
});

describe('the distribution', () => {
  const [distribution] = Object.values(site.findResources('AWS::CloudFront::Distribution'));
  const config = distribution?.Properties.DistributionConfig;
  const behaviours = [config.DefaultCacheBehavior, ...config.CacheBehaviors];

  test('speaks HTTP/2 and HTTP/3, compresses, and never answers over plain HTTP', () => {
    expect(config.HttpVersion).toBe('http2and3');
    for (const { Compress, ViewerProtocolPolicy } of behaviours) {
      expect(Compress).toBe(true);
      expect(ViewerProtocolPolicy).toMatch(/^(https-only|redirect-to-https)$/);
    }
  });

  test('takes the pages from site/, the pictures from where they are, and signs both reads', () => {
    const origin = (behaviour: { TargetOriginId: string }) =>
      config.Origins.find(({ Id }: { Id: string }) => Id === behaviour.TargetOriginId);
    const pictures = config.CacheBehaviors.find(
      ({ PathPattern }: { PathPattern: string }) => PathPattern === '/pictures/*',
    );
    expect(origin(config.DefaultCacheBehavior)).toMatchObject({
      OriginPath: '/site',
      OriginAccessControlId: expect.anything(),
    });
    expect(origin(pictures)).not.toHaveProperty('OriginPath');
    expect(origin(pictures)).toHaveProperty('OriginAccessControlId');
    expect(config.DefaultRootObject).toBe('index.html');
  });

  test('takes what operators send by the signature of the request alone, and keeps nothing of it', () => {
    const uploads = config.CacheBehaviors.find(
      ({ PathPattern }: { PathPattern: string }) => PathPattern === '/emotions/*',
    );
    expect(uploads).toMatchObject({
      AllowedMethods: expect.arrayContaining(['PUT']),
      // The managed policies CachingDisabled and AllViewerExceptHostHeader.
      CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
      OriginRequestPolicyId: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
      ViewerProtocolPolicy: 'https-only',
    });
    const origin = config.Origins.find(({ Id }: { Id: string }) => Id === uploads.TargetOriginId);
    expect(origin).not.toHaveProperty('OriginAccessControlId');
    expect(origin).not.toHaveProperty('OriginPath');
  });

  test('caches nothing of the API and hands on all that the browser sent, but the host', () => {
    const api = config.CacheBehaviors.find(
      ({ PathPattern }: { PathPattern: string }) => PathPattern === '/api/*',
    );
    expect(api).toMatchObject({
      AllowedMethods: expect.arrayContaining(['POST']),
      // The managed policies CachingDisabled and AllViewerExceptHostHeader.
      CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
      OriginRequestPolicyId: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
      ViewerProtocolPolicy: 'https-only',
    });
  });

  test('gives pages a content policy of this origin only, and pictures one without scripts', () => {
    const policies = Object.values(site.findResources('AWS::CloudFront::ResponseHeadersPolicy')).map(
      ({ Properties }) => Properties.ResponseHeadersPolicyConfig.SecurityHeadersConfig,
    );
    const content = policies.map((policy) => policy.ContentSecurityPolicy.ContentSecurityPolicy);
    expect(content).toEqual([
      expect.stringContaining("script-src 'self'"),
      expect.stringContaining('sandbox'),
    ]);
    for (const policy of content) {
      expect(policy).toMatch(/^default-src 'none'; /);
      expect(policy).not.toMatch(/script-src[^;]*unsafe|https?:|\*/);
    }
    for (const policy of policies) {
      expect(policy.StrictTransportSecurity.AccessControlMaxAgeSec).toBe(31536000);
    }
  });
});

test('hashed files are kept for ever and out before the pages, which are always asked for anew', () => {
  const deployments = Object.entries(site.findResources('Custom::CDKBucketDeployment'));
  const find = (prefix: string) => deployments.find(([id]) => id.startsWith(prefix));
  const [assetsId, assets] = find('DeploymentAssets') ?? [];
  const [, pages] = find('DeploymentPages') ?? [];
  expect(assets?.Properties).toMatchObject({
    DestinationBucketKeyPrefix: 'site',
    Include: ['assets/*'],
    Prune: false,
    SystemMetadata: { 'cache-control': 'public, max-age=31536000, immutable' },
  });
  expect(pages?.Properties).toMatchObject({
    DestinationBucketKeyPrefix: 'site',
    Exclude: ['assets/*'],
    SystemMetadata: { 'cache-control': 'public, max-age=0, s-maxage=60, must-revalidate' },
  });
  expect(pages?.DependsOn).toContain(assetsId);
});

test('the sample gallery never removes the pictures of people, and is left out when it is not wanted', () => {
  site.hasResourceProperties('Custom::CDKBucketDeployment', { Prune: false, Include: Match.absent() });
  synthesize({ sampleGallery: 'false' }).template('site').resourceCountIs('Custom::CDKBucketDeployment', 2);
});

test('the stack puts out where the gallery and the enabler are', () => {
  site.hasOutput('GalleryUrl', { Value: { 'Fn::Join': ['', ['https://', Match.anyValue(), '/']] } });
  site.hasOutput('EnablerUrl', {
    Value: { 'Fn::Join': ['', ['https://', Match.anyValue(), '/enabler.html']] },
  });
});
