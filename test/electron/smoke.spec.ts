// The main story in a real Electron window: `npm run smoke:electron`, after a build, on a machine that has the
// program (`npx install-electron`) and a display (or `xvfb-run`). Everything else about the shell is tested with a
// fake; this is the check that the fake tells the truth.
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Dialog, ElectronApplication, Page } from 'playwright';
import { _electron } from 'playwright';
import { findElectronPackage } from '#cli/studio/electronPackage';

const SCREENSHOTS = 'test-results/electron';

const binary = findElectronPackage(import.meta.url)?.binary();
if (binary === undefined) {
  console.log('skipped: Electron\'s program is not on this machine. "npx install-electron" fetches it.');
} else if (process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) {
  console.log('skipped: this machine has no display. "xvfb-run npm run smoke:electron" brings its own.');
} else {
  await runStory(binary);
}

async function runStory(executablePath: string): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'smoke-'));
  await mkdir(SCREENSHOTS, { recursive: true });
  const launch = (...files: string[]): Promise<ElectronApplication> =>
    _electron.launch({
      executablePath,
      args: ['.', ...files],
      env: { ...environment(), AVATARARTIST_DATA: join(home, 'studio') },
    });
  const project = join(home, 'smoke.avatarartist');
  let studio = await launch();
  try {
    let page = await studio.firstWindow();
    const complaints = listen(page);
    await page.getByRole('list', { name: 'Avatars' }).getByRole('listitem').first().waitFor();
    await page.screenshot({ path: join(SCREENSHOTS, 'first-run.png') });
    await checkIsolation(studio, page);

    await step('opens the sample avatar', async () => {
      await page.getByRole('list', { name: 'Avatars' }).getByRole('listitem').first().dblclick();
      await jaw(page).waitFor();
    });
    await step('moves a channel and takes it back', async () => {
      await jaw(page).press('Shift+ArrowRight');
      await expectJaw(page, (value) => value > 0);
      await clickMenu(studio, 'edit.undo');
      await expectJaw(page, (value) => value === 0);
      await clickMenu(studio, 'edit.redo');
      await expectJaw(page, (value) => value > 0);
      await page.screenshot({ path: join(SCREENSHOTS, 'moved.png') });
    });
    await step('saves by a native dialog', async () => {
      await answerSaveDialog(studio, project);
      await clickMenu(studio, 'project.save');
      await until(async () => (await stat(project).catch(() => undefined)) !== undefined, 'the project file');
    });
    await step('ends in order when its window is closed', () => closeWindow(studio, page));

    studio = await launch(project);
    page = await studio.firstWindow();
    await step('opens the project it is given', async () => {
      await jaw(page).waitFor();
      await expectJaw(page, (value) => value > 0);
      await page.screenshot({ path: join(SCREENSHOTS, 'reopened.png') });
    });
    await closeWindow(studio, page);
    check('the page had nothing to complain about', complaints.length === 0, complaints.join('\n'));
    console.log(`passed; screenshots are in ${SCREENSHOTS}`);
  } finally {
    await studio.close().catch(() => undefined);
    await rm(home, { recursive: true, force: true });
  }
}

/** What the fake cannot know: that Electron has made of our options what we think. */
async function checkIsolation(studio: ElectronApplication, page: Page): Promise<void> {
  const seen = await page.evaluate(async () => {
    const world = window as unknown as Record<string, unknown>;
    const bridge = world['avatarArtistBridge'] as object;
    const outside = await fetch('https://example.com/').then(
      () => 'reached',
      () => 'refused',
    );
    return {
      origin: location.origin,
      node: ['require', 'process', 'module', 'Buffer', 'electron'].filter((name) => name in world),
      bridge: Object.keys(bridge).sort(),
      isFrozen: Object.isFrozen(bridge),
      isIsolated: crossOriginIsolated,
      outside,
      camera: await navigator.mediaDevices?.getUserMedia({ video: true }).then(
        () => 'granted',
        () => 'denied',
      ),
    };
  });
  check('the page comes from its own scheme', seen.origin === 'studio://app', seen.origin);
  check('the page has nothing of Node', seen.node.length === 0, seen.node.join(' '));
  check('the bridge is a channel and nothing else', seen.bridge.join() === 'onMessage,post' && seen.isFrozen);
  check('the page is isolated across origins', seen.isIsolated);
  check('the page has no network', seen.outside === 'refused');
  check('the page has no camera', seen.camera !== 'granted', String(seen.camera));
  const windows = await studio.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length);
  await page.evaluate(() => window.open('https://example.com/'));
  const after = await studio.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length);
  check('no further window opens', windows === 1 && after === 1);
}

const jaw = (page: Page) => page.getByRole('slider', { name: 'Jaw open', exact: true });

async function expectJaw(page: Page, isRight: (value: number) => boolean): Promise<void> {
  await until(async () => isRight(Number(await jaw(page).getAttribute('aria-valuenow'))), 'the slider');
}

async function clickMenu(studio: ElectronApplication, id: string): Promise<void> {
  await studio.evaluate(({ Menu }, wanted) => {
    Menu.getApplicationMenu()?.getMenuItemById(wanted)?.click();
  }, id);
}

async function answerSaveDialog(studio: ElectronApplication, path: string): Promise<void> {
  await studio.evaluate(({ dialog }, filePath) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
  }, path);
}

async function closeWindow(studio: ElectronApplication, page: Page): Promise<void> {
  const ended = studio.waitForEvent('close');
  page.on('dialog', (dialog: Dialog) => void dialog.accept());
  await studio.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  await ended;
}

function listen(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    // The refused request of checkIsolation is expected to be complained about.
    if (message.type() === 'error' && !message.text().includes('example.com'))
      complaints.push(message.text());
  });
  return complaints;
}

async function step(name: string, run: () => Promise<unknown>): Promise<void> {
  await run();
  console.log(`ok: ${name}`);
}

function check(name: string, isRight: boolean, otherwise = ''): void {
  if (!isRight) throw new Error(`not so: ${name}. ${otherwise}`);
  console.log(`ok: ${name}`);
}

async function until(isTrue: () => Promise<boolean>, what: string): Promise<void> {
  const end = Date.now() + 20_000;
  while (!(await isTrue())) {
    if (Date.now() > end) throw new Error(`Waited in vain for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function environment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
