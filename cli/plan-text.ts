// A plan as people read it: what would be done in which order and why, what differs, what it costs, what it waits for.
import type { Action, Difference, Plan, Problem } from '../lambda/controller/actions';

const HOURS_OF_30_DAYS = 720;

const dollars = (perHour: number): string =>
  `${perHour.toFixed(2)} US dollars an hour (${(perHour * HOURS_OF_30_DAYS).toFixed(0)} in 30 days)`;

const value = (given: unknown): string => (given === undefined ? 'nothing' : JSON.stringify(given));

const difference = ({ what, from, to }: Difference): string => `      ${what}: ${value(from)} → ${value(to)}`;

/** @param awaited what the whole group waits for: it stands below, once */
function actionText(action: Action, awaited: readonly string[]): string {
  const { verb, resource, reason, differences, deletes, replaces, pricePerHour } = action;
  const after = action.after.filter((each) => !awaited.includes(each));
  const price = pricePerHour === 0 ? '' : `  [${pricePerHour > 0 ? '+' : ''}${pricePerHour.toFixed(2)} $/h]`;
  return [
    `  ${verb} ${resource.kind} ${resource.name}${price}`,
    `      ${reason}`,
    ...differences.map(difference),
    ...(replaces ? [`      in place of ${replaces.kind} ${replaces.name}`] : []),
    ...deletes.map(({ kind, name }) => `      goes with it: ${kind} ${name}`),
    ...(after.length > 0 ? [`      after: ${after.join(', ')}`] : []),
  ].join('\n');
}

const problem = ({ code, reason, advice, differences }: Problem): string =>
  [`  ${code}: ${reason}`, ...differences.map(difference), `      ${advice}`].join('\n');

export function planText(
  datasetGroup: string,
  { actions, waiting, problems, next, pricePerHour }: Plan,
): string {
  const { now, after } = pricePerHour;
  const awaited = waiting.map(({ message }) => message);
  const section = (title: string, lines: readonly string[]) => (lines.length > 0 ? [title, ...lines] : []);
  return [
    `Dataset group ${datasetGroup}`,
    ...(actions.length === 0
      ? ['  nothing is to be done']
      : actions.map((each) => actionText(each, awaited))),
    ...section(
      'Waits for',
      waiting.map(({ message, until }) => `  ${message}${until ? `, until ${until}` : ''}`),
    ),
    ...section('Not as declared, a person has to do something', problems.map(problem)),
    ...(next ? [`Next: ${next.what}, ${next.at}`] : []),
    now === after ? `Billed: ${dollars(now)}` : `Billed: ${dollars(now)} → ${dollars(after)}`,
  ].join('\n');
}
