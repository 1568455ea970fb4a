import type { MenuItemConstructorOptions } from 'electron';

/**
 * The application's menu. Items of the studio carry the id of a command of the page; what the system does itself has
 * a role. Keys of commands are only shown: the page handles them, so that they work alike in both shells and stay
 * free for text fields (macOS lets the page go first anyway).
 *
 * @param runCommand asks the page to run one of its commands
 */
export function menuTemplate(
  platform: NodeJS.Platform,
  runCommand: (commandId: string) => void,
  isDeveloper: boolean,
): MenuItemConstructorOptions[] {
  const isMac = platform === 'darwin';
  const command = (label: string, commandId: string, accelerator?: string): MenuItemConstructorOptions => ({
    id: commandId,
    label,
    ...(accelerator === undefined ? {} : { accelerator, registerAccelerator: false }),
    click: () => runCommand(commandId),
  });
  const line: MenuItemConstructorOptions = { type: 'separator' };

  const file: MenuItemConstructorOptions[] = [
    command('New avatar…', 'avatar.make', 'CmdOrCtrl+N'),
    command('Open project…', 'project.open', 'CmdOrCtrl+O'),
    // Only macOS fills this menu itself; elsewhere the recent documents are in the task bar and in the gallery.
    ...(isMac ? [RECENT] : []),
    line,
    command('Save', 'project.save', 'CmdOrCtrl+S'),
    command('Save as…', 'project.saveAs', 'CmdOrCtrl+Shift+S'),
    command('Close project', 'project.close'),
    line,
    command('Export 3D model…', 'export.glb'),
    command('Export video…', 'export.video'),
    line,
    isMac ? { role: 'close' } : { role: 'quit' },
  ];
  const edit: MenuItemConstructorOptions[] = [
    command('Undo', 'edit.undo', 'CmdOrCtrl+Z'),
    command('Redo', 'edit.redo', isMac ? 'Cmd+Shift+Z' : 'Ctrl+Y'),
    line,
    { role: 'cut' },
    { role: 'copy' },
    { role: 'paste' },
    { role: 'selectAll' },
    line,
    command('Reset the pose', 'pose.reset'),
  ];
  const view: MenuItemConstructorOptions[] = [
    command('Background', 'view.background', 'B'),
    command('Source picture', 'view.overlay', 'O'),
    command('Safe angles', 'view.safeCone', 'G'),
    command('Reset the camera', 'view.resetCamera', '0'),
    line,
    command('Play or pause', 'playback.toggle', 'Space'),
    command('All commands…', 'window.palette', 'CmdOrCtrl+K'),
    line,
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { role: 'togglefullscreen' },
    ...(isDeveloper ? ([line, { role: 'reload' }, { role: 'toggleDevTools' }] as const) : []),
  ];
  return [
    ...(isMac ? [{ role: 'appMenu' } as const] : []),
    { label: '&File', submenu: file },
    { label: '&Edit', submenu: edit },
    { label: '&View', submenu: view },
    { role: 'windowMenu' },
  ];
}

const RECENT: MenuItemConstructorOptions = {
  role: 'recentDocuments',
  submenu: [{ role: 'clearRecentDocuments' }],
};
