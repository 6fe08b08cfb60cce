// Whether a new version may serve: its metric against that of the baseline (popularity) and of the version in service.
//
// A metric is a mean over the test users, a tenth of the people (Developer Guide, "Evaluating a solution version with metrics"): in a
// young gallery over two or three of them, and such a mean jumps by chance. So a version is refused only when it is below the bar by
// more than the gate's number of standard errors. Amazon Personalize tells no spread; the largest that values between 0 and 1 with
// mean m can have, a variance of m(1 − m) (Bhatia and Davis, 2000), is taken, so that the doubt is rather too large than too small.
import type { Verdict } from './actions';
import type { Progress } from './actual';
import type { QualityGate } from './declaration';

/**
 * About how many test users Amazon Personalize takes of the people whom it can test, those with two likes or more. Undefined where
 * nobody was counted: the data came another way, and the metrics are compared as they are.
 */
export function testUsersOf(progress: Progress | undefined): number | undefined {
  return progress && progress.qualifiedUsers > 0
    ? Math.max(1, Math.round(progress.qualifiedUsers / 10))
    : undefined;
}

type Metrics = Readonly<Record<string, number>> | undefined;

export interface Compared {
  readonly version: Metrics;
  /** Absent: nothing to compare with. */
  readonly baseline?: Metrics;
  readonly served?: Metrics;
  readonly testUsers?: number;
}

const spread = (mean: number): number => mean * (1 - mean);

export function judge(gate: QualityGate, { version, baseline, served, testUsers }: Compared): Verdict {
  const value = version?.[gate.metric];
  const compare = (other: number | undefined, ratio: number, name: string) => {
    if (value === undefined || other === undefined || value >= other * ratio) return [];
    const doubt =
      testUsers === undefined
        ? 0
        : gate.standardErrors * Math.sqrt((spread(value) + ratio * ratio * spread(other)) / testUsers);
    return [{ isRefused: value < other * ratio - doubt, why: `below ${ratio} times ${name}` }];
  };
  const below = [
    ...compare(baseline?.[gate.metric], gate.minimumRatioToBaseline, 'the baseline'),
    ...compare(served?.[gate.metric], gate.minimumRatioToServed, 'the version in service'),
  ];
  const refused = below.find(({ isRefused }) => isRefused);
  const why = () => {
    if (refused) return refused.why;
    if (below[0]) return `${below[0].why}, within chance`;
    return value === undefined ? 'this training has no metrics' : 'good enough';
  };
  return {
    passed: refused === undefined,
    why: why(),
    metric: gate.metric,
    value: value ?? null,
    baseline: baseline?.[gate.metric] ?? null,
    served: served?.[gate.metric] ?? null,
    testUsers: testUsers ?? null,
  };
}
