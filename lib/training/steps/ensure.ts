// Makes what is missing and adopts what is there, so that a run can be started twice or go on after a failure half way.
// Looked for by ARN: Amazon Personalize derives it from the name.
import { Duration } from 'aws-cdk-lib';
import { type IChainable, Map as MapState, Pass, ProvideItems } from 'aws-cdk-lib/aws-stepfunctions';
import type { Step } from './failure';
import { type Path, personalizeCall, waitUntilActive } from './personalize-call';

export interface EnsureProps {
  /** What it is called in the API, for example `Solution`: CreateSolution, DescribeSolution, SolutionArn. */
  readonly type: string;
  /** JSONata of the list of planned resources. */
  readonly items: string;
  readonly resources: string[];
  /** Schemas are there at once and have no status. @default true */
  readonly hasStatus?: boolean;
  /** @default 10 minutes */
  readonly deadline?: Duration;
  /** @default 15 seconds */
  readonly every?: Duration;
  /** One whose creation failed in an earlier run is deleted and made anew: its cause may be gone. @default false */
  readonly remake?: boolean;
  /** One that was stopped is started again. @default false */
  readonly restart?: boolean;
}

/** The path that one resource takes: describe, create if missing, wait until it is ACTIVE. `arn` and `create` are JSONata. */
export function createOrAdopt(step: Step, props: EnsureProps & { arn: string; create: string }): Path {
  const { type, resources } = props;
  const member = type.charAt(0).toLowerCase() + type.slice(1);
  const done = Pass.jsonata(step, `${step.name}: ${member} is there`);
  const look = personalizeCall(step, `look for ${member}`, {
    action: `describe${type}`,
    parameters: { [`${type}Arn`]: `{% ${props.arn} %}` },
    resources,
  });
  const create = personalizeCall(step, `create ${member}`, {
    action: `create${type}`,
    // The plan holds all parameters of the call as one object; an expression may stand for the whole.
    parameters: `{% ${props.create} %}` as unknown as Record<string, unknown>,
    resources,
    alsoRetry: ['Personalize.LimitExceededException', 'Personalize.ResourceInUseException'],
  });
  if (props.hasStatus === false) {
    look.addCatch(create, {
      errors: ['Personalize.ResourceNotFoundException'],
      outputs: '{% $states.input %}',
    });
    create.addCatch(done, {
      errors: ['Personalize.ResourceAlreadyExistsException'],
      outputs: '{% $states.input %}',
    });
    step.guard(look).next(done);
    step.guard(create).next(done);
    return { start: look, done };
  }
  const restart =
    props.restart &&
    personalizeCall(step, `start ${member}`, {
      action: `start${type}`,
      parameters: { [`${type}Arn`]: `{% ${props.arn} %}` },
      resources,
      alsoRetry: ['Personalize.ResourceInUseException'],
    });
  const active = waitUntilActive(step, {
    id: member,
    describe: `describe${type}`,
    parameter: `${type}Arn`,
    arn: props.arn,
    resources,
    status: `$states.result.${type}.Status`,
    reason: `$states.input.${type}.FailureReason`,
    every: props.every ?? Duration.seconds(15),
    deadline: props.deadline ?? Duration.minutes(10),
    whenGone: create,
    ...(restart && { whenInactive: restart }),
  });
  if (restart) step.guard(restart).next(active.start);
  look.addCatch(create, {
    errors: ['Personalize.ResourceNotFoundException'],
    outputs: '{% $states.input %}',
  });
  create.addCatch(active.start, {
    errors: ['Personalize.ResourceAlreadyExistsException'],
    outputs: '{% $states.input %}',
  });
  step.guard(look).next(props.remake ? unlessFailed(step, props, member, active.start) : active.start);
  step.guard(create).next(active.start);
  active.done.next(done);
  return { start: look, done };
}

/** Goes on to `wait`, which makes what it finds gone; deletes before what an earlier run could not make. */
function unlessFailed(
  step: Step,
  { type, arn, resources }: EnsureProps & { arn: string },
  member: string,
  wait: Path['start'],
): IChainable {
  const remove = personalizeCall(step, `delete failed ${member}`, {
    action: `delete${type}`,
    parameters: { [`${type}Arn`]: `{% ${arn} %}` },
    resources,
  });
  remove.addCatch(wait, { errors: ['Personalize.ResourceNotFoundException'] });
  step.guard(remove).next(wait);
  const didFail = `$states.input.${type}.Status = 'CREATE FAILED'`;
  return step.choose(`did ${member} fail before?`, didFail, remove, wait);
}

/** All of a list, one after the other: creations share a rate of one request a second. */
export function ensureAll(step: Step, props: EnsureProps): Path {
  const name = `${props.type.charAt(0).toLowerCase()}${props.type.slice(1)}s`;
  const inside = step.inside(`one of ${name}`);
  const one = createOrAdopt(inside, { ...props, arn: '$planned.arn', create: '$planned.create' });
  const remember = Pass.jsonata(inside, `${step.name}: next of ${name}`, {
    assign: { planned: '{% $states.input %}' },
  });
  const each = MapState.jsonata(step, `${step.name}: each of ${name}`, {
    items: ProvideItems.jsonata(`{% ${props.items} %}`),
    maxConcurrency: 1,
    outputs: '{% $states.input %}',
  });
  each.itemProcessor(remember.next(one.start));
  return { start: each, done: each };
}
