// The quality gate's verdict: what is refused, what is left to chance, and what is not compared at all.
import { judge as judgeVersion } from '../../../lambda/controller/verdict';

interface Situation {
  readonly value?: number;
  readonly baseline?: number | null;
  readonly served?: number | null;
  readonly testUsers?: number;
  readonly standardErrors?: number;
}

const metric = 'normalized_discounted_cumulative_gain_at_25';

const metrics = (value: number | null | undefined) =>
  typeof value === 'number' ? { [metric]: value } : undefined;

function judge({ value, baseline, served, testUsers, standardErrors = 1.645 }: Situation) {
  const gate = { metric, minimumRatioToBaseline: 1, minimumRatioToServed: 0.95, standardErrors };
  return judgeVersion(gate, {
    ...{ version: metrics(value) ?? {}, baseline: metrics(baseline), served: metrics(served), testUsers },
  });
}

const cases: readonly (readonly [string, Situation, boolean, string])[] = [
  ['at least the baseline', { value: 0.3, baseline: 0.3 }, true, 'good enough'],
  ['as good as the bar to the version in service', { value: 0.96, served: 1 }, true, 'good enough'],
  ['nothing to compare with', { value: 0 }, true, 'good enough'],
  ['no metrics', { baseline: 0.3, served: 0.3, testUsers: 3 }, true, 'this training has no metrics'],
  [
    'below the baseline, test users unknown',
    { value: 0.29, baseline: 0.3 },
    false,
    'below 1 times the baseline',
  ],
  [
    'below the version in service, test users unknown',
    { value: 0.2, baseline: 0.1, served: 0.3 },
    false,
    'below 0.95 times the version in service',
  ],
  [
    'the first model of 25 people, whose three test users hit nothing',
    { value: 0, baseline: 0.033, testUsers: 3 },
    true,
    'below 1 times the baseline, within chance',
  ],
  [
    'a little below the version in service, ten test users',
    { value: 0.25, baseline: 0.1, served: 0.3, testUsers: 10 },
    true,
    'below 0.95 times the version in service, within chance',
  ],
  [
    'broken, 30 test users',
    { value: 0.03, baseline: 0.2, testUsers: 30 },
    false,
    'below 1 times the baseline',
  ],
  [
    'clearly worse, 1,000 test users',
    { value: 0.2, baseline: 0.1, served: 0.3, testUsers: 1000 },
    false,
    'below 0.95 times the version in service',
  ],
  [
    'within chance of the baseline, clearly below the version in service',
    { value: 0.19, baseline: 0.2, served: 0.5, testUsers: 40 },
    false,
    'below 0.95 times the version in service',
  ],
  [
    'no doubt asked for',
    { value: 0.29, baseline: 0.3, testUsers: 3, standardErrors: 0 },
    false,
    'below 1 times the baseline',
  ],
];

test.each(cases)('%s', async (_, situation, passed, why) => {
  expect(await judge(situation)).toMatchObject({ passed, why });
});

test('the verdict carries what was compared', async () => {
  expect(await judge({ value: 0.4, baseline: 0.2, testUsers: 3 })).toEqual({
    passed: true,
    why: 'good enough',
    metric,
    value: 0.4,
    baseline: 0.2,
    served: null,
    testUsers: 3,
  });
  expect(await judge({ value: 0.4 })).toMatchObject({ baseline: null, served: null, testUsers: null });
});
