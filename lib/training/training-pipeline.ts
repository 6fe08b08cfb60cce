// The training pipeline: plan → lock → group, datasets, imports, filters → each solution: train, judge, serve, batch → record,
// notify. Standard workflow in JSONata; Step Functions calls Amazon Personalize by itself and waits by itself.
import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
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
  QueryLanguage,
  StateMachine,
  Succeed,
} from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import type { GalleryTable } from '../constructs/gallery-table';
import type { Watch } from '../constructs/watch';
import { runBatchJobs } from './steps/batch-jobs';
import { serveVersion } from './steps/campaigns';
import { Step } from './steps/failure';
import { importNewFiles } from './steps/imports';
import { oneLine } from './steps/jsonata';
import { makeResources } from './steps/make-resources';
import { notify } from './steps/notify';
import { inOrder, type Path } from './steps/personalize-call';
import { judgeVersion } from './steps/quality-gate';
import { RunRecord } from './steps/run-record';
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
  readonly serviceRole: IRole;
  readonly topic: ITopic;
  readonly bus: IEventBus;
  readonly logRetentionDays: RetentionDays;
  readonly removalPolicy: RemovalPolicy;
}

/**
 * Input of an execution: `{reason: 'minimum-reached' | 'schedule' | 'operator' | 'configuration', configurationKey?}`; the key names
 * a configuration file in the bucket, without one the gallery's own configuration is used.
 */
export class TrainingPipeline extends Construct {
  readonly stateMachine: StateMachine;
  readonly watches: readonly Watch[];

  constructor(
    scope: Construct,
    id: string,
    private readonly props: TrainingPipelineProps,
  ) {
    super(scope, id);
    this.stateMachine = new StateMachine(this, 'Resource', {
      stateMachineName: props.stateMachineName,
      queryLanguage: QueryLanguage.JSONATA,
      definitionBody: DefinitionBody.fromChainable(this.run().start),
      timeout: Duration.days(3),
      tracingEnabled: true,
      logs: {
        level: LogLevel.ERROR,
        // Inputs and outputs hold names and metrics only, and are what one needs to find a fault.
        includeExecutionData: true,
        destination: new LogGroup(this, 'Logs', {
          retention: props.logRetentionDays,
          removalPolicy: props.removalPolicy,
        }),
      },
    });
    props.serviceRole.grantPassRole(this.stateMachine.role);
    this.watches = [
      {
        name: 'training-failed',
        meaning: 'A run of the training pipeline failed; the gallery goes on with the version in service',
        metric: this.stateMachine.metricFailed({ period: Duration.minutes(5), statistic: 'Sum' }),
        threshold: 0,
      },
    ];
  }

  private run(): Path {
    const record = new RunRecord(this.props.runs);
    const failed = this.fail(record);
    const begin = Pass.jsonata(this, 'begin', {
      assign: {
        reason: "{% $exists($states.input.reason) ? $states.input.reason : 'operator' %}",
        runId: "{% $states.context.Execution.StartTime & ' ' & $states.context.Execution.Name %}",
        begunAt: '{% $millis() %}',
        // Until the plan stands, a failure is told as the gallery's.
        plan: { datasetGroup: this.props.datasetGroup },
      },
    });
    const plan = this.plan(failed.start);
    const acquired = record.begin(new Step(this, 'lock', 'lock', failed.start));
    const work = Parallel.jsonata(this, 'work', { outputs: '{% $states.result[0] %}' });
    work.branch(this.work(record).start);
    begin.next(plan).next(acquired.start);
    acquired.done.next(work);
    const succeeded = this.succeed(record);
    work.addCatch(failed.start, {
      errors: ['States.ALL'],
      assign: { failure: `{% ${failureOf('$states.errorOutput')} %}` },
    });
    work.next(succeeded.start);
    return { start: begin, done: succeeded.done };
  }

  /** Nothing is locked or made before the plan stands: a wrong configuration fails here and says why. */
  private plan(onFailure: Path['start']): LambdaInvoke {
    const step = new Step(this, 'plan', 'plan', onFailure);
    return step.guard(
      LambdaInvoke.jsonata(step, 'plan: read the configuration', {
        lambdaFunction: this.props.planFunction,
        assign: { plan: '{% $states.result.Payload %}' },
      }),
    );
  }

  private work(record: RunRecord): Path {
    const { bucket, serviceRole } = this.props;
    const resources = new Step(this, 'resources');
    const imports = new Step(this, 'import');
    const paths = [
      notedPath(record, resources, makeResources(resources)),
      notedPath(record, imports, importNewFiles(imports, { bucket, serviceRole })),
      this.solutions(record),
    ];
    return inOrder(...paths);
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

const seconds = '$round(($millis() - $begunAt) / 1000)';

/** A step's own Fail state gives JSON; anything else (a query that cannot be evaluated, the time limit) is told as it is. */
const failureOf = (error: string) =>
  `${error}.Error = 'StepFailed' ? $parse(${error}.Cause) : {'step': 'unknown', 'error': ${error}.Error, 'reason': ${error}.Cause}`;

const successText =
  oneLine(`'Dataset group: ' & $plan.datasetGroup.name & '\\nStarted by: ' & $reason & '\\nTook: ' & $string(${seconds})
  & ' seconds\\n' & $join($map($results, function($r) {
    '\\n' & $r.solution & ($exists($r.verdict.metric) ? ($r.verdict.passed ? ': serves' : ': is kept, not served') : ': trained')
    & '\\n  because: ' & $r.verdict.why
    & '\\n  version: ' & $r.version
    & ($type($r.verdict.served) = 'number' ? '\\n  ' & $r.verdict.metric & ' of the version in service before: ' & $string($r.verdict.served) : '')
    & ($type($r.verdict.baseline) = 'number' ? '\\n  ' & $r.verdict.metric & ' of the baseline: ' & $string($r.verdict.baseline) : '')
    & $join($each($r.metrics, function($v, $k) { '\\n  ' & $k & ': ' & $string($v) }))
    & '\\n' }))`);

const failureText =
  oneLine(`'Dataset group: ' & $plan.datasetGroup.name & '\\nStarted by: ' & $reason & '\\nFailed at: ' & $failure.step
  & '\\nError: ' & $failure.error & '\\nReason: ' & $failure.reason & '\\nAfter: ' & $string(${seconds})
  & ' seconds\\n\\nWhat serves now goes on serving. The next run goes on where this one stopped.'`);
