// One call of Amazon Personalize from a state machine, and the wait for what it started. Step Functions calls the API itself: no
// function runs, and none waits.
import { Duration } from 'aws-cdk-lib';
import type { Chain, IChainable, INextable, State } from 'aws-cdk-lib/aws-stepfunctions';
import { Choice, Condition, JitterType, Pass, Wait, WaitTime } from 'aws-cdk-lib/aws-stepfunctions';
import { CallAwsService } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Step } from './failure';
import { transient } from './transient';

export interface PersonalizeCallProps {
  /** In camelCase, for example `createSolution`. */
  readonly action: string;
  /** In PascalCase; values may be JSONata. A string is one expression that gives all of them. */
  readonly parameters: Record<string, unknown>;
  /** ARNs that the call may touch. */
  readonly resources: string[];
  readonly assign?: Record<string, unknown>;
  readonly outputs?: unknown;
  /** Errors besides throttling that pass by themselves, for example LimitExceededException while other jobs run. */
  readonly alsoRetry?: readonly string[];
}

/** The control plane allows one request a second for each operation (Service Quotas): throttling passes by itself. */
export function personalizeCall(step: Step, id: string, props: PersonalizeCallProps): CallAwsService {
  const call = CallAwsService.jsonata(step, `${step.name}: ${id}`, {
    service: 'personalize',
    action: props.action,
    parameters: props.parameters,
    iamResources: props.resources,
    ...(props.assign && { assign: props.assign }),
    ...(props.outputs !== undefined && { outputs: props.outputs }),
  });
  call.addRetry({
    errors: transient('Personalize'),
    interval: Duration.seconds(2),
    backoffRate: 2,
    maxAttempts: 8,
    maxDelay: Duration.seconds(60),
    jitterStrategy: JitterType.FULL,
  });
  if (props.alsoRetry) {
    call.addRetry({
      errors: [...props.alsoRetry],
      interval: Duration.seconds(60),
      backoffRate: 1.5,
      maxAttempts: 20,
    });
  }
  return call;
}

export interface WaitUntilActiveProps {
  readonly id: string;
  /** In camelCase, for example `describeSolution`. */
  readonly describe: string;
  /** Its one parameter, for example `SolutionArn`, and the JSONata expression of the ARN. */
  readonly parameter: string;
  readonly arn: string;
  readonly resources: string[];
  /** JSONata of the status, for example `$states.result.Solution.Status`. */
  readonly status: string;
  /** JSONata that gives the reason of a failure. @default - the service reports none */
  readonly reason?: string;
  /** How often it is looked at in the beginning; later less, so that a wait of a day does not fill the execution's history. */
  readonly every: Duration;
  readonly deadline: Duration;
  /** What is kept of the last description. */
  readonly assign?: Record<string, unknown>;
  /** Where it goes on when somebody deletes the resource meanwhile. @default - the step fails */
  readonly whenGone?: State & IChainable;
  /** Where it goes on when the resource is at rest without serving. @default - such resources are not waited for */
  readonly whenInactive?: State & IChainable;
}

/** A path through states: where it starts, and what is to go on once it is done. */
export interface Path {
  readonly start: State & IChainable;
  readonly done: INextable;
}

/** An execution's history has 25,000 events at most (Step Functions quotas), and each look takes nine of them. */
const LONGEST_PAUSE = Duration.minutes(10);

/** JSONata: a tenth of the time that was waited already, within bounds. */
const pauseSeconds = (every: Duration, since: string): string =>
  `$max([${every.toSeconds()}, $min([${LONGEST_PAUSE.toSeconds()}, $floor(($millis() - ${since}) / 10000)])])`;

/** Describes, and waits, until the status is ACTIVE; fails with the service's reason, or at the deadline. */
export function waitUntilActive(step: Step, props: WaitUntilActiveProps): Path {
  const name = `${step.name}: ${props.id}`;
  const status = `$${props.id.replaceAll(/[^A-Za-z]/g, '')}Status`;
  const since = `$${props.id.replaceAll(/[^A-Za-z]/g, '')}Since`;
  const bare = (variable: string) => variable.slice(1);

  const start = Pass.jsonata(step, `${name} begins`, { assign: { [bare(since)]: '{% $millis() %}' } });
  const describe = personalizeCall(step, props.id, {
    action: props.describe,
    parameters: { [props.parameter]: `{% ${props.arn} %}` },
    resources: props.resources,
    assign: {
      [bare(status)]: `{% ${props.status} %}`,
      ...props.assign,
    },
  });
  if (props.whenGone) {
    describe.addCatch(props.whenGone, { errors: ['Personalize.ResourceNotFoundException'] });
  }
  step.guard(describe);
  const pause = Wait.jsonata(step, `${name} pauses`, {
    time: WaitTime.seconds(`{% ${pauseSeconds(props.every, since)} %}`),
  });
  const failed = step.fail(
    `${props.id} failed`,
    'ResourceFailed',
    `${props.reason ? `($exists(${props.reason}) ? ${props.reason} : ${status})` : status}`,
  );
  const late = step.fail(
    `${props.id} took too long`,
    'DeadlinePassed',
    `'still ' & ${status} & ' after ${props.deadline.toMinutes()} minutes'`,
  );
  const done = Pass.jsonata(step, `${name} done`);
  const choice = Choice.jsonata(step, `${name}?`)
    .when(Condition.jsonata(`{% ${status} = 'ACTIVE' %}`), done)
    .when(Condition.jsonata(`{% $contains(${status}, /FAILED|STOPP/) %}`), failed);
  if (props.whenInactive) choice.when(Condition.jsonata(`{% ${status} = 'INACTIVE' %}`), props.whenInactive);
  choice
    .when(Condition.jsonata(`{% $millis() - ${since} > ${props.deadline.toMilliseconds()} %}`), late)
    .otherwise(pause.next(describe));
  start.next(describe);
  describe.next(choice);
  return { start, done };
}

/** Puts paths one behind the other. */
export function inOrder(...paths: readonly Path[]): Path {
  const [first] = paths;
  const last = paths.at(-1);
  if (!first || !last) throw new Error('at least one path is needed');
  for (const [index, path] of paths.slice(0, -1).entries()) {
    const next = paths[index + 1];
    if (next) path.done.next(next.start);
  }
  return { start: first.start, done: last.done };
}

export type { Chain };
