import { describe, expect, it } from 'vitest';
import { ProgressBar } from '#cli/terminal/ProgressBar';

function aTerminal(isTTY: boolean, columns = 80) {
  let now = 0;
  let written = '';
  const stream = { isTTY, columns, write: (text: string) => (written += text) };
  const bar = new ProgressBar(stream, () => now);
  /** What a terminal would show: each "clear line" takes the line back. */
  const shown = (): string[] => written.split('\n').map((line) => line.split('\r\x1b[2K').at(-1)!);
  return { bar, shown, text: () => written, wait: (milliseconds: number) => (now += milliseconds) };
}

describe('progress bar', () => {
  it('keeps ended stages with their time above the running one', () => {
    const { bar, shown, wait } = aTerminal(true);
    bar.update({ stage: 'track', fraction: 0 });
    wait(500);
    bar.update({ stage: 'fit', fraction: 0.5 });
    expect(shown()).toEqual(['track        0.50 s', 'fit          ████████████░░░░░░░░░░░░  50 %']);
    wait(250);
    bar.end(true);
    expect(shown()).toEqual(['track        0.50 s', 'fit          0.25 s', '']);
  });

  it('takes an unfinished stage away', () => {
    const { bar, shown } = aTerminal(true);
    bar.update({ stage: 'fit', fraction: 2 });
    bar.end(false);
    expect(shown()).toEqual(['']);
  });

  it('fits a narrow terminal', () => {
    const { bar, shown } = aTerminal(true, 20);
    bar.update({ stage: 'fit', fraction: 0.5 });
    expect(shown()[0]).toHaveLength(19);
  });

  it('is silent where there is no terminal', () => {
    const { bar, text } = aTerminal(false);
    bar.update({ stage: 'fit', fraction: 0.5 });
    bar.end(true);
    expect(text()).toBe('');
  });
});
