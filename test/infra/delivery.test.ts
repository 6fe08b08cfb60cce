// The Delivery stack: who may take on its roles, and that the one of pull requests can only read.
import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { context } from '../../cdk.json';
import { readSettings } from '../../lib/config';
import { DeliveryStack } from '../../lib/stacks/delivery-stack';

function delivery(given: Record<string, string> = {}): Template {
  const githubRepository = 'somebody/emotion-gallery';
  const settings = readSettings({ environment: 'prod', githubRepository, ...given });
  return Template.fromStack(new DeliveryStack(new App({ context }), { settings, githubRepository }));
}

const template = delivery();
const trusted = (subject: string) => ({
  AssumeRolePolicyDocument: {
    Statement: [
      Match.objectLike({
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: {
          StringEquals: {
            'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
            'token.actions.githubusercontent.com:sub': subject,
          },
        },
      }),
    ],
  },
});

test('only jobs of this repository in this environment take on the role that deploys', () => {
  template.hasResourceProperties('AWS::IAM::Role', trusted('repo:somebody/emotion-gallery:environment:prod'));
  template.resourceCountIs('AWS::IAM::Role', 2);
});

test('pull requests of this repository take on a role that can only take on the one that looks up', () => {
  template.hasResourceProperties('AWS::IAM::Role', trusted('repo:somebody/emotion-gallery:pull_request'));
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
