import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright';
import { chromium } from 'playwright';
import { requireChromium } from '#server/requireChromium';

/** Screenshots of stories, for people; not committed. */
export const SCREENSHOT_FOLDER = 'test-results/studio';

export interface StudioOptions {
  /** Becomes the home folder and holds the studio's data. */
  readonly home: string;
  readonly width?: number;
  readonly height?: number;
  /** Names the screenshots of this run. */
  readonly label: string;
  /** Named on the command line. */
  readonly files?: readonly string[];
}

/**
 * WebGL in software and the page's own drawing without GL, as Chrome runs on a machine without a GPU;
 * `--use-angle=swiftshader` would put the page together in software GL too, five times slower.
 */
const SOFTWARE_GL = ['--no-sandbox', '--enable-unsafe-swiftshader'];

/**
 * A person at the real studio: the command line's own server in a process of its own and a real Chromium. Speaks in
 * what the person does and sees; knows names and roles of the page, nothing of its code.
 */
export class StudioDriver {
  readonly page: Page;
  /** What the page complained about: uncaught errors and console errors. */
  readonly complaints: string[] = [];
  readonly #browser: Browser;
  readonly #server: ChildProcess;
  readonly #home: string;
  readonly #label: string;
  #shots = 0;

  private constructor(
    server: ChildProcess,
    browser: Browser,
    page: Page,
    { home, label }: Pick<StudioOptions, 'home' | 'label'>,
  ) {
    this.#server = server;
    this.#browser = browser;
    this.#home = home;
    this.#label = label;
    this.page = page;
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(`${message.text()} ${message.location().url}`);
    });
  }

  static async open({
    home,
    width = 1280,
    height = 720,
    label,
    files = [],
  }: StudioOptions): Promise<StudioDriver> {
    const { server, address } = await startServer(home, files);
    const browser = await chromium.launch({ executablePath: requireChromium(), args: SOFTWARE_GL });
    const page = await browser.newPage({ viewport: { width, height } });
    // Everything runs in software beside the tests on two cores.
    page.setDefaultTimeout(60_000);
    const driver = new StudioDriver(server, browser, page, { home, label });
    await page.goto(address);
    return driver;
  }

  async close(): Promise<void> {
    await this.#browser.close();
    if (this.#server.exitCode !== null) return;
    const ended = new Promise((resolve) => this.#server.once('exit', resolve));
    this.#server.kill('SIGINT');
    await ended;
  }

  /** A second start with these files while this one runs; what it says, once it has ended. */
  async startAgain(files: readonly string[]): Promise<string> {
    const second = spawnStudio(this.#home, files);
    let said = '';
    second.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await once(second, 'exit');
    return said;
  }

  /** A picture of the window, numbered in the order taken. */
  async screenshot(name: string): Promise<void> {
    await mkdir(SCREENSHOT_FOLDER, { recursive: true });
    const file = `${this.#label}-${String(++this.#shots).padStart(2, '0')}-${name}.png`;
    await this.page.screenshot({ path: join(SCREENSHOT_FOLDER, file) });
  }

  /** The avatar's picture as it stands. */
  async viewport(): Promise<Buffer> {
    return await this.page.getByRole('application', { name: /^The avatar/ }).screenshot();
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name, exact: typeof name === 'string' });
  }

  dialog(name: string | RegExp): Locator {
    return this.page.getByRole('dialog', { name });
  }

  /** Drops a file of this machine on the window. */
  async dropFile(path: string): Promise<void> {
    const bytes = (await readFile(path)).toString('base64');
    const transfer = await this.page.evaluateHandle(
      ([base64, name]) => {
        const data = new DataTransfer();
        const content = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
        data.items.add(new File([content], name, { type: 'image/png' }));
        return data;
      },
      [bytes, basename(path)] as const,
    );
    for (const event of ['dragenter', 'dragover', 'drop']) {
      await this.page.dispatchEvent('body', event, { dataTransfer: transfer });
    }
  }

  /** Waits until an avatar stands in the viewport and its channels can be moved. */
  async waitForProject(name: string): Promise<void> {
    await this.page.getByRole('banner').getByText(name, { exact: true }).waitFor();
    await this.channel('Jaw open').waitFor();
  }

  channel(name: string): Locator {
    return this.page.getByRole('slider', { name, exact: true });
  }

  /** Drags a channel's slider to a fraction of its length, in several moves, as a hand does. */
  async dragChannel(name: string, fraction: number): Promise<void> {
    const slider = this.channel(name);
    await slider.scrollIntoViewIfNeeded();
    const box = (await slider.boundingBox())!;
    const y = box.y + box.height / 2;
    await this.page.mouse.move(box.x + 2, y);
    await this.page.mouse.down();
    for (let step = 1; step <= 6; step++) {
      await this.page.mouse.move(box.x + 2 + ((box.width - 4) * fraction * step) / 6, y);
    }
    await this.page.mouse.up();
  }

  async valueOf(name: string): Promise<number> {
    return Number(await this.channel(name).getAttribute('aria-valuenow'));
  }

  async chooseMotion(name: RegExp): Promise<void> {
    await this.page.getByRole('combobox', { name: /Motion/ }).click();
    await this.page.getByRole('option', { name }).click();
  }

  /** Names in our own save dialog: in the folder it shows. */
  async saveAs(fileName: string): Promise<void> {
    const field = this.page.getByRole('textbox', { name: 'File name' });
    await field.fill(fileName);
    await field.press('Enter');
  }
}

function spawnStudio(home: string, files: readonly string[]) {
  return spawn(process.execPath, ['dist/cli.js', 'studio', '--browser', '--no-open', ...files], {
    env: { ...process.env, HOME: home, USERPROFILE: home, AVATARARTIST_DATA: join(home, 'studio') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function startServer(
  home: string,
  files: readonly string[],
): Promise<{ readonly server: ChildProcess; readonly address: string }> {
  const server = spawnStudio(home, files);
  let said = '';
  const address = await new Promise<string>((resolve, reject) => {
    const hear = (chunk: Buffer): void => {
      said += chunk.toString();
      const found = /http:\/\/127\.0\.0\.1\S+/.exec(said);
      if (found !== null) resolve(found[0]);
    };
    server.stdout.on('data', hear);
    server.stderr.on('data', hear);
    server.once('exit', (code) =>
      reject(new Error(`The studio ended with ${code} before it was there:\n${said}`)),
    );
  });
  return { server, address };
}
