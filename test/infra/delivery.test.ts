// The Delivery stack: who may take on its roles, and that the one of pull requests can only read.
import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { context } from '../../cdk.json';
import { readSettings } from '../../lib/config';
import { LONGEST } from '../../lib/constructs/generated-names';
import { DeliveryStack } from '../../lib/stacks/delivery-stack';
import { synthesize } from './synthesize';

function delivery(given: Record<string, string> = {}): Template {
  const { githubRepository = 'somebody/emotion-gallery' } = given;
  const settings = readSettings({ environment: 'prod', githubRepository, ...given });
  return Template.fromStack(new DeliveryStack(new App({ context }), { settings, githubRepository }));
}

const template = delivery();
const trusted = (...subjects: string[]) => ({
  AssumeRolePolicyDocument: {
    Statement: [
      Match.objectLike({
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: {
          StringEquals: {
            'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
          },
          StringLike: {
            'token.actions.githubusercontent.com:sub': subjects,
          },
        },
      }),
    ],
  },
});

test('only jobs of this repository in this environment take on the role that deploys', () => {
  template.hasResourceProperties(
    'AWS::IAM::Role',
    trusted(
      'repo:somebody/emotion-gallery:environment:prod',
      'repo:somebody@*/emotion-gallery@*:environment:prod',
    ),
  );
  template.resourceCountIs('AWS::IAM::Role', 2);
});

test('a repository that is named with its ids is trusted by them alone', () => {
  const template = delivery({ githubRepository: 'somebody@123/emotion-gallery@456' });
  template.hasResourceProperties(
    'AWS::IAM::Role',
    trusted('repo:somebody@123/emotion-gallery@456:environment:prod'),
  );
});

test('pull requests of this repository take on a role that can only take on the one that looks up', () => {
  template.hasResourceProperties(
    'AWS::IAM::Role',
    trusted('repo:somebody/emotion-gallery:pull_request', 'repo:somebody@*/emotion-gallery@*:pull_request'),
  );
  const [policy] = Object.values(template.findResources('AWS::IAM::Policy')).filter(({ Properties }) =>
    JSON.stringify(Properties.Roles).includes('"Diff'),
  );
  expect(policy?.Properties.PolicyDocument.Statement).toEqual([
    {
      Action: 'sts:AssumeRole',
      Effect: 'Allow',
      Resource: {
        'Fn::Join': [
          '',
          expect.arrayContaining([expect.stringContaining(':role/cdk-hnb659fds-lookup-role-')]),
        ],
      },
    },
  ]);
});

test('the provider is made, or that of the account adopted', () => {
  template.hasResourceProperties('AWS::IAM::OIDCProvider', {
    Url: 'https://token.actions.githubusercontent.com',
    ClientIdList: ['sts.amazonaws.com'],
  });
  const githubProviderArn = 'arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com';
  const adopting = delivery({ githubProviderArn });
  adopting.resourceCountIs('AWS::IAM::OIDCProvider', 0);
  adopting.allResourcesProperties('AWS::IAM::Role', {
    AssumeRolePolicyDocument: {
      Statement: [Match.objectLike({ Principal: { Federated: githubProviderArn } })],
    },
  });
});

/** What `verify` looks at by its name, with how an ARN of its kind goes on before the name. */
const looked = {
  'AWS::S3::Bucket': ['bucket', ':s3:::'],
  'AWS::Lambda::Function': ['function', ':function:'],
  'AWS::SQS::Queue': ['queue', ':sqs:'],
  'AWS::SNS::Topic': ['topic', ':sns:'],
  'AWS::DynamoDB::Table': ['table', ':table/'],
} as const;

/** As CloudFormation makes it when all is too long: `lib/constructs/generated-names.ts`. */
function generated(stack: string, logicalId: string, longest: number): string {
  const room = longest - 15;
  const half = Math.floor(room / 2);
  const parts = [
    stack.slice(0, Math.max(half, room - logicalId.length)),
    logicalId.slice(0, Math.max(half, room - stack.length)),
  ];
  return `${parts.join('-')}-1A2B3C4D5E6F7`;
}

/** Logical ids do not depend on the prefix. */
const { gallery, template: templateOf } = synthesize();

test.each(['emotion-gallery-dev', 'emotion-gallery-prod', 'g2', 'a-prefix-that-is-as-long-as-it-may-be-40'])(
  'the role that verifies may look at what the stacks of %s have, whose names CloudFormation makes and cuts',
  (prefix) => {
    const policies = JSON.stringify(Object.values(delivery({ prefix }).findResources('AWS::IAM::Policy')));
    const patterns = [
      ...policies.matchAll(/(:s3:::|:function:|:table\/|:role\/|:)([\w-]+)\*(ServiceRole\*)?"/g),
    ];
    const isMatched = (before: string, name: string) =>
      patterns.some(
        ([, kind = '', start = '', end = '']) =>
          (kind === ':' ? /:s[nq]s:/ : new RegExp(kind)).test(before) &&
          name.startsWith(start) &&
          (!end || name.slice(start.length).includes('ServiceRole')),
      );
    for (const part of Object.keys(gallery) as (keyof typeof gallery)[]) {
      for (const [type, [kind, before]] of Object.entries(looked)) {
        for (const [id, { Properties }] of Object.entries(templateOf(part).findResources(type))) {
          if (type === 'AWS::DynamoDB::Table' && part !== 'storage') continue;
          const name = generated(`${prefix}-${part}`, id, LONGEST[kind]);
          const own = type === 'AWS::S3::Bucket' ? name.toLowerCase() : name;
          expect([own, Properties?.Name, isMatched(before, own)]).toEqual([own, undefined, true]);
        }
      }
    }
    const roles = Object.keys(templateOf('personalize').findResources('AWS::IAM::Role'));
    const serviceRole = roles.find((id) => /^ServiceRole.{8}$/.test(id)) ?? '';
    expect(isMatched(':role/', generated(`${prefix}-personalize`, serviceRole, 64))).toBe(true);
  },
);
