// An evaluation as tables and as a report.
import { type Language, type Say, speaker } from '../language';
import { barsChart } from '../report/charts';
import { escaped, htmlTable, reportPage } from '../report/page';
import { textTable } from '../table';
import type { Drift } from './drift';
import type { SystemResult } from './evaluation';
import type { Segment } from './held-out';
import { CUT_OFFS, type Estimate, intervalOf, METRIC_KEYS, type MetricKey } from './metrics';

const number = (value: number): string => value.toFixed(4);
const withInterval = (estimate: Estimate): string =>
  `${number(estimate.mean)} ± ${number(1.96 * estimate.standardError)}`;

const segmentName = (segment: Segment, say: Say): string =>
  ({
    all: say('all users', '모든 사용자'),
    few: say('few interactions', '상호작용 적음'),
    some: say('some interactions', '상호작용 보통'),
    many: say('many interactions', '상호작용 많음'),
    'new users': say('new users', '새 사용자'),
    'cold items': say('cold items', '콜드 항목'),
  })[segment];

const metricsOf = (system: SystemResult, segment: Segment) =>
  system.segments.find((each) => each.segment === segment)?.metrics;

const allTable = (systems: readonly SystemResult[], say: Say) => ({
  header: [say('system', '시스템'), ...METRIC_KEYS, ...CUT_OFFS.map((k) => `coverage@${k}`)],
  rows: systems.map((system) => [
    system.name,
    ...METRIC_KEYS.map((key) => number(metricsOf(system, 'all')?.[key].mean ?? 0)),
    ...CUT_OFFS.map((k) => number(system.coverage[k])),
  ]),
});

function segmentsTable(systems: readonly SystemResult[], metric: MetricKey, say: Say) {
  const segments = systems[0]?.segments ?? [];
  return {
    header: [metric, ...segments.map(({ segment, users }) => `${segmentName(segment, say)} (${users})`)],
    rows: systems.map((system) => [
      system.name,
      ...segments.map(({ segment }) => {
        const estimate = metricsOf(system, segment)?.[metric];
        return estimate ? withInterval(estimate) : '–';
      }),
    ]),
  };
}

const driftTable = (drift: readonly Drift[], say: Say) => ({
  header: [
    say('system', '시스템'),
    say('before', '이전'),
    say('now', '현재'),
    say('difference, 95 %', '차이, 95 %'),
    '',
  ],
  rows: drift.map(({ name, before, now, interval, isWorse }) => [
    name,
    number(before),
    number(now),
    `[${interval.map(number).join(', ')}]`,
    isWorse ? say('worse', '나빠짐') : say('not worse', '나빠지지 않음'),
  ]),
});

export interface Told {
  readonly systems: readonly SystemResult[];
  readonly metric: MetricKey;
  readonly drift?: readonly Drift[];
}

export function evaluationText({ systems, metric, drift }: Told, language: Language): string {
  const say = speaker(language);
  const [all, bySegment] = [allTable(systems, say), segmentsTable(systems, metric, say)];
  const change = drift && driftTable(drift, say);
  return [
    textTable(all.header, all.rows),
    textTable(bySegment.header, bySegment.rows),
    ...(change ? [textTable(change.header, change.rows)] : []),
    say(
      '± is half of the 95 % interval, users being drawn by chance.',
      '±는 사용자를 무작위로 뽑았을 때 95 % 신뢰 구간의 절반입니다.',
    ),
  ].join('\n\n');
}

export function evaluationReport({ systems, metric, drift }: Told, language: Language): string {
  const say = speaker(language);
  const bars = (key: MetricKey) =>
    systems.flatMap((system) => {
      const estimate = metricsOf(system, 'all')?.[key];
      return estimate ? [{ label: system.name, value: estimate.mean, interval: intervalOf(estimate) }] : [];
    });
  const charts = [metric, ...METRIC_KEYS.filter((key) => key.endsWith('@10') && key !== metric)].map((key) =>
    barsChart({
      title: say(`${key}, with 95 % intervals`, `${key}, 95 % 신뢰 구간`),
      bars: bars(key),
      format: number,
    }),
  );
  return reportPage(
    language,
    say('Evaluation on what was held out', '홀드아웃 데이터로 평가'),
    [
      `<p>${escaped(say(`Users: ${systems[0]?.segments[0]?.users ?? 0}.`, `사용자 수: ${systems[0]?.segments[0]?.users ?? 0}.`))}</p>`,
      ...charts,
      htmlTable({ caption: say('All metrics', '모든 지표'), ...allTable(systems, say) }),
      htmlTable({
        caption: say('By activity, and for cold items', '활동량별, 콜드 항목별'),
        ...segmentsTable(systems, metric, say),
      }),
      ...(drift
        ? [
            htmlTable({
              caption: say('Against the earlier evaluation', '이전 평가와 비교'),
              ...driftTable(drift, say),
            }),
          ]
        : []),
    ].join('\n'),
  );
}
