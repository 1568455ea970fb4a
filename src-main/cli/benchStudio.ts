import type { Command } from 'commander';
import type { Browser, Page } from 'playwright';
import { AppError } from '#common/contract/errors';
import type { CommandOutcome, CommandSession } from '#cli/commandSession';
import { runCommand } from '#cli/commandSession';
import { describeMachine, spreadOf } from '#cli/benchSeries';
import type { Spread } from '#cli/benchSeries';
import { FRAME_PROBE } from '#cli/benchStudioProbe';
import { inScratchFolder } from '#cli/inScratchFolder';
import { parseCount, parseNumber, parseWholeNumber } from '#cli/parseNumber';
import type { ShellOptions } from '#host/composeHost';
import type { Host } from '#host/createHost';
import { requireChromium } from '#server/requireChromium';
import { startStudioServer } from '#server/startStudioServer';

interface BenchStudioOptions {
  readonly runs: number;
  readonly seconds: number;
  readonly size: number;
  readonly json?: boolean;
}

/** What a person feels, in milliseconds but for the rate. */
interface StudioFigures {
  /** From starting the host to the avatar on the screen, sliders ready. */
  readonly startToUsable: number;
  /** From a pointer's move on a slider to the finished picture of it. */
  readonly sliderToPixel: Spread;
  /** From a key press on a slider to the browser's next paint, as the browser itself reports it (steps of 8). */
  readonly keyToPaint: Spread | undefined;
  /** Pictures a second while a motion plays at 30. */
  readonly playbackFps: number;
  /** Side of the viewport, pixels. */
  readonly size: number;
}

/** Side panels and bars need this much beside the viewport. */
const WINDOW_WIDTH = 1280;
const MOVES = 60;

/** `bench studio`: the real studio in a real Chromium without a GPU. */
export function addBenchStudioCommand(
  bench: Command,
  openHost: (options: ShellOptions) => Promise<Host>,
): void {
  bench
    .command('studio')
    .description('Open the studio in headless Chromium on software GL: slider to pixel, playback, start.')
    .option('--runs <n>', 'starts of the studio; the figures are medians', parseCount, 3)
    .option('--seconds <s>', 'length of the playback measured', parseNumber, 6)
    .option('--size <pixels>', 'side of the viewport', parseWholeNumber, 512)
    .option('--json', 'print one JSON summary on stdout and nothing else')
    .action(async (options: BenchStudioOptions) => {
      await inScratchFolder(async (dataDirectory) => {
        const open = () => openHost({ dataDirectory, confinesPaths: true });
        await runCommand(open, options, (session) => benchStudio(session, open, options));
      });
    });
}

async function benchStudio(
  { report }: CommandSession,
  open: () => Promise<Host>,
  options: BenchStudioOptions,
): Promise<CommandOutcome> {
  const runs: StudioFigures[] = [];
  // The first run takes the samples into the library and fills caches: a warm start is what is measured.
  for (let run = 0; run <= options.runs; run++) {
    report({ stage: 'studio', fraction: run / (options.runs + 1) });
    const browser = await launchChromium();
    try {
      const figures = await measureOnce(browser, open, options);
      if (run > 0) runs.push(figures);
    } finally {
      await browser.close();
    }
  }
  return summarise(runs, options);
}

async function launchChromium(): Promise<Browser> {
  const executablePath = requireChromium();
  const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
  // What Chrome does on a machine without a GPU: WebGL on the processor, the page put together without it. With
  // --use-angle=swiftshader it would draw the whole page through software GL as well, which no such machine does.
  const args = ['--enable-unsafe-swiftshader', ...(isRoot ? ['--no-sandbox'] : [])];
  try {
    const { chromium } = await import('playwright');
    return await chromium.launch({ executablePath, args });
  } catch (error) {
    throw new AppError(
      'capability.missing',
      'The bench drives Chromium with Playwright, which did not start. Run "npm ci" in a checkout of the project.',
      { cause: error },
    );
  }
}

