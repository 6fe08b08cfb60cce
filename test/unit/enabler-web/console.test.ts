// What the console reads out of runs, what it counts as costs, and how its chart is laid out.

import { axisEnd, spread } from '../../../enabler-web/console/chart';
import { comesNext } from '../../../enabler-web/console/groups';
import { metricLabel } from '../../../enabler-web/console/history';
import {
  failureOf,
  metricNames,
  passedOver,
  progressOf,
  resultOfVersion,
  seriesOf,
  shortName,
  solutionsOf,
} from '../../../enabler-web/console/results';
import { isBilled, verdictText } from '../../../enabler-web/console/serving';
import { axisLabels, duration } from '../../../enabler-web/console/times';
import { en } from '../../../enabler-web/i18n/en';
import { ko } from '../../../enabler-web/i18n/ko';
import {
  campaignsOf,
  failedRun,
  groupsOf,
  runningRun,
  succeededRun,
  versionArn,
} from '../../e2e/pages/fake-pipeline';

const runs = [failedRun(4), succeededRun(3, 0.11), succeededRun(2, 0.29), succeededRun(1, 0.24)];
const NDCG = 'normalized_discounted_cumulative_gain_at_25';

test('a metric over time goes from the oldest run to the newest, failed runs left out', () => {
  const { starts, series } = seriesOf(runs, NDCG);
  expect(starts.map((start) => start.slice(0, 10))).toEqual(['2026-05-01', '2026-05-02', '2026-05-03']);
  const personal = series.find(({ solution }) => solution === 'gallery-personal');
  expect(personal?.points).toEqual([
    { run: 0, value: expect.closeTo(0.22) },
    { run: 1, value: expect.closeTo(0.27) },
    { run: 2, value: expect.closeTo(0.09) },
  ]);
  expect(metricNames(runs)).toContain('coverage');
});

test('a version that serves is found with its run, and the newer one that was not taken beside it', () => {
  const [campaign] = campaignsOf(2);
  if (!campaign) throw new Error('no campaign');
  const found = resultOfVersion(runs, campaign.solutionVersion);
  expect(found?.run).toBe(runs[2]);
  expect(found?.result.verdict.passed).toBe(true);
  expect(passedOver(runs, campaign)?.version).toBe(versionArn('personal', 3));
  expect(passedOver(runs.slice(2), campaign)).toBeUndefined();
});

test.each([undefined, null, 'text', 7, {}, [1, null, { solution: 'x' }]])(
  'a result of another shape (%j) is no solution and no crash',
  (result) => {
    const run = { ...failedRun(1), result };
    expect(solutionsOf(run)).toEqual([]);
    expect(failureOf(run)?.step).toBe('train');
  },
);

test('a run is as far as its steps compared with those of the last success, and never done before its end', () => {
  const running = runningRun('2026-05-05T09:00:00.000Z');
  expect(progressOf(running, runs)).toBeCloseTo(6.5 / 18);
  const late = { ...running, steps: Array(40).fill(running.steps[0]) };
  expect(progressOf(late, runs)).toBe(0.97);
  expect(progressOf(succeededRun(1, 0.2), runs)).toBe(1);
});

test('a campaign is billed from when it is active', () => {
  expect(isBilled({ status: 'ACTIVE' })).toBe(true);
  expect(isBilled({ status: 'CREATE PENDING' })).toBe(false);
});

test('what comes next is what is planned, with what comes first, what a schedule asks for, and the next look', () => {
  const [group] = groupsOf();
  if (!group) throw new Error('no group');
  const words = { text: en, language: 'en' };
  expect(comesNext(group, words)).toEqual([expect.stringMatching(/^looked at again by .* at the latest$/)]);
  const planned = [
    { what: 'create filter seen', after: [] },
    { what: 'create campaign films', after: ['a trained version'] },
  ];
  const next = { what: 'training of films', at: '2026-05-04T03:00:00.000Z' };
  expect(comesNext({ ...group, planned, next }, words).slice(0, 3)).toEqual([
    'create filter seen',
    'create campaign films, after: a trained version',
    expect.stringMatching(/^training of films, by its schedule on May 4/),
  ]);
});

test('verdicts are told in the reader’s language, unknown ones as they are', () => {
  const verdict = { passed: false, why: 'below 0.95 times the version in service', value: 0.1, served: 0.2 };
  expect(verdictText(verdict, en)).toBe(
    'below 0.95 times the version in service (0.100, in service before 0.200)',
  );
  expect(verdictText(verdict, ko)).toBe('서비스 중인 버전의 0.95배보다 낮음 (0.100, 이전 서비스 버전 0.200)');
  const baseline = { passed: false, why: 'below 1 times the baseline' };
  expect(verdictText(baseline, en)).toBe('below the baseline');
  expect(verdictText(baseline, ko)).toBe('기준 모델보다 낮음');
  const lucky = { passed: true, why: 'below 1 times the baseline, within chance', value: 0, testUsers: 3 };
  expect(verdictText(lucky, en)).toBe('below the baseline, but within chance (0.000, about 3 test users)');
  expect(verdictText(lucky, ko)).toBe('기준 모델보다 낮음, 우연일 수 있는 차이 (0.000, 시험 사용자 약 3명)');
  expect(verdictText({ passed: true, why: 'because' }, en)).toBe('because');
});

test.each([
  [0, 1],
  [0.27, 0.32],
  [0.2, 0.2],
  [7, 8],
  [120, 160],
])('an axis for values up to %d ends at %d', (highest, end) => {
  expect(axisEnd(highest)).toBeCloseTo(end);
});

test('labels that would cover each other move apart, in their order', () => {
  expect(spread([50, 10, 52], 18)).toEqual([50, 10, 68]);
});

test('runs of one day are told apart by their time', () => {
  const starts = ['2026-05-01T09:00:00', '2026-05-02T09:00:00', '2026-05-02T16:30:00', '2026-05-03T07:05:00'];
  expect(axisLabels(starts, 'en')).toEqual(['May 1', 'May 2', '16:30', 'May 3']);
});

test('names are short and durations readable', () => {
  expect(shortName('arn:aws:personalize:eu-west-1:1:solution/gallery-personal/ab12')).toBe('ab12');
  expect(metricLabel(NDCG)).toBe('NDCG at 25');
  expect(duration(3_363_000, 'en')).toBe('56m 3s');
  expect(duration(7_260_000, 'en')).toBe('2h 1m');
});
