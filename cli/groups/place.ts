// Where the files of a hand-made dataset group lie: a bucket that Amazon Personalize may read and write, and the role by which it
// does. Both are one small stack of CloudFormation, so that they are made and deleted as one.
import {
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStacksCommand,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { DeleteObjectsCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import type { Clients } from '../clients';
import { type Rim, UserError } from '../command';
import { both } from '../text';
import { pollingInterval, waitFor } from '../wait-for';

export interface Place {
  readonly bucket: string;
  readonly roleArn: string;
}

type Used = Pick<Clients, 'cloudFormation' | 's3'>;

/** Stacks' names have no underscores. */
export const placeStack = (group: string): string => `personalize-files-${group.replaceAll('_', '-')}`;

const service = { Service: 'personalize.amazonaws.com' };
const thisAccount = { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } };
const actions = ['s3:GetObject', 's3:ListBucket', 's3:PutObject'];
const bucketArn = { 'Fn::GetAtt': ['Files', 'Arn'] };
// biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation fills it in.
const resources = [bucketArn, { 'Fn::Sub': '${Files.Arn}/*' }];

/** Least privilege: this bucket alone, for Amazon Personalize of this account alone, and no plain HTTP. */
const TEMPLATE = {
  Description:
    'Files of a dataset group of Amazon Personalize, and the role by which it reads and writes them',
  Resources: {
    Files: {
      Type: 'AWS::S3::Bucket',
      Properties: {
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
        },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
      },
    },
    FilesPolicy: {
      Type: 'AWS::S3::BucketPolicy',
      Properties: {
        Bucket: { Ref: 'Files' },
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: service,
              Action: actions,
              Resource: resources,
              Condition: thisAccount,
            },
            {
              Effect: 'Deny',
              Principal: '*',
              Action: 's3:*',
              Resource: resources,
              Condition: { Bool: { 'aws:SecureTransport': 'false' } },
            },
          ],
        },
      },
    },
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            { Effect: 'Allow', Principal: service, Action: 'sts:AssumeRole', Condition: thisAccount },
          ],
        },
        Policies: [
          {
            PolicyName: 'files',
            PolicyDocument: {
              Version: '2012-10-17',
              Statement: [{ Effect: 'Allow', Action: actions, Resource: resources }],
            },
          },
        ],
      },
    },
  },
  Outputs: { Bucket: { Value: { Ref: 'Files' } }, RoleArn: { Value: { 'Fn::GetAtt': ['Role', 'Arn'] } } },
};

export async function stackNamed(
  { cloudFormation }: Pick<Used, 'cloudFormation'>,
  StackName: string,
): Promise<Stack | undefined> {
  try {
    const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName }));
    return Stacks[0];
  } catch (error) {
    if (error instanceof Error && error.name === 'ValidationError' && /does not exist/.test(error.message)) {
      return undefined;
    }
    throw error;
  }
}

const outputsOf = ({ Outputs = [] }: Stack): Place | undefined => {
  const value = (key: string) => Outputs.find(({ OutputKey }) => OutputKey === key)?.OutputValue;
  const [bucket, roleArn] = [value('Bucket'), value('RoleArn')];
  return bucket && roleArn ? { bucket, roleArn } : undefined;
};

/** @throws UserError when nothing was made by `data load` */
export async function readPlace(clients: Used, group: string): Promise<Place> {
  const stack = await stackNamed(clients, placeStack(group));
  const place = stack && outputsOf(stack);
  if (place) return place;
  throw new UserError(
    both(
      `${group} has no bucket of its own: "data load" makes one; --bucket and --role name those of a group that was made otherwise`,
      `${group}에 자신의 버킷이 없습니다. "data load"가 만들며, 다르게 만든 그룹은 --bucket과 --role로 적으세요`,
    ),
  );
}

/** @throws UserError when CloudFormation could not make it */
export async function makePlace(clients: Used, group: string, rim: Rim): Promise<Place> {
  const StackName = placeStack(group);
  if (!(await stackNamed(clients, StackName))) {
    await clients.cloudFormation.send(
      new CreateStackCommand({
        StackName,
        TemplateBody: JSON.stringify(TEMPLATE),
        Capabilities: ['CAPABILITY_IAM'],
      }),
    );
  }
  const stack = await settled(clients, StackName, 'bucket and role', rim);
  const place = stack && outputsOf(stack);
  if (place) return place;
  const reason = stack?.StackStatusReason ?? 'it was rolled back';
  throw new UserError(
    both(
      `the stack ${StackName} could not be made: ${reason}. "remove --dataset-group ${group}" takes it away`,
      `스택 ${StackName}을(를) 만들지 못했습니다: ${reason}. "remove --dataset-group ${group}"으로 치울 수 있습니다`,
    ),
  );
}

const settled = (clients: Used, name: string, what: string, rim: Rim): Promise<Stack | undefined> =>
  waitFor(
    {
      look: () => stackNamed(clients, name),
      isDone: (stack) => !/_IN_PROGRESS$/.test(stack?.StackStatus ?? ''),
      tell: (stack) => `${what}: ${stack?.StackStatus ?? 'gone'}`,
      everyMs: process.env.AWS_ENDPOINT_URL ? 200 : pollingInterval(undefined) / 3,
    },
    rim,
  );

/** Empties the bucket and deletes the stack. @returns whether there was one. @throws UserError when something is left */
export async function removePlace(clients: Used, group: string, rim: Rim): Promise<boolean> {
  const StackName = placeStack(group);
  const stack = await stackNamed(clients, StackName);
  if (!stack) return false;
  const place = outputsOf(stack);
  if (place) await empty(clients, place.bucket);
  await clients.cloudFormation.send(new DeleteStackCommand({ StackName }));
  const left = await settled(clients, StackName, 'bucket and role', rim);
  if (left)
    throw new UserError(
      `the stack ${StackName} is left: ${left.StackStatus} ${left.StackStatusReason ?? ''}`,
    );
  return true;
}

async function empty({ s3 }: Used, Bucket: string): Promise<void> {
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket })) {
    const Objects = Contents.map(({ Key }) => ({ Key }));
    if (Objects.length > 0) await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
  }
}
