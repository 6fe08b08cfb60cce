// The training pipeline: plan → lock → group, datasets, imports, filters → each solution: train, judge, serve, batch → record,
// notify. Standard workflow in JSONata; Step Functions calls Amazon Personalize by itself and waits by itself.
import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import { type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import {
  DefinitionBody,
  Fail,
  LogLevel,
  Map as MapState,
  Parallel,
  Pass,
  ProvideItems,
  type StateMachine,
  Succeed,
} from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Alarms } from '../constructs/alarms';
import type { GalleryTable } from '../constructs/gallery-table';
import { WatchedStateMachine } from '../constructs/watched-state-machine';
import type { FileSchedules } from './file-schedules';
import { personalizeArns } from './steps/arns';
import { runBatchJobs } from './steps/batch-jobs';
import { beginRun } from './steps/begin-run';
import { serveVersion } from './steps/campaigns';
import { Step } from './steps/failure';
import { importNewFiles } from './steps/imports';
import { keepSchedules } from './steps/keep-schedules';
import { makeRecommenders, makeResources } from './steps/make-resources';
import { notify } from './steps/notify';
import { inOrder, type Path } from './steps/personalize-call';
import { judgeVersion } from './steps/quality-gate';
import { RunRecord } from './steps/run-record';
import { failureText, seconds, successText } from './steps/run-texts';
import { trainSolution } from './steps/training';

export interface TrainingPipelineProps {
  readonly stateMachineName: string;
  /** The gallery's own dataset group. */
  readonly datasetGroup: { readonly name: string; readonly arn: string };
  /** Turns the run's input into a plan (`lambda/plan`). */
  readonly planFunction: IFunction;
  /** Key `datasetGroup` + `run`. */
  readonly runs: GalleryTable;
  readonly bucket: IBucket;
  readonly schedules: FileSchedules;
  readonly serviceRole: IRole;
  readonly topic: ITopic;
  readonly bus: IEventBus;
  readonly alarms: Alarms;
  readonly logRetentionDays: RetentionDays;
  readonly removalPolicy: RemovalPolicy;
}

/**
 * Input of an execution: `{reason: 'minimum-reached' | 'schedule' | 'operator' | 'configuration', configurationKey?, schedule?}`. The
 * key names a configuration file in the bucket, without one the gallery's own configuration is used; a schedule limits the run to
 * what the file has under it.
 */
