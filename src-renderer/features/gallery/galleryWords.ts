/** How long ago something was, for a gallery: rough, because nobody plans by it. */
export function timeAgo(iso: string, now: number): string {
  const seconds = Math.max(0, (now - Date.parse(iso)) / 1000);
  if (!Number.isFinite(seconds)) return '';
  if (seconds < 90) return 'just now';
  const steps: readonly (readonly [
    limitSeconds: number,
    unitSeconds: number,
    unit: Intl.RelativeTimeFormatUnit,
  ])[] = [
    [5400, 60, 'minute'],
    [129_600, 3600, 'hour'],
    [2_592_000, 86_400, 'day'],
    [31_536_000, 2_592_000, 'month'],
    [Infinity, 31_536_000, 'year'],
  ];
  const step = steps.find(([limit]) => seconds < limit) ?? steps[4];
  return new Intl.RelativeTimeFormat('en', { numeric: 'auto' }).format(
    -Math.round(seconds / step[1]),
    step[2],
  );
}

/** The folder of a path for a narrow column: its last two parts. */
export function shortFolder(path: string): string {
  return path.split(/[/\\]/).filter(Boolean).slice(-3, -1).join(' / ');
}

/** Whether every word of a search is in a name. */
export function matchesSearch(name: string, search: string): boolean {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return words.every((word) => name.toLowerCase().includes(word));
}
