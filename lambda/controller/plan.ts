// The plan: what has to be done so that a dataset group is what is declared for it. Pure: the same declaration, the same things there
// and the same time give the same plan. The controller does what it says, `gallery plan` shows it.
import type { Plan } from './actions';
import type { Actual } from './actual';
import type { Declaration } from './declaration';
import { planBatchJobs } from './plan-batch';
import { planImports } from './plan-imports';
import { planRecommenders, priceOf } from './plan-recommenders';
import { planRemoval } from './plan-removal';
import { datasetsNeeded, planResources } from './plan-resources';
import { planServing } from './plan-serving';
import { planTraining } from './plan-training';
import { type Asked, nothingAsked, Planning } from './planning';
import { pricePerHour } from './prices';

/**
 * @param now milliseconds since 1970
 * @param asked what people asked for besides: a training, a stop, pauses
 */
export function plan(
  declaration: Declaration,
  actual: Actual,
  now: number,
  asked: Asked = nothingAsked,
): Plan {
  const planning = new Planning(declaration, actual, now, asked);
  if (declaration.sources.length > 0) {
    planResources(planning);
    const dataNeeded = [...datasetsNeeded(planning), ...planImports(planning)];
    planRecommenders(planning, dataNeeded);
    const standings = planTraining(planning, dataNeeded);
    planServing(planning, standings);
    planBatchJobs(planning, standings);
  }
  planRemoval(planning);
  const { actions, waiting, problems, judged, upcoming } = planning;
  const files = waiting.filter((each) => each.for === 'files').map(({ message }) => message);
  const [next] = upcoming.sort((a, b) => a.at - b.at);
  return {
    // Nothing is made for a group whose data are not there.
    actions:
      actual.datasetGroup || files.length === 0 ? actions : actions.map((action) => held(action, files)),
    ...{ waiting, problems, judged },
    ...(next && { next: { at: new Date(next.at).toISOString(), what: next.what } }),
    pricePerHour: prices(actual, actions),
  };
}

function held(
  { call: _, ...action }: Plan['actions'][number],
  files: readonly string[],
): Plan['actions'][number] {
  return { ...action, after: [...files, ...action.after] };
}

function prices(
  { campaigns, recommenders, solutions }: Actual,
  actions: Plan['actions'],
): Plan['pricePerHour'] {
  const recipe = (name: string) => solutions.find((solution) => solution.name === name)?.recipeArn;
  const now = [
    ...campaigns
      .filter(({ status }) => status === 'ACTIVE')
      .map(({ solution, minProvisionedTPS = 1 }) => pricePerHour(recipe(solution), minProvisionedTPS)),
    ...recommenders
      .filter(({ status }) => status === 'ACTIVE')
      .map(({ recipeArn, recommenderConfig }) => priceOf(recipeArn, recommenderConfig)),
  ].reduce((sum, price) => sum + price, 0);
  return { now, after: actions.reduce((sum, action) => sum + action.pricePerHour, now) };
}
