/** Rows in plain aligned columns, the title of each column above it; nothing but a word where there are none. */
export function table(titles: readonly string[], rows: readonly (readonly unknown[])[]): string {
  if (rows.length === 0) return 'none';
  const lines = [titles, ...rows.map((row) => row.map(cell))];
  const widths = titles.map((_, column) => Math.max(...lines.map((line) => [...(line[column] ?? '')].length)));
  return lines
    .map((line) =>
      line
        .map((text, column) => padded(text, widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Name and value, one a line. */
export function listing(entries: readonly (readonly [string, unknown])[]): string {
  const width = Math.max(0, ...entries.map(([name]) => name.length));
  return entries.map(([name, value]) => `${name.padEnd(width)}  ${cell(value)}`.trimEnd()).join('\n');
}

function padded(text: string, width: number): string {
  return text + ' '.repeat(width - [...text].length);
}

/** Control characters of what somebody else wrote must not reach a terminal. */
function cell(value: unknown): string {
  if (value === undefined || value === null) return '-';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, ' ');
}
