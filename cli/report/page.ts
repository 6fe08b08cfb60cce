// A report as one HTML file: nothing is loaded from elsewhere, light and dark, readable without colour and by screen readers.
import type { Language } from '../language';

export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const STYLE = `
:root { color-scheme: light dark; --ink: #1c2330; --soft: #5b6474; --paper: #fff; --line: #d8dce3; --bar: #2f6fb4; --second: #b4542f; --bad: #a3262a; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8ebf1; --soft: #a5adbb; --paper: #14181f; --line: #38404d; --bar: #6aa7e8; --second: #e8956a; --bad: #ff8a8a; } }
body { margin: 0 auto; max-width: 62rem; padding: 2rem 1.25rem 4rem; background: var(--paper); color: var(--ink); font: 1rem/1.55 system-ui, "Noto Sans KR", "Malgun Gothic", sans-serif; }
h1, h2 { overflow-wrap: anywhere; } h1 { font-size: 1.7rem; } h2 { margin-top: 2.5rem; border-bottom: 1px solid var(--line); padding-bottom: .3rem; } h3 { margin-top: 1.75rem; }
.scroll { overflow-x: auto; margin: 1.25rem 0; } table { border-collapse: collapse; } caption { text-align: left; color: var(--soft); padding-bottom: .35rem; }
th, td { padding: .3rem .9rem .3rem 0; text-align: left; border-bottom: 1px solid var(--line); vertical-align: top; } td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; } .wide { white-space: nowrap; }
.soft { color: var(--soft); } .bad { color: var(--bad); font-weight: 600; } figure { margin: 1.25rem 0; } figcaption { color: var(--soft); padding-bottom: .35rem; }
svg { width: 100%; height: auto; max-width: 46rem; } svg text { fill: var(--ink); font-size: 12px; } svg .soft { fill: var(--soft); }
pre { overflow-x: auto; padding: .75rem 1rem; border: 1px solid var(--line); border-radius: .4rem; font-size: .85rem; }
.bar { fill: var(--bar); } .second { fill: var(--second); } .axis { stroke: var(--line); } .interval { stroke: var(--ink); stroke-width: 1.5; }
`;

export function reportPage(language: Language, title: string, body: string): string {
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
${body}
</main>
</body>
</html>
`;
}

export interface HtmlTable {
  readonly caption: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const NUMERIC = /^[\d.,%×–+−\s±[\]$-]+$/;

/** More columns than this are scrolled through, and their cells stay on one line. */
const NARROW = 3;

/** Cells that are numbers stand to the right; the first cell of a row is its heading. */
export function htmlTable({ caption, header, rows }: HtmlTable): string {
  const isNumeric = header.map((_, column) =>
    rows.every((row) => column > 0 && NUMERIC.test(row[column] ?? '')),
  );
  const kind = (column: number) => (isNumeric[column] ? ' class="number"' : '');
  const head = header.map((name, column) => `<th scope="col"${kind(column)}>${escaped(name)}</th>`).join('');
  const lines = rows.map((row) => {
    const cells = row.map((cell, column) =>
      column === 0 ? `<th scope="row">${escaped(cell)}</th>` : `<td${kind(column)}>${escaped(cell)}</td>`,
    );
    return `<tr>${cells.join('')}</tr>`;
  });
  return `<div class="scroll" tabindex="0" role="group" aria-label="${escaped(caption)}"><table${header.length > NARROW ? ' class="wide"' : ''}><caption>${escaped(caption)}</caption><thead><tr>${head}</tr></thead><tbody>
${lines.join('\n')}
</tbody></table></div>`;
}
