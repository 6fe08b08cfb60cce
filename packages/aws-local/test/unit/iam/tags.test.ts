// Whoever makes something with tags needs the right to tag, and policies may ask which tags.
import { z } from 'zod';
import { Authorizer } from '../../../src/iam/authorizer';
import type { DecisionLog } from '../../../src/iam/decisions';
import type { IamDirectory } from '../../../src/iam/directory';
import { parsePolicy } from '../../../src/iam/policy';
import type { AccessRequest, Principal } from '../../../src/service';
import { inProcessCaller, operation, TAG_LIST } from '../../../src/services/shared/operations';

const principal: Principal = {
  kind: 'assumed-role',
  arn: 'arn:aws:sts::111122223333:assumed-role/maker/session',
  roleArn: 'arn:aws:iam::111122223333:role/maker',
  accountId: '111122223333',
};

function authorizerFor(...Statement: object[]) {
  const directory = {
    policiesOf: () => [{ name: 'p', document: parsePolicy({ Statement }) }],
    findRoleByArn: () => undefined,
  };
  return new Authorizer({
    directory: directory as unknown as IamDirectory,
    decisions: { record: () => undefined } as unknown as DecisionLog,
    region: 'eu-west-1',
    now: () => 0,
  });
}

/** Makes something with these tags, as a service would: its schema, its question. */
async function make(authorizer: Authorizer, action: string, input: object): Promise<unknown> {
  const tags = z.union([TAG_LIST, z.record(z.string(), z.string())]).optional();
  const run = operation(z.object({ Tags: tags, tags }), (_, { conditions: context }) =>
    authorizer.authorize({ principal, action, resource: 'arn:aws:x', context } satisfies AccessRequest),
  );
  return run(input, inProcessCaller(principal));
}

const allow = (Action: string | string[], rest: object = {}) => ({
  ...{ Effect: 'Allow', Action, Resource: '*', ...rest },
});
const list = { Tags: [{ Key: 'team', Value: 'a' }] };

test.each([
  ['personalize:CreateSolution', 'personalize:TagResource', list],
  ['sqs:CreateQueue', 'sqs:TagQueue', { tags: { team: 'a' } }],
  ['iam:CreateRole', 'iam:TagRole', list],
  ['logs:CreateLogGroup', 'logs:TagResource', { tags: { team: 'a' } }],
  ['lambda:CreateFunction', 'lambda:TagResource', { Tags: { team: 'a' } }],
  ['events:PutRule', 'events:TagResource', list],
])('%s with tags needs %s, and without does not', async (action, tagging, input) => {
  const withoutTagging = authorizerFor(allow(action));
  await expect(make(withoutTagging, action, input)).rejects.toThrow(
    `is not authorized to perform: ${tagging} on resource: arn:aws:x`,
  );
  await make(withoutTagging, action, {});
  await make(authorizerFor(allow([action, tagging])), action, input);
});

test('a policy may demand a tag, and limit the keys', async () => {
  const Condition = {
    StringEquals: { 'aws:RequestTag/team': 'a' },
    'ForAllValues:StringEquals': { 'aws:TagKeys': ['team', 'stage'] },
  };
  const authorizer = authorizerFor(allow('sns:*', { Condition }));
  await make(authorizer, 'sns:CreateTopic', list);
  await expect(make(authorizer, 'sns:CreateTopic', {})).rejects.toThrow('sns:CreateTopic');
  await expect(make(authorizer, 'sns:CreateTopic', { tags: { team: 'b' } })).rejects.toThrow(
    'sns:CreateTopic',
  );
  await expect(make(authorizer, 'sns:CreateTopic', { tags: { team: 'a', owner: 'c' } })).rejects.toThrow(
    'sns:CreateTopic',
  );
});
