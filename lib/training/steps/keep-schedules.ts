// The schedules of configuration files: each run with a file makes those that are missing and removes those that the file names no
// more. A schedule is never changed: its name ends with a hash of all that it is, so that the one that is there is the right one.
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Map as MapState, Pass, ProvideItems } from 'aws-cdk-lib/aws-stepfunctions';
import { CallAwsService } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { FileSchedules } from '../file-schedules';
import { ANY } from './arns';
import type { Step } from './failure';
import { oneLine } from './jsonata';
import { inOrder, type Path } from './personalize-call';
import { transient } from './transient';

/** JSONata of what the names of a file's schedules begin with: its own name, as far as a schedule's may have it, and a hash of its key. */
export const schedulePrefix = (key: string): string =>
  oneLine(`$substring($replace(${key}, /^.*\\/|[^A-Za-z0-9_.\\-]/, ''), 0, 40)
    & '-' & $substring($hash(${key}, 'SHA-256'), 0, 8) & '-'`);

/**
 * Reads `$request` (the input of the execution, with a configuration key) and `$schedulePrefix`.
 *
 * @param wanted JSONata of a list of PlannedSchedule
 */
export function keepSchedules(step: Step, schedules: FileSchedules, wanted: string): Path {
  return inOrder(
    listSchedules(step, schedules, wanted),
    makeMissing(step, schedules),
    removeStale(step, schedules),
  );
}

function listSchedules(step: Step, { groupName, role, missed }: FileSchedules, wanted: string): Path {
  const list = step.guard(
    call(step, 'list', {
      action: 'listSchedules',
      // Lists know no resource (Service Authorization Reference, Amazon EventBridge Scheduler).
      resources: ANY,
      // A file has fewer schedules than a page (lambda/shared/configuration/consistency.ts), the version before it included.
      parameters: { GroupName: groupName, NamePrefix: '{% $schedulePrefix %}', MaxResults: 100 },
      outputs: `{% ${oneLine(`(
        $present := $states.result.Schedules.Name;
        $wanted := [$map(${wanted}, function($s) { $merge([$s, {'name': $schedulePrefix & $substring($hash(
          $string([$s.expression, $s.description, '${role.roleArn}', '${missed.queueArn}']), 'SHA-256'), 0, 8)}]) })];
        {'missing': [$wanted[$not(name in $present)]], 'stale': [$present[$not($ in $wanted.name)]]}
      )`)} %}`,
    }),
  );
  return { start: list, done: list };
}

function makeMissing(outer: Step, { groupName, scheduleArns, role, missed }: FileSchedules): Path {
  const step = outer.inside('missing schedule');
  const create = call(step, 'create', {
    action: 'createSchedule',
    resources: [scheduleArns],
    parameters: `{% ${oneLine(`$merge([
      $exists($states.input.startDate) ? {'StartDate': $states.input.startDate} : {},
      {
        'GroupName': '${groupName}',
        'Name': $states.input.name,
        'Description': $states.input.description,
        'ScheduleExpression': $states.input.expression,
        'FlexibleTimeWindow': {'Mode': 'OFF'},
        'Target': {
          'Arn': $states.context.StateMachine.Id,
          'RoleArn': '${role.roleArn}',
          'DeadLetterConfig': {'Arn': '${missed.queueArn}'},
          'Input': $string({
            'reason': 'schedule',
            'configurationKey': $request.configurationKey,
            'schedule': $states.input.expression
          })
        }
      }
    ])`)} %}` as unknown as Record<string, unknown>,
    alsoAllow: new PolicyStatement({
      actions: ['iam:PassRole'],
      resources: [role.roleArn],
      conditions: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
    }),
  });
  return forEach(outer, step, 'missing', create, 'Scheduler.ConflictException');
}

function removeStale(outer: Step, { groupName, scheduleArns }: FileSchedules): Path {
  const step = outer.inside('stale schedule');
  const remove = call(step, 'delete', {
    action: 'deleteSchedule',
    resources: [scheduleArns],
    parameters: { GroupName: groupName, Name: '{% $states.input %}' },
  });
  return forEach(outer, step, 'stale', remove, 'Scheduler.ResourceNotFoundException');
}

/** @param settled the error that says that somebody else has done it already */
function forEach(outer: Step, step: Step, member: string, task: CallAwsService, settled: string): Path {
  const done = Pass.jsonata(step, `${step.name}: ${member} one is settled`);
  task.addCatch(done, { errors: [settled] });
  step.guard(task).next(done);
  const each = MapState.jsonata(outer, `${outer.name}: each ${member} one`, {
    items: ProvideItems.jsonata(`{% $states.input.${member} %}`),
    maxConcurrency: 1,
    outputs: '{% $states.input %}',
  });
  each.itemProcessor(task);
  return { start: each, done: each };
}

interface SchedulerCall {
  readonly action: 'listSchedules' | 'createSchedule' | 'deleteSchedule';
  readonly resources: string[];
  readonly parameters: Record<string, unknown>;
  readonly outputs?: string;
  readonly alsoAllow?: PolicyStatement;
}

function call(step: Step, id: string, props: SchedulerCall): CallAwsService {
  const task = CallAwsService.jsonata(step, `${step.name}: ${id}`, {
    service: 'scheduler',
    action: props.action,
    iamResources: props.resources,
    parameters: props.parameters,
    ...(props.outputs && { outputs: props.outputs }),
    ...(props.alsoAllow && { additionalIamStatements: [props.alsoAllow] }),
  });
  task.addRetry({
    errors: [...transient('Scheduler'), 'Scheduler.InternalServerException'],
    maxAttempts: 6,
    backoffRate: 2,
  });
  return task;
}
