// A distribution's domain name is a host and port of this machine: what stacks give out of it follows the site to another port.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Shape } from '../../../packages/aws-local/src/service';
import { type LocalAws, startLocalAws } from './support/cli';

const CACHING_DISABLED = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad';

const site = (comment: string) => ({
  Resources: {
    Distribution: {
      Type: 'AWS::CloudFront::Distribution',
      Properties: {
        DistributionConfig: {
          Enabled: true,
          Comment: comment,
          Origins: [
            {
              Id: 'api',
              DomainName: 'api.execute-api.us-east-1.amazonaws.com',
              CustomOriginConfig: { OriginProtocolPolicy: 'https-only' },
            },
          ],
          DefaultCacheBehavior: {
            TargetOriginId: 'api',
            ViewerProtocolPolicy: 'https-only',
            CachePolicyId: CACHING_DISABLED,
          },
        },
      },
    },
  },
  Outputs: {
    Url: {
      Value: { 'Fn::Join': ['', ['https://', { 'Fn::GetAtt': ['Distribution', 'DomainName'] }, '/']] },
      Export: { Name: 'site-url' },
    },
  },
});

const guide = (text: string) => ({
  Resources: {
    Text: {
      Type: 'AWS::SSM::Parameter',
      Properties: {
        Name: '/guide/text',
        Type: 'String',
        Value: { 'Fn::Join': ['', [text, { 'Fn::ImportValue': 'site-url' }]] },
      },
    },
  },
});

const call = (aws: LocalAws, operation: string, input: Shape) =>
  aws.endpoint.call('cloudformation', operation, input);

/** Answered when the stack's operation is over. */
async function describe(aws: LocalAws, StackName: string) {
  const { Stacks } = await call(aws, 'DescribeStacks', { StackName });
  const [stack] = Stacks as { StackStatus: string; Outputs: { OutputKey: string; OutputValue: string }[] }[];
  return {
    status: stack?.StackStatus,
    outputs: Object.fromEntries(
      (stack?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]),
    ),
  };
}

async function put(aws: LocalAws, operation: string, StackName: string, template: object) {
  await call(aws, operation, { StackName, TemplateBody: JSON.stringify(template) });
  return describe(aws, StackName);
}

test('outputs and exports give the address that the site has now', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'local-aws-'));
  const before = await startLocalAws(folder);
  const first = before.endpoint.siteUrl;
  expect(await put(before, 'CreateStack', 'site', site('before'))).toEqual({
    status: 'CREATE_COMPLETE',
    outputs: { Url: `${first}/` },
  });
  await before.endpoint.close();

  const after = await startLocalAws(folder);
  const second = after.endpoint.siteUrl;
  try {
    expect(second).not.toBe(first);
    expect(await describe(after, 'site')).toMatchObject({ outputs: { Url: `${second}/` } });
    const { Exports } = await call(after, 'ListExports', {});
    expect(Exports).toMatchObject([{ Name: 'site-url', Value: `${second}/` }]);
    expect((await put(after, 'CreateStack', 'guide', guide('Open '))).status).toBe('CREATE_COMPLETE');
    const { Parameter } = await after.endpoint.call('ssm', 'GetParameter', { Name: '/guide/text' });
    expect(Parameter).toMatchObject({ Value: `Open ${second}/` });
    // An export in use may not change: to CloudFormation this one has not.
    expect(await put(after, 'UpdateStack', 'site', site('after'))).toEqual({
      status: 'UPDATE_COMPLETE',
      outputs: { Url: `${second}/` },
    });
  } finally {
    await after.dispose();
  }
});

test('a distribution that somebody deleted does not keep the next start', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'local-aws-'));
  const before = await startLocalAws(folder);
  const { outputs } = await put(before, 'CreateStack', 'site', site('before'));
  const cloudfront = (operation: string, input: Shape) =>
    before.endpoint.call('cloudfront', operation, input);
  const { DistributionList } = await cloudfront('ListDistributions', {});
  const [{ Id }] = (DistributionList as { Items: [{ Id: string }] }).Items;
  const { ETag } = await cloudfront('GetDistribution', { Id });
  const disabled = await cloudfront('UpdateDistribution', {
    Id,
    IfMatch: ETag,
    DistributionConfig: {
      Enabled: false,
      Origins: { Quantity: 1, Items: [{ Id: 'api', DomainName: 'api.execute-api.us-east-1.amazonaws.com' }] },
      DefaultCacheBehavior: { TargetOriginId: 'api', CachePolicyId: CACHING_DISABLED },
    },
  });
  await cloudfront('DeleteDistribution', { Id, IfMatch: disabled.ETag });
  await before.endpoint.close();

  const after = await startLocalAws(folder);
  try {
    expect(await describe(after, 'site')).toEqual({ status: 'CREATE_COMPLETE', outputs });
    expect(after.log.join('\n')).not.toContain('failed');
  } finally {
    await after.dispose();
  }
});
