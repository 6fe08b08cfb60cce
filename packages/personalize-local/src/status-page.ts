// The page at `GET /`: resources with their states, sizes of the datasets, last events.
import type { Context } from './resources/context';
import type { AnyRecord, Kind } from './state/records';

const SECTIONS: readonly (readonly [Kind, string])[] = [
  ['dataset-group', 'Dataset groups'],
  ['schema', 'Schemas'],
  ['dataset', 'Datasets'],
  ['dataset-import-job', 'Import jobs'],
  ['event-tracker', 'Event trackers'],
  ['filter', 'Filters'],
  ['solution', 'Solutions'],
  ['solution-version', 'Solution versions'],
  ['campaign', 'Campaigns'],
  ['recommender', 'Recommenders'],
  ['batch-inference-job', 'Batch inference jobs'],
  ['batch-segment-job', 'Batch segment jobs'],
  ['dataset-export-job', 'Export jobs'],
  ['data-deletion-job', 'Data deletion jobs'],
  ['metric-attribution', 'Metric attributions'],
];

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem}
table{border-collapse:collapse;width:100%;margin-bottom:1.5rem}caption{text-align:left;font-weight:600}
th,td{text-align:left;padding:.25rem .75rem .25rem 0;border-bottom:1px solid #767676;overflow-wrap:anywhere}
@media (prefers-color-scheme:dark){body{background:#111;color:#eee}}`;

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function table(caption: string, headings: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const head = headings.map((heading) => `<th scope="col">${escapeHtml(heading)}</th>`).join('');
  const body = rows
    .map((row) => `<tr>${row.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`)
    .join('\n');
  return `<table><caption>${escapeHtml(caption)}</caption><thead><tr>${head}</tr></thead><tbody>\n${body}\n</tbody></table>`;
}

function resourceRow(record: AnyRecord): string[] {
  const status = 'status' in record ? record.status : '–';
  const reason = 'failureReason' in record ? record.failureReason : undefined;
  const note = 'note' in record ? record.note : undefined;
  return [record.arn, status, reason ?? note ?? '', new Date(record.lastUpdatedDateTime).toISOString()];
}

const sizeRows = (context: Context): string[][] =>
  context.store
    .all('dataset-group')
    .filter(({ status }) => status === 'ACTIVE')
    .flatMap((group) => {
      const data = context.data.of(group);
      const { latest } = data.arrivals();
      return Object.entries(data.sizes()).map(([type, size]) => {
        const last = latest[type as keyof typeof latest];
        return [
          group.name,
          type,
          String(size.records),
          String(size.bulk),
          String(size.put),
          last === undefined ? '–' : new Date(last).toISOString(),
        ];
      });
    });

/** Of all regions. */
export function statusPage(contexts: readonly Context[]): string {
  const sizes = table(
    'Data',
    ['Dataset group', 'Dataset', 'Records', 'Imported', 'Sent', 'Last arrival'],
    contexts.flatMap(sizeRows),
  );
  const resources = SECTIONS.map(([kind, caption]) =>
    table(
      caption,
      ['ARN', 'Status', 'Failure reason or note', 'Last change'],
      contexts.flatMap(({ store }) => store.all(kind)).map(resourceRow),
    ),
  );
  const content = [sizes, ...resources].filter((part) => part !== '').join('\n');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Amazon Personalize on localhost</title>
<meta name="viewport" content="width=device-width,initial-scale=1"><style>${STYLE}</style></head>
<body><main><h1>Amazon Personalize on localhost</h1>
${content === '' ? '<p>Nothing has been made yet.</p>' : content}
</main></body></html>
`;
}
