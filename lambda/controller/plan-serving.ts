// Part of the plan: whether a new version may serve, and the campaigns that serve it.
import { isInProgress } from '../shared/personalize/life-cycle';
import type { Judged, Verdict } from './actions';
import type { ActualCampaign, ActualVersion } from './actual';
import type { DeclaredCampaign, QualityGate } from './declaration';
import { differences } from './differences';
import type { SolutionStanding } from './plan-training';
import { hasFailed, isActive, type Planning } from './planning';
import { pricePerHour } from './prices';
import { judge, testUsersOf } from './verdict';

export function planServing(planning: Planning, standings: readonly SolutionStanding[]): void {
  for (const standing of standings) {
    const candidate = candidateOf(planning, standing, standings);
    for (const campaign of standing.declared.campaigns) planCampaign(planning, standing, campaign, candidate);
  }
}

/** What is to be served: a version; or what has to come before it can be told, in words; or nothing may be. */
type Candidate = { readonly version: ActualVersion } | { readonly after: string } | undefined;

const activeVersions = ({ versions }: SolutionStanding): ActualVersion[] =>
  versions.filter(({ status }) => isActive(status));

function candidateOf(
  planning: Planning,
  standing: SolutionStanding,
  standings: readonly SolutionStanding[],
): Candidate {
  const { declared, isTraining } = standing;
  const versions = activeVersions(standing);
  const [newest] = versions;
  if (!newest) return isTraining ? { after: `training of ${declared.name}` } : undefined;
  const gate = declared.campaigns.length > 0 ? declared.gate : undefined;
  const note = (verdict: Verdict): Judged => ({
    ...{ solution: declared.name, version: newest.arn, metrics: newest.metrics ?? {}, verdict },
  });
  if (!gate) {
    planning.judged.push(
      note({
        passed: true,
        why: declared.campaigns.length > 0 ? 'there is no gate' : 'no campaign serves this solution',
      }),
    );
    return { version: newest };
  }
  const baseline = standings.find((other) => other.declared.name === gate.baseline);
  const served = servedVersion(planning, standing);
  // A version is judged once: what serves has passed, and the first of all waits for the baseline that is trained beside it.
  if (baseline?.isTraining && served !== newest.arn)
    return { after: `training of ${baseline.declared.name}` };
  const verdicts = judgeFrom(planning, gate, versions, baseline && activeVersions(baseline)[0], served);
  const [first] = verdicts;
  if (first) planning.judged.push(note(first.verdict));
  const passed = verdicts.find(({ verdict }) => verdict.passed);
  return passed && { version: passed.version };
}

/** The ARN of what the first campaign serves, or is about to. */
function servedVersion(planning: Planning, { declared }: SolutionStanding): string | undefined {
  const campaign = planning.actual.campaigns.find(({ name }) => name === declared.campaigns[0]?.name);
  return campaign && !hasFailed(campaign.status)
    ? (targetOf(campaign) ?? campaign.solutionVersionArn)
    : undefined;
}

/** The newest, and the one in service; where none is, older ones may serve when newer ones may not. */
function judgeFrom(
  planning: Planning,
  gate: QualityGate,
  versions: readonly ActualVersion[],
  baseline: ActualVersion | undefined,
  served: string | undefined,
) {
  const testUsers = testUsersOf(planning.actual.progress);
  const inService = versions.find(({ arn }) => arn === served);
  const [newest, ...older] = versions;
  const list: { readonly version: ActualVersion; readonly verdict: Verdict }[] = [];
  for (const version of [...(newest ? [newest] : []), ...(inService ? [inService] : older)]) {
    const isServed = version === inService;
    // Of what was not read nothing can be said.
    if (version !== newest && !isServed && version.metrics === undefined) break;
    const verdict = judge(gate, {
      ...{ version: version.metrics, baseline: baseline?.metrics, testUsers },
      served: isServed ? undefined : inService?.metrics,
    });
    list.push({ version, verdict: isServed ? { ...verdict, passed: true } : verdict });
  }
  return list;
}

/** The version of an update that is under way, or that failed. */
const targetOf = ({ update }: ActualCampaign): string | undefined =>
  update && (isInProgress(update.status) || isActive(update.status)) ? update.solutionVersionArn : undefined;

function planCampaign(
  planning: Planning,
  standing: SolutionStanding,
  campaign: DeclaredCampaign,
  candidate: Candidate,
): void {
  const { actual } = planning;
  const { name, source, tags, ...settings } = campaign;
  const there = actual.campaigns.find((each) => each.name === name);
  const price = pricePerHour(standing.declared.settings.recipeArn, campaign.minProvisionedTPS ?? 1);
  const at = { step: 'serve', kind: 'campaign', name, source } as const;
  if (there && (isInProgress(there.status) || (there.update && isInProgress(there.update.status)))) {
    planning.waitForService(at, isInProgress(there.status) ? there : (there.update ?? there));
    return;
  }
  const isSynced = campaign.campaignConfig?.syncWithLatestSolutionVersion === true;
  const version = candidate && 'version' in candidate ? candidate.version : undefined;
  const target = version && (isSynced ? `${standing.there?.arn}/$LATEST` : version.arn);
  if (!there) {
    if (!candidate) return;
    planning.act({
      ...{ ...at, verb: 'create', pricePerHour: price, reason: 'it is declared and not there' },
      after: 'after' in candidate ? [candidate.after] : [],
      operation: 'CreateCampaign',
      input: { name, ...settings, solutionVersionArn: target, tags: planning.tags(tags) },
    });
    return;
  }
  const changed = [
    ...differences(settings, there),
    ...(target !== undefined && target !== there.solutionVersionArn
      ? [{ what: 'solutionVersionArn', from: there.solutionVersionArn, to: target }]
      : []),
  ];
  // One that could not be made serves nobody, and an update to the same version would be refused: it is made anew.
  if (!there.update && !planning.isUsable(at, there)) return;
  if (changed.length === 0) return;
  const failure = failureOf(there);
  const id = `update campaign ${name}`;
  if (failure && !planning.mayRepeat(at, failure, { id })) return;
  planning.act({
    ...{ ...at, verb: 'update', differences: changed, isRetry: failure !== undefined },
    reason: failure ? 'what was tried before failed' : reasonFor(changed),
    pricePerHour: price - pricePerHour(standing.declared.settings.recipeArn, there.minProvisionedTPS ?? 1),
    operation: 'UpdateCampaign',
    input: { campaignArn: there.arn, ...settings, solutionVersionArn: target ?? there.solutionVersionArn },
  });
}

const reasonFor = (changed: readonly { readonly what: string }[]): string =>
  changed.some(({ what }) => what === 'solutionVersionArn')
    ? 'a newer version may serve'
    : 'it is declared otherwise';

/** Of the update that came last: the version before goes on serving. */
function failureOf({ update }: ActualCampaign) {
  return update && hasFailed(update.status) ? { ...update, at: update.createdAt } : undefined;
}
