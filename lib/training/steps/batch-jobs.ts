// Batch inference and segment jobs of a solution: started with the version that was just trained, awaited, their output beside
// their input in the bucket.
import { Duration } from 'aws-cdk-lib';
import { Map as MapState, Pass, ProvideItems } from 'aws-cdk-lib/aws-stepfunctions';
import { personalizeArns } from './arns';
import type { Step } from './failure';
import { type Path, personalizeCall, waitUntilActive } from './personalize-call';

const JOB_DEADLINE = Duration.hours(24);

export interface BatchJobsProps {
  /** `BatchInferenceJob` or `BatchSegmentJob`, as the API spells it. */
  readonly type: 'BatchInferenceJob' | 'BatchSegmentJob';
  /** JSONata of the planned jobs. */
  readonly items: string;
}

const kinds = { BatchInferenceJob: 'batch-inference-job', BatchSegmentJob: 'batch-segment-job' } as const;

/** Reads `$version`. */
export function runBatchJobs(outer: Step, props: BatchJobsProps): Path {
  const { type } = props;
  const step = outer.inside(type);
  const words = type === 'BatchInferenceJob' ? 'inference job' : 'segment job';
  const resources = personalizeArns(step, kinds[type], 'solution', 'filter');
  const begin = Pass.jsonata(step, `batch: next ${words}`, { assign: { planned: '{% $states.input %}' } });
  const create = step.guard(
    personalizeCall(step, `create ${words}`, {
      action: `create${type}`,
      parameters:
        "{% $merge([$planned.create, {'JobName': $substring($planned.jobName, 0, 46) & '-' & $string($millis()), 'SolutionVersionArn': $version}]) %}" as unknown as Record<
          string,
          unknown
        >,
      resources,
      assign: { job: `{% $states.result.${type}Arn %}` },
      alsoRetry: ['Personalize.LimitExceededException'],
    }),
  );
  const active = waitUntilActive(step, {
    id: words,
    describe: `describe${type}`,
    parameter: `${type}Arn`,
    arn: '$job',
    resources,
    status: `$states.result.${type}.Status`,
    reason: `$states.input.${type}.FailureReason`,
    every: Duration.seconds(60),
    deadline: JOB_DEADLINE,
  });
  create.next(active.start);
  const each = MapState.jsonata(outer, `batch: each ${words}`, {
    items: ProvideItems.jsonata(`{% ${props.items} %}`),
    maxConcurrency: 1,
    outputs: '{% $states.input %}',
  });
  each.itemProcessor(begin.next(create));
  return { start: each, done: each };
}
