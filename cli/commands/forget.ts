// forget: deletes all that the deployment knows of a visitor: in the tables, and in Amazon Personalize by a data deletion job.
// https://docs.aws.amazon.com/personalize/latest/dg/delete-records.html
import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  CreateDataDeletionJobCommand,
  DescribeDataDeletionJobCommand,
  type PersonalizeClient,
} from '@aws-sdk/client-personalize';
import { DeleteObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { forgetInTables, StillLiking } from '../../lambda/shared/data/forget-visitor';
import { sleep } from '../../lambda/shared/retry';
import { type Command, type Rim, UserError } from '../command';
import { DEFAULT_PREFIX, DEPLOYMENT_OPTIONS, type Deployment, readDeployment } from '../deployment';

export interface ForgetClients {
  readonly cloudFormation: Pick<CloudFormationClient, 'send'>;
  readonly dynamodb: Pick<DynamoDBClient, 'send'>;
  readonly personalize: Pick<PersonalizeClient, 'send'>;
  readonly s3: Pick<S3Client, 'send'>;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const LOOK_EVERY_MS = 5_000;

export function forget(clients: ForgetClients, pause: typeof sleep = sleep): Command {
  return {
    name: 'forget',
    summary: 'Deletes all that is known of a visitor, in the tables and in Amazon Personalize.',
    positionals: ['VISITOR'],
    options: DEPLOYMENT_OPTIONS,
    async run(values, [given = ''], rim) {
      const visitorId = given.toLowerCase();
      if (!UUID.test(visitorId))
        throw new UserError(`expected the id of a visitor, a UUID, got ${given}`, true);
      const prefix = String(values['stack-prefix'] ?? DEFAULT_PREFIX);
      const deployment = await readDeployment(clients.cloudFormation, prefix);
      rim.progress('deleting from the tables');
      const tables = await forgetInTables(
        clients.dynamodb,
        {
          visitors: deployment.output('VisitorsTableName'),
          likes: deployment.output('LikesTableName'),
          totals: deployment.output('TotalsTableName'),
          undelivered: deployment.output('UndeliveredTableName'),
        },
        visitorId,
      ).catch((error: unknown) => {
        throw error instanceof StillLiking ? new UserError(`${error.message}, call it again`) : error;
      });
      const deleted = await forgetInPersonalize(clients, deployment, { visitorId, pause, rim });
      const text = [
        `Deleted of ${visitorId}: ${tables.visitor ? 'the visitor' : 'no visitor (there was none)'}, ${tables.likes} likes, ` +
          `${tables.undelivered} entries on their way; in Amazon Personalize ${deleted} records.`,
        'Models that were trained before still have learnt from the likes, until the next training; backups of the tables end by themselves ' +
          'after 35 days; files that rebuild or an export wrote to the bucket are to be deleted by hand.',
      ];
      return { text: text.join('\n'), json: { visitorId, ...tables, personalizeRecords: deleted } };
    },
  };
}

interface Wish {
  readonly visitorId: string;
  readonly pause: typeof sleep;
  readonly rim: Rim;
}

/** Number of records deleted. @throws UserError when the job failed, or none can be made now */
async function forgetInPersonalize(
  { personalize, s3 }: ForgetClients,
  deployment: Deployment,
  { visitorId, pause, rim }: Wish,
): Promise<number> {
  const name = `forget-${visitorId}-${rim.now().toString(36)}`;
  const file = { Bucket: deployment.output('BucketName'), Key: `personalize/forget/${name}.csv` };
  await s3.send(new PutObjectCommand({ ...file, Body: `USER_ID\n${visitorId}\n`, ContentType: 'text/csv' }));
  try {
    const { dataDeletionJobArn } = await personalize
      .send(
        new CreateDataDeletionJobCommand({
          jobName: name,
          datasetGroupArn: deployment.output('DatasetGroupArn'),
          dataSource: { dataLocation: `s3://${file.Bucket}/${file.Key}` },
          roleArn: deployment.output('PersonalizeRoleArn'),
        }),
      )
      .catch((error: Error) => {
        if (error.name !== 'LimitExceededException') throw error;
        throw new UserError(
          'Amazon Personalize has five deletions waiting and takes no more now. The tables have nothing of the visitor any more; call it again later.',
        );
      });
    for (;;) {
      const { dataDeletionJob } = await personalize.send(
        new DescribeDataDeletionJobCommand({ dataDeletionJobArn }),
      );
      const { status = '', failureReason, numDeleted = 0 } = dataDeletionJob ?? {};
      if (status === 'COMPLETED') return numDeleted;
      if (status === 'FAILED') {
        throw new UserError(
          `Amazon Personalize did not delete the visitor: ${failureReason}. Call it again.`,
        );
      }
      rim.progress(`Amazon Personalize is deleting (${status})`);
      await pause(LOOK_EVERY_MS);
    }
  } finally {
    await s3.send(new DeleteObjectCommand(file));
  }
}