export class TrainingPipeline extends Construct {
  readonly stateMachine: StateMachine;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: TrainingPipelineProps,
  ) {
    super(scope, id);
    this.stateMachine = new WatchedStateMachine(this, 'Resource', {
      stateMachineName: props.stateMachineName,
      definitionBody: DefinitionBody.fromChainable(this.run().start),
      timeout: Duration.days(3),
      // Inputs and outputs hold names and metrics only, and are what one needs to find a fault.
      logLevel: LogLevel.ERROR,
      alarms: props.alarms,
      watch: {
        name: 'training-failed',
        meaning: 'A run of the training pipeline failed; the gallery goes on with the version in service',
      },
      logRetentionDays: props.logRetentionDays,
      removalPolicy: props.removalPolicy,
    });
    this.stateMachine.addToRolePolicy(
      new PolicyStatement({
        actions: ['iam:PassRole'],
        resources: [props.serviceRole.roleArn],
        conditions: { StringEquals: { 'iam:PassedToService': 'personalize.amazonaws.com' } },
      }),
    );
    // What a file's group and resources are tagged with when they are made needs this beside the right to make them.
    this.stateMachine.addToRolePolicy(
      new PolicyStatement({
        actions: ['personalize:TagResource'],
        resources: personalizeArns(
          this,
          ...[
            'dataset-group',
            'dataset',
            'dataset-import-job',
            'event-tracker',
            'filter',
            'solution',
            'campaign',
          ],
          ...['recommender', 'batch-inference-job', 'batch-segment-job'],
        ),
      }),
    );
    props.schedules.allowStarting(this.stateMachine);
  }

  private run(): Path {
    const record = new RunRecord(this.props.runs);
    const failed = this.fail(record);
    const begun = beginRun(this, { ...this.props, record, onFailure: failed.start });
    const work = Parallel.jsonata(this, 'work', { outputs: '{% $states.result[0] %}' });
    work.branch(this.work(record).start);
    begun.done.next(work);
    const succeeded = this.succeed(record);
    work.addCatch(failed.start, {
      errors: ['States.ALL'],
      assign: { failure: `{% ${failureOf('$states.errorOutput')} %}` },
    });
    work.next(succeeded.start);
    return { start: begun.start, done: succeeded.done };
  }

  private work(record: RunRecord): Path {
    const { bucket, serviceRole } = this.props;
    const resources = new Step(this, 'resources');
    const imports = new Step(this, 'import');
    const paths = [
      notedPath(record, resources, makeResources(resources)),
      this.schedules(record),
      notedPath(record, imports, importNewFiles(imports, { bucket, serviceRole })),
      this.recommenders(record),
      this.solutions(record),
    ];
    return inOrder(...paths);
  }

  /** Only files have schedules. They stay, however the run ends: the next time may go better. */
  private schedules(record: RunRecord): Path {
    const step = new Step(this, 'schedules');
    const kept = notedPath(record, step, keepSchedules(step, this.props.schedules, '$plan.schedules'));
    return onlyIf(step, 'is it for a file?', '$exists($request.configurationKey)', kept);
  }

  private recommenders(record: RunRecord): Path {
    const step = new Step(this, 'recommenders');
    const made = notedPath(record, step, makeRecommenders(step));
    return onlyIf(step, 'are there any?', '$count($plan.recommenders) > 0', made);
  }

  /** One solution after the other, the baseline first: the gate compares with it. */
  private solutions(record: RunRecord): Path {
    const [train, judge, serve, batch] = ['train', 'judge', 'serve', 'batch'].map(
      (name) => new Step(this, name),
    ) as [Step, Step, Step, Step];
    const next = Pass.jsonata(this, 'next solution', {
      assign: { solution: '{% $states.input %}', metrics: {}, verdict: {} },
    });
    const result = Pass.jsonata(this, 'solution done', {
      outputs: {
        solution: '{% $solution.name %}',
        version: '{% $version %}',
        metrics: '{% $metrics %}',
        verdict: '{% $verdict %}',
      },
    });
    const trained = notedPath(record, train, trainSolution(train), '$solution.name');
    const judged = notedPath(record, judge, judgeVersion(judge), '$solution.name');
    const served = notedPath(record, serve, serveVersion(serve), '$solution.name');
    const jobs = notedPath(
      record,
      batch,
      inOrder(
        runBatchJobs(batch, {
          type: 'BatchInferenceJob',
          items: '$solution.batchInferenceJobs',
        }),
        runBatchJobs(batch, {
          type: 'BatchSegmentJob',
          items: '$solution.batchSegmentJobs',
        }),
      ),
      '$solution.name',
    );
    next.next(trained.start);
    trained.done.next(judged.start);
    judged.done.next(judge.choose('may it serve?', '$verdict.passed', served.start, jobs.start));
    served.done.next(jobs.start);
    jobs.done.next(result);
    const each = MapState.jsonata(this, 'each solution', {
      items: ProvideItems.jsonata('{% $plan.solutions %}'),
      maxConcurrency: 1,
    });
    each.itemProcessor(next);
    return { start: each, done: each };
  }

  private succeed(record: RunRecord): Path {
    const step = new Step(this, 'finish');
    const keep = Pass.jsonata(step, 'finish: results', {
      assign: { results: '{% $exists($states.input) ? [$states.input] : [] %}' },
    });
    const ended = record.end(step, 'succeeded', '$string($results)');
    const told = notify(step, {
      topic: this.props.topic,
      bus: this.props.bus,
      detailType: 'PipelineSucceeded',
      detail: `{'datasetGroupArn': $plan.datasetGroup.arn, 'reason': $reason, 'results': $results, 'seconds': ${seconds}}`,
      subject: "'Emotion Gallery: training of ' & $plan.datasetGroup.name & ' succeeded'",
      message: successText,
    });
    const done = Succeed.jsonata(step, 'finish: succeeded', {
      outputs: { outcome: 'succeeded', results: '{% $results %}' },
    });
    keep.next(ended.start);
    ended.done.next(told.start);
    told.done.next(done);
    return { start: keep, done: told.done };
  }

  private fail(record: RunRecord): Path {
    const step = new Step(this, 'give up');
    const ended = record.end(step, 'failed', '$string($failure)');
    const told = notify(step, {
      topic: this.props.topic,
      bus: this.props.bus,
      detailType: 'PipelineFailed',
      detail: `$merge([$failure, {'datasetGroupArn': $plan.datasetGroup.arn, 'runReason': $reason, 'seconds': ${seconds}}])`,
      subject: "'Emotion Gallery: training of ' & $plan.datasetGroup.name & ' failed at ' & $failure.step",
      message: failureText,
    });
    const end = Fail.jsonata(step, 'the run failed', {
      error: 'PipelineFailed',
      cause: '{% $string($failure) %}',
    });
    ended.done.next(told.start);
    told.done.next(end);
    return { start: ended.start, done: told.done };
  }
}

function notedPath(record: RunRecord, step: Step, path: Path, detail?: string): Path {
  const note = record.note(step, detail);
  note.next(path.start);
  return { start: note, done: path.done };
}

/** `condition` is JSONata. */
function onlyIf(step: Step, id: string, condition: string, path: Path): Path {
  const done = Pass.jsonata(step, `${step.name}: done`);
  path.done.next(done);
  return { start: step.choose(id, condition, path.start, done), done };
}

/** A step's own Fail state gives JSON; anything else (a query that cannot be evaluated, the time limit) is told as it is. */
const failureOf = (error: string) =>
  `${error}.Error = 'StepFailed' ? $parse(${error}.Cause) : {'step': 'unknown', 'error': ${error}.Error, 'reason': ${error}.Cause}`;
