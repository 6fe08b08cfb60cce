// What a configuration names besides solutions: its own dataset group with its datasets, filters, and recommenders. For the gallery's
// own group, which the stacks make, most lists are empty.
import { Duration } from 'aws-cdk-lib';
import { Choice, Condition, Map as MapState, Pass, ProvideItems } from 'aws-cdk-lib/aws-stepfunctions';
import { ANY, personalizeArns } from './arns';
import { ensureAll } from './ensure';
import type { Step } from './failure';
import { inOrder, type Path, personalizeCall } from './personalize-call';

export function makeResources(step: Step): Path {
  const group = personalizeArns(step, 'dataset-group');
  return inOrder(
    ensureAll(step, {
      type: 'DatasetGroup',
      items: '$plan.datasetGroups',
      resources: group,
      remake: true,
    }),
    ensureAll(step, {
      type: 'Schema',
      items: '$plan.schemas',
      resources: personalizeArns(step, 'schema'),
      hasStatus: false,
    }),
    ensureAll(step, {
      type: 'Dataset',
      items: '$plan.datasets',
      resources: [...group, ...personalizeArns(step, 'dataset', 'schema')],
    }),
    ensureTrackers(step),
    ensureAll(step, {
      type: 'Filter',
      items: '$plan.filters',
      resources: [...group, ...personalizeArns(step, 'filter')],
      deadline: Duration.minutes(20),
      remake: true,
    }),
  );
}

/** A recommender is trained when it is made, so the data are there before it; later it trains itself, once a week. */
export function makeRecommenders(step: Step): Path {
  return ensureAll(step, {
    type: 'Recommender',
    items: '$plan.recommenders',
    resources: personalizeArns(step, 'dataset-group', 'recommender'),
    deadline: Duration.hours(24),
    every: Duration.seconds(60),
    remake: true,
    restart: true,
  });
}

/** A dataset group has one tracker, and its ARN holds a random id: the group's list tells whether there is one. */
function ensureTrackers(outer: Step): Path {
  const step = outer.inside('tracker');
  const list = step.guard(
    personalizeCall(step, 'list trackers', {
      action: 'listEventTrackers',
      parameters: { DatasetGroupArn: '{% $plan.datasetGroup.arn %}' },
      resources: ANY,
      assign: { trackers: '{% $count($states.result.EventTrackers) %}' },
    }),
  );
  const create = step.guard(
    personalizeCall(step, 'create tracker', {
      action: 'createEventTracker',
      parameters: '{% $planned.create %}' as unknown as Record<string, unknown>,
      resources: personalizeArns(step, 'event-tracker', 'dataset-group'),
      alsoRetry: ['Personalize.ResourceInUseException'],
    }),
  );
  const done = Pass.jsonata(step, `${step.name}: tracker is there`);
  const remember = Pass.jsonata(step, `${step.name}: next tracker`, {
    assign: { planned: '{% $states.input %}' },
  });
  remember
    .next(list)
    .next(
      Choice.jsonata(step, `${step.name}: is there a tracker?`)
        .when(Condition.jsonata('{% $trackers = 0 %}'), create.next(done))
        .otherwise(done),
    );
  const each = MapState.jsonata(outer, `${step.name}: each tracker`, {
    items: ProvideItems.jsonata('{% $plan.eventTrackers %}'),
    maxConcurrency: 1,
    outputs: '{% $states.input %}',
  });
  each.itemProcessor(remember);
  return { start: each, done: each };
}
