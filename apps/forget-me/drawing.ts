import type { Findings } from './findings.ts';
import { HEADINGS, rowsOf, type Row } from './report.ts';

const COLUMNS = { what: 24, before: 264, after: 464, ordinary: 704 } as const;
const WIDTH = 944;
const TOP = 72;
const LINE = 34;

const STYLE = `
  text { font: 14px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1f2328; }
  .title { font-size: 17px; font-weight: 600; }
  .head { font-size: 12px; fill: #59636e; }
  .good { fill: #1a7f37; font-weight: 600; }
  .bad { fill: #cf222e; font-weight: 600; }
  .back { fill: #ffffff; stroke: #d1d9e0; }
  .rule { stroke: #d1d9e0; }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc; }
    .head { fill: #9198a1; }
    .good { fill: #3fb950; }
    .bad { fill: #f85149; }
    .back { fill: #0d1117; stroke: #3d444d; }
    .rule { stroke: #3d444d; }
  }`;

/** The table as a picture that follows the reader's light or dark. */
export function drawing(findings: Findings): string {
  const rows = rowsOf(findings);
  const height = TOP + LINE * (rows.length + 1);
  const title = 'Erased, then attacked with every copy and today’s master keys';
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">`,
    `<title>${title}</title>`,
    `<style>${STYLE}\n</style>`,
    `<rect class="back" x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="8"/>`,
    text(COLUMNS.what, 32, 'title', title),
    ...(['before', 'after', 'ordinary'] as const).map((field) =>
      text(COLUMNS[field], TOP - 8, 'head', HEADINGS[field]),
    ),
    ...rows.flatMap((row, at) => lineOf(row, TOP + LINE * at)),
    '</svg>',
    '',
  ].join('\n');
}

function lineOf(row: Row, y: number): string[] {
  const at = y + LINE * 0.65;
  return [
    `<line class="rule" x1="${COLUMNS.what}" x2="${WIDTH - COLUMNS.what}" y1="${y}" y2="${y}"/>`,
    text(COLUMNS.what, at, '', row.what),
    text(COLUMNS.before, at, '', row.before),
    text(COLUMNS.after, at, 'good', row.after),
    text(COLUMNS.ordinary, at, row.ordinary.startsWith('–') ? 'head' : 'bad', row.ordinary),
  ];
}

function text(x: number, y: number, kind: string, words: string): string {
  const escaped = words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text${kind === '' ? '' : ` class="${kind}"`} x="${x}" y="${y}">${escaped}</text>`;
}
