// Bulk files are imported only when they are newer than the dataset's last import: likes, pictures and visitors are streamed into
// the datasets already, and the same data is never both streamed and imported.
import { Duration } from 'aws-cdk-lib';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Choice, Condition, Map as MapState, Pass, ProvideItems } from 'aws-cdk-lib/aws-stepfunctions';
import { CallAwsService } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { ANY, personalizeArns } from './arns';
import type { Step } from './failure';
import { type Path, personalizeCall, waitUntilActive } from './personalize-call';

export interface ImportsProps {
  readonly bucket: IBucket;
  readonly serviceRole: IRole;
}

/** Imports take minutes on AWS, up to hours for many gigabytes. */
const IMPORT_DEADLINE = Duration.hours(6);

export function importNewFiles(outer: Step, props: ImportsProps): Path {
  const step = outer.inside('dataset');
  const resources = personalizeArns(step, 'dataset', 'dataset-import-job');
  const begin = Pass.jsonata(step, 'import: next dataset', { assign: { planned: '{% $states.input %}' } });
  const files = step.guard(
    CallAwsService.jsonata(step, 'import: look for files', {
      service: 's3',
      action: 'listObjectsV2',
      iamAction: 's3:ListBucket',
      iamResources: [props.bucket.bucketArn],
      parameters: { Bucket: '{% $planned.bucket %}', Prefix: '{% $planned.prefix %}' },
      assign: {
        newest: '{% $max([0, $states.result.Contents[Size > 0].$toMillis(LastModified)]) %}',
      },
    }),
  );
  const jobs = step.guard(
    personalizeCall(step, 'last import', {
      action: 'listDatasetImportJobs',
      parameters: { DatasetArn: '{% $planned.datasetArn %}', MaxResults: 100 },
      resources: ANY,
      assign: {
        imported:
          "{% $max([0, $states.result.DatasetImportJobs[Status = 'ACTIVE'].$toMillis(CreationDateTime)]) %}",
      },
    }),
  );
  const create = step.guard(
    personalizeCall(step, 'create import job', {
      action: 'createDatasetImportJob',
      parameters: {
        JobName:
          "{% $substring($planned.jobName, 0, 40) & '-' & $substring($states.context.Execution.Name, 0, 8) & '-' & $string($millis()) %}",
        DatasetArn: '{% $planned.datasetArn %}',
        DataSource: { DataLocation: "{% 's3://' & $planned.bucket & '/' & $planned.prefix %}" },
        RoleArn: props.serviceRole.roleArn,
        // The first import of a dataset can only be FULL.
        ImportMode: "{% $imported = 0 ? 'FULL' : $planned.mode %}",
        Tags: '{% $planned.tags %}',
      },
      resources,
      assign: { importJob: '{% $states.result.DatasetImportJobArn %}' },
      alsoRetry: ['Personalize.LimitExceededException'],
    }),
  );
  const active = waitUntilActive(step, {
    id: 'import job',
    describe: 'describeDatasetImportJob',
    parameter: 'DatasetImportJobArn',
    arn: '$importJob',
    resources,
    status: '$states.result.DatasetImportJob.Status',
    reason: '$states.input.DatasetImportJob.FailureReason',
    every: Duration.seconds(60),
    deadline: IMPORT_DEADLINE,
  });
  const done = Pass.jsonata(step, 'import: dataset is up to date');
  active.done.next(done);
  begin
    .next(files)
    .next(jobs)
    .next(
      Choice.jsonata(step, 'import: are files newer?')
        .when(Condition.jsonata('{% $newest > $imported %}'), create.next(active.start))
        .otherwise(done),
    );
  const each = MapState.jsonata(outer, 'import: each dataset', {
    items: ProvideItems.jsonata('{% $plan.imports %}'),
    maxConcurrency: 1,
    outputs: '{% $states.input %}',
  });
  each.itemProcessor(begin);
  return { start: each, done: each };
}