async function measureOnce(
  browser: Browser,
  open: () => Promise<Host>,
  { size, seconds }: BenchStudioOptions,
): Promise<StudioFigures> {
  const started = performance.now();
  const host = await open();
  const server = await startStudioServer({ host });
  // Nothing of one run is left in the next: neither cookies nor a cache.
  const context = await browser.newContext({ viewport: { width: WINDOW_WIDTH, height: 720 } });
  try {
    const page = await context.newPage();
    await page.addInitScript(FRAME_PROBE);
    await page.goto(server.url);
    await page.evaluate('frameProbe.firstDraw');
    await page.getByRole('slider', { name: 'Inner up' }).waitFor();
    const startToUsable = performance.now() - started;
    await fitViewport(page, size);
    const sliderToPixel = spreadOf(await dragSlider(page));
    const keys = await pressKeys(page);
    const playbackFps = await play(page, seconds);
    const keyToPaint = keys.length > 0 ? spreadOf(keys) : undefined;
    return { startToUsable, sliderToPixel, keyToPaint, playbackFps, size };
  } finally {
    await context.close();
    await server.close();
    await host.dispose();
  }
}

/** Changes the window until the canvas is square with the side asked for. */
async function fitViewport(page: Page, size: number): Promise<void> {
  const canvas = page.getByRole('region', { name: 'Viewport' }).locator('canvas');
  for (let attempt = 0; attempt < 4; attempt++) {
    const box = await canvas.boundingBox();
    const window = page.viewportSize();
    if (box === null || window === null || box.height === size) return;
    const wider = Math.max(0, size - box.width);
    await page.setViewportSize({ width: window.width + wider, height: window.height + size - box.height });
    await settle(page);
  }
}

async function dragSlider(page: Page): Promise<number[]> {
  const slider = page.getByRole('slider', { name: 'Inner up' });
  const box = await slider.boundingBox();
  if (box === null) throw new AppError('internal.invariant', 'Broken invariant: the slider is on the screen');
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width * 0.2, y);
  await page.mouse.down();
  const delays: number[] = [];
  for (let move = 0; move < MOVES; move++) {
    // Far enough apart that every move is a new value.
    const share = 0.1 + (0.8 * ((move * 7) % 19)) / 19;
    await page.evaluate('frameProbe.arm()');
    await page.mouse.move(box.x + box.width * share, y);
    delays.push(await page.evaluate<number>('frameProbe.delay()'));
  }
  await page.mouse.up();
  await settle(page);
  return delays.sort((a, b) => a - b);
}

async function pressKeys(page: Page): Promise<number[]> {
  await page.getByRole('slider', { name: 'Inner up' }).focus();
  await page.evaluate('frameProbe.keys.length = 0');
  for (let press = 0; press < 20; press++) {
    await page.keyboard.press(press % 2 === 0 ? 'PageUp' : 'PageDown');
    await page.evaluate('frameProbe.nextFrame()');
  }
  await settle(page);
  return await page.evaluate<number[]>('frameProbe.keys');
}

async function play(page: Page, seconds: number): Promise<number> {
  await page.getByRole('combobox', { name: 'Motion' }).click();
  await page.getByRole('option', { name: /talk/i }).first().click();
  const pause = page.getByRole('button', { name: 'Pause' });
  const playable = page.locator('button[aria-label="Play"]:enabled');
  await pause.or(playable).waitFor();
  // The project of the run before had the motion already: choosing it again does not start it.
  if (await playable.isVisible()) await playable.click();
  await pause.waitFor();
  await page.evaluate('frameProbe.rate(1000)');
  return await page.evaluate<number>(`frameProbe.rate(${seconds * 1000})`);
}

/** Until nothing has been drawn for a third of a second: drafts are replaced by then. */
async function settle(page: Page): Promise<void> {
  await page.evaluate('frameProbe.settled(330)');
}

function summarise(runs: readonly StudioFigures[], options: BenchStudioOptions): CommandOutcome {
  const median = (pick: (run: StudioFigures) => number): number => spreadOf(runs.map(pick)).median;
  const key = runs.flatMap(({ keyToPaint }) => (keyToPaint === undefined ? [] : [keyToPaint.median]));
  const figures = {
    startToUsableMilliseconds: Math.round(median((run) => run.startToUsable)),
    sliderToPixelMilliseconds: round(median((run) => run.sliderToPixel.median)),
    sliderToPixelWorstMilliseconds: round(Math.max(...runs.map((run) => run.sliderToPixel.most))),
    ...(key.length > 0 ? { keyToPaintMilliseconds: round(spreadOf(key).median) } : {}),
    playbackFps: round(median((run) => run.playbackFps)),
  };
  const { size, seconds } = options;
  return {
    json: {
      bench: 'studio',
      runs: runs.length,
      size,
      seconds,
      gl: 'software',
      machine: describeMachine(),
      ...figures,
    },
    lines: Object.entries(figures).map(([name, value]) => `${name.padEnd(32)} ${value}`),
  };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
