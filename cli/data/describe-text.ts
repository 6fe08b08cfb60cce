// What data describe found, as tables of a terminal, and as a report with charts.
import type { Language, Say } from '../language';
import { speaker } from '../language';
import { columnsChart } from '../report/charts';
import { escaped, htmlTable, reportPage } from '../report/page';
import { textTable } from '../table';
import type { FileDescription } from './describe';
import { isRight, kindName } from './describe';
import type { InteractionsSummary } from './interactions';
import type { Activity } from './quantiles';

type Row = readonly [string, string];

const whole = (value: number): string => value.toLocaleString('en');
const decimal = (value: number): string => value.toLocaleString('en', { maximumFractionDigits: 1 });
const day = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 10);
const time = (seconds: number): string =>
  new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ');

function facts({ rows, interactions, problems }: FileDescription, say: Say): Row[] {
  const first: Row[] = [
    [say('rows', '행'), whole(rows)],
    [say('wrong rows', '잘못된 행'), whole(problems.count)],
  ];
  if (!interactions) return first;
  const { users, items, sparsity, usersWithTwo, from, to, duplicates, newItems, isOrdered } = interactions;
  return [
    ...first,
    [say('users', '사용자'), whole(users)],
    [say('users with two interactions or more', '상호작용이 2개 이상인 사용자'), whole(usersWithTwo)],
    [say('items', '항목'), whole(items)],
    [say('sparsity', '희소성'), `${(100 * sparsity).toFixed(3)} %`],
    [say('first interaction (UTC)', '첫 상호작용 (UTC)'), time(from)],
    [say('last interaction (UTC)', '마지막 상호작용 (UTC)'), time(to)],
    [say('duplicates', '중복'), whole(duplicates)],
    [
      say('items new in the last tenth of the time', '마지막 10분의 1 기간에 처음 나온 항목'),
      whole(newItems),
    ],
    [say('in order of time', '시간 순서'), isOrdered ? say('yes', '예') : say('no', '아니요')],
  ];
}

const activityRow = (name: string, activity: Activity): string[] => {
  const { minimum, p25, median, p75, p95, maximum, mean } = activity;
  return [name, ...[minimum, p25, median, p75, p95, maximum].map(whole), decimal(mean)];
};

const activityTable = ({ userActivity, itemActivity }: InteractionsSummary, say: Say) => ({
  header: [
    say('interactions of one', '하나당 상호작용 수'),
    say('least', '최소'),
    '25 %',
    say('median', '중앙값'),
    '75 %',
    '95 %',
    say('most', '최대'),
    say('mean', '평균'),
  ],
  rows: [activityRow(say('user', '사용자'), userActivity), activityRow(say('item', '항목'), itemActivity)],
});

const columnsTable = ({ columns }: FileDescription, say: Say) => ({
  header: [say('column', '열'), say('empty', '빈 값'), say('values', '값의 종류'), say('for example', '예')],
  rows: columns.map(({ name, empty, values, examples }) => [
    name,
    whole(empty),
    whole(values),
    examples.join(', '),
  ]),
});

const againstLines = ({ against }: FileDescription, say: Say): string[] =>
  against.map(({ file, what, onlyHere, onlyThere }) => {
    const [english, korean] = what === 'users' ? ['users', '사용자'] : ['items', '항목'];
    return say(
      `${whole(onlyHere)} ${english} are not in ${file}, ${whole(onlyThere)} of ${file} are not here`,
      `${file}에 없는 ${korean} ${whole(onlyHere)}, 여기에 없는 ${file}의 ${korean} ${whole(onlyThere)}`,
    );
  });

const faults = ({ problems: { count, first }, refusals }: FileDescription): string[] => [
  ...first,
  ...(count > first.length ? [`… +${whole(count - first.length)}`] : []),
  ...refusals,
];

function verdict(description: FileDescription, say: Say): string {
  return isRight(description)
    ? say('Amazon Personalize would take this file.', '이 파일은 Amazon Personalize가 받아들입니다.')
    : say('Amazon Personalize would refuse this file:', '이 파일은 Amazon Personalize가 거부합니다:');
}

const headline = ({ file, kind }: FileDescription): string => `${file} (${kindName(kind)})`;

export function describeText(descriptions: readonly FileDescription[], language: Language): string {
  const say = speaker(language);
  const sections = descriptions.map((description) => {
    const { interactions, columns } = description;
    const activity = interactions && activityTable(interactions, say);
    const own = columnsTable(description, say);
    return [
      headline(description),
      textTable([say('what', '내용'), ''], facts(description, say)),
      ...(activity ? [textTable(activity.header, activity.rows)] : []),
      ...(columns.length > 0 ? [textTable(own.header, own.rows)] : []),
      [...againstLines(description, say), verdict(description, say), ...faults(description)].join('\n'),
    ].join('\n\n');
  });
  return sections.join('\n\n');
}

const histogram = (title: string, { histogram: bins }: Activity): string =>
  columnsChart({
    title,
    bars: bins.map(({ from, to, count }) => ({
      label: from === to ? String(from) : `${from}–${to}`,
      value: count,
    })),
  });

function charts(
  { userActivity, itemActivity, overTime, eventTypes }: InteractionsSummary,
  say: Say,
): string[] {
  return [
    histogram(say('Users by their number of interactions', '상호작용 수별 사용자 수'), userActivity),
    histogram(say('Items by their number of interactions', '상호작용 수별 항목 수'), itemActivity),
    columnsChart({
      title: say('Interactions over time', '기간별 상호작용 수'),
      bars: overTime.map(({ from, count }) => ({ label: day(from), value: count })),
    }),
    ...(eventTypes.length > 0
      ? [
          columnsChart({
            title: say('Interactions by event type', '이벤트 유형별 상호작용 수'),
            bars: eventTypes.slice(0, 10).map(({ value, count }) => ({ label: value, value: count })),
          }),
        ]
      : []),
  ];
}

export function describeReport(descriptions: readonly FileDescription[], language: Language): string {
  const say = speaker(language);
  const sections = descriptions.map((description) => {
    const { interactions, columns, schema } = description;
    const found = faults(description);
    const caption = say('Figures', '수치');
    return [
      `<h2>${escaped(headline(description))}</h2>`,
      `<p${isRight(description) ? '' : ' class="bad"'}>${escaped(verdict(description, say))}</p>`,
      ...(found.length > 0 ? [`<ul>${found.map((line) => `<li>${escaped(line)}</li>`).join('')}</ul>`] : []),
      htmlTable({
        caption,
        header: [say('what', '내용'), say('figure', '값')],
        rows: facts(description, say),
      }),
      ...(interactions
        ? [
            `<h3>${escaped(say('Activity', '활동'))}</h3>`,
            htmlTable({
              caption: say('Quantiles of activity', '활동의 분위수'),
              ...activityTable(interactions, say),
            }),
            ...charts(interactions, say),
          ]
        : []),
      ...(columns.length > 0
        ? [htmlTable({ caption: say('Other columns', '다른 열'), ...columnsTable(description, say) })]
        : []),
      ...againstLines(description, say).map((line) => `<p>${escaped(line)}</p>`),
      `<h3>${escaped(say('Schema', '스키마'))}</h3>`,
      `<pre tabindex="0">${escaped(JSON.stringify(schema, null, 2))}</pre>`,
    ].join('\n');
  });
  return reportPage(language, say('The data', '데이터'), sections.join('\n'));
}
