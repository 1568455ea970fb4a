import { describe, expect, it } from 'vitest';
import type { ShellRequest } from '#common/contract/events';
import { createFileHandover } from '#server/fileHandover';

describe('files for a browser window', () => {
  it('go to the first page that listens, once', async () => {
    const handover = createFileHandover({
      dispatch: () => Promise.resolve(undefined),
      subscribe: () => () => undefined,
    });
    const heard: [string, ShellRequest][] = [];
    const listen = (name: string) =>
      handover.door.subscribe('shell.didRequest', (request) => heard.push([name, request]));
    handover.open(['/home/ada/a.avatarartist']);
    handover.door.subscribe('library.didChange', () => heard.push(['wrong', { kind: 'close' }]));
    listen('gone')();
    listen('first');
    expect(heard).toEqual([]);
    listen('second');
    await Promise.resolve();
    expect(heard).toEqual([['first', { kind: 'openFile', path: '/home/ada/a.avatarartist' }]]);
  });
});
