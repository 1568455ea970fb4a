/** One cell; numbers are rounded by the caller. */
export type Cell = string | number | undefined;

export interface Table {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  /** Lines under the table: aims, and whether they are met. */
  readonly verdicts: readonly Verdict[];
  /** Lines under those: how to read the table. */
  readonly notes?: readonly string[];
}

export interface Verdict {
  readonly aim: string;
  readonly measured: string;
  readonly isMet: boolean;
}

/** A table for a terminal: first column to the left, the others to the right. */
export function formatTable({ title, head, rows, verdicts, notes = [] }: Table): string {
  const text = [head, ...rows].map((row) => row.map((cell) => (cell === undefined ? '-' : String(cell))));
  const widths = head.map((_, column) => Math.max(...text.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]): string =>
    row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at]) : cell.padStart(widths[at]))).join('  ');
  return [
    `== ${title}`,
    ...text.map(line),
    ...verdicts.map(({ aim, measured, isMet }) => `${isMet ? 'met   ' : 'MISSED'} ${aim}: ${measured}`),
    ...notes,
    '',
  ].join('\n');
}

/** Fixed digits; '-' for undefined and NaN. */
export function fixed(value: number | undefined, digits: number): string {
  return value === undefined || Number.isNaN(value) ? '-' : value.toFixed(digits);
}
