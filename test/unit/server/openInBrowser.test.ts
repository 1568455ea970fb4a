import { describe, expect, it } from 'vitest';
import { hasDisplay, openInBrowser } from '#server/openInBrowser';
import { revealCommands } from '#server/revealInFolder';

const URL_TO_OPEN = 'http://127.0.0.1:1/?token=a&b="c';

async function launched(platform: NodeJS.Platform, working: string[], environment = { DISPLAY: ':0' }) {
  const tried: (readonly [string, readonly string[]])[] = [];
  const isOpen = await openInBrowser(URL_TO_OPEN, {
    platform,
    environment,
    browser: () => '/usr/bin/chromium',
    launch: (program, parameters) => {
      tried.push([program, parameters]);
      return Promise.resolve(working.includes(program));
    },
  });
  return { isOpen, tried };
}

describe('openInBrowser', () => {
  it.each<[NodeJS.Platform, string]>([
    ['linux', 'xdg-open'],
    ['darwin', 'open'],
    ['win32', 'rundll32'],
  ])('on %s passes the address as one parameter to %s, never through a shell', async (platform, program) => {
    const { isOpen, tried } = await launched(platform, [program]);
    expect(isOpen).toBe(true);
    expect(tried).toHaveLength(1);
    expect(tried[0][0]).toBe(program);
    expect(tried[0][1].at(-1)).toBe(URL_TO_OPEN);
  });

  it('falls back to an installed Chromium', async () => {
    const { isOpen, tried } = await launched('linux', ['/usr/bin/chromium']);
    expect(isOpen).toBe(true);
    expect(tried.map(([program]) => program)).toEqual(['xdg-open', '/usr/bin/chromium']);
  });

  it('opens nothing without a display', async () => {
    const { isOpen, tried } = await launched('linux', ['xdg-open'], { DISPLAY: '' });
    expect([isOpen, tried]).toEqual([false, []]);
  });
});

it('knows a display when it has one', () => {
  expect(hasDisplay('linux', {})).toBe(false);
  expect(hasDisplay('linux', { WAYLAND_DISPLAY: 'wayland-0' })).toBe(true);
  expect(hasDisplay('win32', {})).toBe(true);
});

it('asks the file manager for the file, then for its folder', () => {
  const [select, folder] = revealCommands('linux', '/home/ann/a b, c.glb');
  expect(select).toContain('array:string:file:///home/ann/a%20b%2C%20c.glb');
  expect(folder).toEqual(['xdg-open', '/home/ann']);
  expect(revealCommands('win32', 'C:\\a b.glb')).toEqual([['explorer.exe', '/select,C:\\a b.glb']]);
});
