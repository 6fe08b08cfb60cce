// What the mails say of how a run ended: of which group, at which step, why, and what to do.
import type { Judged, Problem } from './actions';
import { inWords } from './differences';
import type { GroupRow, OpenRun } from './group-row';

export interface Mail {
  readonly subject: string;
  readonly text: string;
}

/** Of SNS (API reference, Publish). */
const MAX_SUBJECT = 100;

const mail = (subject: string, lines: readonly string[]): Mail => ({
  subject: subject.slice(0, MAX_SUBJECT),
  text: lines.join('\n'),
});

const head = ({ datasetGroup }: GroupRow, { reason, startedAt }: OpenRun, now: number): string[] => [
  `Dataset group: ${datasetGroup.name}`,
  `Started by: ${reason}`,
  `Took: ${secondsOf(startedAt, now)} seconds`,
  '',
];

export const secondsOf = (startedAt: string, now: number): number =>
  Math.round((now - Date.parse(startedAt)) / 1000);

export function successMail(row: GroupRow, run: OpenRun, judged: readonly Judged[], now: number): Mail {
  return mail(`Emotion Gallery: training of ${row.datasetGroup.name} succeeded`, [
    ...head(row, run, now),
    ...(run.unchanged ?? []).map(
      (name) => `${name}: no dataset has anything new since its last training; what serves goes on serving`,
    ),
    ...judged.flatMap(versionLines),
  ]);
}

function versionLines({ solution, version, metrics, verdict }: Judged): string[] {
  const { metric, passed, why, served, baseline, testUsers } = verdict;
  const outcome = metric === undefined ? 'trained' : passed ? 'serves' : 'is kept, not served';
  const told = (label: string, value: number | null | undefined) =>
    typeof value === 'number' ? [`  ${label}: ${value}`] : [];
  return [
    `${solution}: ${outcome}`,
    `  because: ${why}`,
    `  version: ${version}`,
    ...told(`${metric} of the version in service before`, served),
    ...told(`${metric} of the baseline`, baseline),
    ...(typeof testUsers === 'number' ? [`  test users: about ${testUsers}`] : []),
    ...Object.entries(metrics).map(([name, value]) => `  ${name}: ${value}`),
    '',
  ];
}

export function failureMail(row: GroupRow, run: OpenRun, problems: readonly Problem[], now: number): Mail {
  const [first] = problems;
  return mail(`Emotion Gallery: training of ${row.datasetGroup.name} failed at ${first?.step}`, [
    ...head(row, run, now),
    ...problems.flatMap(problemLines),
    'What serves now goes on serving.',
  ]);
}

export const misplacedMail = (key: string, where: string): Mail =>
  mail(`Emotion Gallery: nobody reads ${key}`, [
    `File: ${key}`,
    'Reason: it came into the gallery bucket, to a place where nothing is read',
    `What to do: ${where} Move it there.`,
  ]);

function problemLines({ step, resource, source, code, reason, advice, differences }: Problem): string[] {
  return [
    `Failed at: ${step}${resource ? `, ${resource.kind} ${resource.name}` : ''}`,
    ...(source ? [`Declared by: ${source}`] : []),
    `Error: ${code}`,
    `Reason: ${reason}`,
    ...(differences.length > 0 ? [`Differences: ${inWords(differences)}`] : []),
    `What to do: ${advice}`,
    '',
  ];
}
