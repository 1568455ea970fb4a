import type { Command } from '$services/commands.svelte';
import type { Services } from '$services/context';
import { PROJECT_FILTERS } from '$services/project/projectFiles';

/**
 * The commands that belong to no panel. Panels register their own (playback, pose, view, export) while they are
 * mounted. Ids are what the desktop shell's menu sends.
 */
export function studioCommands(services: Services): readonly Command[] {
  return [...fileCommands(services), ...editCommands(services), ...windowCommands(services)];
}

function fileCommands({ project, files, importPortrait }: Services): readonly Command[] {
  const hasProject = (): boolean => project.current !== undefined && !project.isBusy;
  return [
    {
      id: 'avatar.make',
      title: 'Make an avatar from a picture',
      keys: ['Mod+N'],
      run: () => importPortrait.begin(),
    },
    {
      id: 'project.open',
      title: 'Open a project',
      keys: ['Mod+O'],
      run: async () => {
        const path = await files.pickOpen({ title: 'Open a project', filters: PROJECT_FILTERS });
        if (path !== undefined) await project.open(path);
      },
    },
    {
      id: 'project.save',
      title: 'Save the project',
      keys: ['Mod+S'],
      isEnabled: hasProject,
      run: () => project.save(),
    },
    {
      id: 'project.saveAs',
      title: 'Save the project as',
      keys: ['Mod+Shift+S'],
      isEnabled: hasProject,
      run: () => project.saveAs(),
    },
    {
      id: 'project.close',
      title: 'Close the project',
      isEnabled: hasProject,
      run: () => project.close(),
    },
  ];
}

function editCommands({ project }: Services): readonly Command[] {
  return [
    {
      id: 'edit.undo',
      title: 'Undo',
      keys: ['Mod+Z'],
      isEnabled: () => project.history.undoLabel !== undefined,
      run: () => project.undo(),
    },
    {
      id: 'edit.redo',
      title: 'Redo',
      keys: ['Mod+Shift+Z', 'Mod+Y'],
      isEnabled: () => project.history.redoLabel !== undefined,
      run: () => project.redo(),
    },
  ];
}

function windowCommands({ commands, settings }: Services): readonly Command[] {
  return [
    {
      id: 'window.palette',
      title: 'Find a command',
      keys: ['Mod+K', 'Mod+Shift+P'],
      isHidden: true,
      run: () => commands.openPalette(),
    },
    {
      id: 'window.reload',
      title: 'Reload the window',
      run: async () => {
        await settings.flush();
        location.reload();
      },
    },
  ];
}
