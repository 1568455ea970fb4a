import { describe, expect, it } from 'vitest';
import { findBrowser } from '#server/findBrowser';
import { requireChromium } from '#server/requireChromium';

const machine = (platform: NodeJS.Platform, ...installed: string[]) => ({
  platform,
  environment: {
    PATH: '/home/ann/bin:/usr/bin',
    PROGRAMFILES: 'C:\\Program Files',
    LOCALAPPDATA: 'C:\\Local',
  },
  home: '/Users/ann',
  exists: (path: string) => installed.includes(path),
});

describe('findBrowser', () => {
  it.each<[NodeJS.Platform, string]>([
    ['linux', '/usr/bin/chromium'],
    ['linux', '/home/ann/bin/google-chrome'],
    ['linux', '/snap/bin/chromium'],
    ['linux', '/opt/google/chrome/chrome'],
    ['darwin', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'],
    ['darwin', '/Users/ann/Applications/Chromium.app/Contents/MacOS/Chromium'],
    ['win32', 'C:\\Program Files\\Microsoft\\Edge\\Application\\msedge.exe'],
    ['win32', 'C:\\Local\\Google\\Chrome\\Application\\chrome.exe'],
  ])('on %s finds %s', (platform, path) => {
    expect(findBrowser(machine(platform, path))).toBe(path);
  });

  it('finds none where there is none, and takes the one that is named', () => {
    expect(findBrowser(machine('linux'))).toBeUndefined();
    const named = {
      ...machine('linux', '/x/chrome', '/usr/bin/chromium'),
      environment: { CHROME_PATH: '/x/chrome' },
    };
    expect(findBrowser(named)).toBe('/x/chrome');
    expect(findBrowser({ ...named, environment: { CHROME_PATH: '/gone' } })).toBeUndefined();
  });
});

describe('requireChromium', () => {
  it('installs the Debian package where it may', () => {
    const installed: string[] = [];
    const ran: string[][] = [];
    const run = (...command: string[]): boolean => {
      ran.push(command);
      if (command.includes('chromium')) installed.push('/usr/bin/chromium');
      return true;
    };
    const exists = (path: string): boolean => installed.includes(path);
    const path = requireChromium({ ...machine('linux'), exists, isRoot: true, run });
    expect(path).toBe('/usr/bin/chromium');
    expect(ran.map(([program, verb]) => `${program} ${verb}`)).toEqual(['apt-get update', 'apt-get install']);
  });

  it.each<[NodeJS.Platform, boolean, RegExp]>([
    ['linux', false, /sudo apt-get install chromium/],
    ['darwin', false, /Install Chrome, Chromium or Edge/],
    ['win32', true, /AVATARARTIST_BROWSER/],
  ])('on %s (root: %s) says what to do', (platform, isRoot, advice) => {
    const options = { ...machine(platform), isRoot, run: () => false };
    expect(() => requireChromium(options)).toThrow(advice);
  });

  it('says that the named one does not exist instead of taking another', () => {
    const environment = { AVATARARTIST_BROWSER: '/gone/chrome' };
    const options = { ...machine('linux', '/usr/bin/chromium'), environment, isRoot: true, run: () => true };
    expect(() => requireChromium(options)).toThrow(/names \/gone\/chrome/);
  });
});
