import { beforeEach, describe, expect, it } from 'vitest';
import type { ShellRequest } from '#common/contract/events';
import type { FileHandover } from '#server/fileHandover';
import { createFileHandover } from '#server/fileHandover';

const FIRST = ['/home/ada/a.avatarartist'];

describe('files for a browser window', () => {
  let handover: FileHandover;
  let heard: [string, ShellRequest][];
  const listen = (name: string) =>
    handover.door.subscribe('shell.didRequest', (request) => heard.push([name, request]));

  beforeEach(() => {
    heard = [];
    handover = createFileHandover({
      dispatch: () => Promise.resolve(undefined),
      subscribe: () => () => undefined,
    });
  });

  it('go to the first page that listens, once', async () => {
    expect(handover.open(FIRST)).toBe(false);
    handover.door.subscribe('library.didChange', () => heard.push(['wrong', { kind: 'close' }]));
    listen('gone')();
    listen('first');
    expect(heard).toEqual([]);
    listen('second');
    await Promise.resolve();
    expect(heard).toEqual([['first', { kind: 'openFiles', paths: FIRST }]]);
  });

  it('go to the newest of the pages that are open, and no other', () => {
    listen('first');
    const close = listen('second');
    expect(handover.open(FIRST)).toBe(true);
    close();
    expect(handover.open(['/b.avatar', '/c.png'])).toBe(true);
    expect(heard).toEqual([
      ['second', { kind: 'openFiles', paths: FIRST }],
      ['first', { kind: 'openFiles', paths: ['/b.avatar', '/c.png'] }],
    ]);
  });

  it('are no request where there are none', () => {
    listen('first');
    expect(handover.open([])).toBe(true);
    expect(heard).toEqual([]);
  });
});
