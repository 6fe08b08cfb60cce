// One solution: made or adopted, then trained unless its newest version is young enough or one is in training already.
import { Duration } from 'aws-cdk-lib';
import { Choice, Condition, Pass } from 'aws-cdk-lib/aws-stepfunctions';
import { ANY, personalizeArns } from './arns';
import { createOrAdopt } from './ensure';
import type { Step } from './failure';
import { type Path, personalizeCall, waitUntilActive } from './personalize-call';

/** Trainings of large datasets take hours (developer guide, "Creating a solution version"). */
const TRAINING_DEADLINE = Duration.hours(24);

/** Reads `$solution` (a PlannedSolution); assigns `$version` and `$metrics` (an object, empty when there are none). */
export function trainSolution(step: Step): Path {
  const resources = personalizeArns(step, 'solution', 'dataset-group');
  const solution = createOrAdopt(step, {
    type: 'Solution',
    items: '',
    arn: '$solution.arn',
    create: '$solution.create',
    resources,
    deadline: Duration.minutes(15),
  });
  const versions = step.guard(
    personalizeCall(step, 'list versions', {
      action: 'listSolutionVersions',
      parameters: { SolutionArn: '{% $solution.arn %}', MaxResults: 100 },
      // Lists cannot be limited to a resource (Service Authorization Reference).
      resources: ANY,
      assign: {
        ready: "{% [$states.result.SolutionVersions[Status = 'ACTIVE']^(>$toMillis(CreationDateTime))] %}",
        inTraining: '{% [$states.result.SolutionVersions[$contains(Status, /PENDING|IN_PROGRESS/)]] %}',
      },
    }),
  );
  const adopt = Pass.jsonata(step, 'train: go on with the one in training', {
    assign: { version: '{% $inTraining[0].SolutionVersionArn %}' },
  });
  const keep = Pass.jsonata(step, 'train: the newest is young enough', {
    assign: { version: '{% $ready[0].SolutionVersionArn %}' },
  });
  const create = step.guard(
    personalizeCall(step, 'create version', {
      action: 'createSolutionVersion',
      parameters: {
        SolutionArn: '{% $solution.arn %}',
        // An update builds on a full training.
        TrainingMode: "{% $count($ready) = 0 ? 'FULL' : $solution.trainingMode %}",
        Tags: '{% $solution.versionTags %}',
      },
      resources,
      assign: { version: '{% $states.result.SolutionVersionArn %}' },
      alsoRetry: ['Personalize.LimitExceededException'],
    }),
  );
  const active = waitUntilActive(step, {
    id: 'version',
    describe: 'describeSolutionVersion',
    parameter: 'SolutionVersionArn',
    arn: '$version',
    resources,
    status: '$states.result.SolutionVersion.Status',
    reason: '$states.input.SolutionVersion.FailureReason',
    every: Duration.seconds(60),
    deadline: TRAINING_DEADLINE,
  });
  const metrics = personalizeCall(step, 'metrics', {
    action: 'getSolutionMetrics',
    parameters: { SolutionVersionArn: '{% $version %}' },
    resources,
    assign: { metrics: '{% $states.result.Metrics %}' },
  });
  const done = Pass.jsonata(step, 'train: done');

  solution.done
    .next(versions)
    .next(
      Choice.jsonata(step, 'train: is a training needed?')
        .when(Condition.jsonata('{% $count($inTraining) > 0 %}'), adopt.next(active.start))
        .when(
          Condition.jsonata(
            '{% $count($ready) > 0 and $millis() - $toMillis($ready[0].CreationDateTime) < $solution.maxAge %}',
          ),
          keep.next(metrics),
        )
        .otherwise(create.next(active.start)),
    );
  active.done.next(metrics);
  // Update trainings have no metrics of their own.
  metrics.addCatch(done, { errors: ['Personalize.ResourceNotFoundException'], assign: { metrics: {} } });
  step.guard(metrics).next(done);
  return { start: solution.start, done };
}
