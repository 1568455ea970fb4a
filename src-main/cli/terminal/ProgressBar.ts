import type { Progress } from '#common/contract/progress';

/** The part of a terminal's stream the bar needs. */
export interface TerminalStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const BAR_WIDTH = 24;
const NAME_WIDTH = 12;
const CLEAR_LINE = '\r\x1b[2K';

/**
 * One line that is redrawn in place: stage, bar, percent, seconds. Ended stages stay above it. Writes nothing
 * unless the stream is a terminal.
 */
export class ProgressBar {
  private readonly stream: TerminalStream;
  private readonly milliseconds: () => number;
  private stage: string | undefined;
  private stageStart = 0;

  constructor(stream: TerminalStream, milliseconds: () => number) {
    this.stream = stream;
    this.milliseconds = milliseconds;
  }

  update({ stage, fraction }: Progress): void {
    if (this.stream.isTTY !== true) return;
    if (stage !== this.stage) {
      this.endStage();
      this.stage = stage;
      this.stageStart = this.milliseconds();
    }
    const share = Math.min(1, Math.max(0, fraction));
    const filled = Math.round(share * BAR_WIDTH);
    const bar = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
    this.draw(`${stage.padEnd(NAME_WIDTH)} ${bar} ${`${Math.round(share * 100)}`.padStart(3)} %`);
  }

  /** Takes the bar away; the last stage keeps its line only when `isComplete`. */
  end(isComplete: boolean): void {
    if (isComplete) this.endStage();
    else if (this.stage !== undefined) this.stream.write(CLEAR_LINE);
    this.stage = undefined;
  }

  private endStage(): void {
    if (this.stage === undefined) return;
    const seconds = (this.milliseconds() - this.stageStart) / 1000;
    this.draw(`${this.stage.padEnd(NAME_WIDTH)} ${seconds.toFixed(2)} s\n`);
  }

  private draw(line: string): void {
    // Some pseudo-terminals say 0.
    const columns = this.stream.columns || 80;
    const isEnded = line.endsWith('\n');
    this.stream.write(CLEAR_LINE + (isEnded ? line : line.slice(0, columns - 1)));
  }
}
