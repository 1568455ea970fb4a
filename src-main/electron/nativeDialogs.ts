import type { FileFilter } from '#common/contract/api/filesApi';
import type { DialogSlice, FileDialogOptions, WindowSlice } from '#electron/shellApi';
import { asNative } from '#electron/shellApi';
import type { NativeDialogs } from '#host/files/createFilesHandlers';

/** The desktop's own file dialogs behind the contract's `dialogs.*`, as sheets of the window in front. */
export function createNativeDialogs(
  dialog: DialogSlice,
  windowInFront: () => WindowSlice | undefined,
): NativeDialogs {
  return {
    async openFile({ title, filters, directory }) {
      const window = windowInFront();
      if (window === undefined) return {};
      const options = dialogOptions(title, filters, directory);
      const chosen = await dialog.showOpenDialog(asNative(window), { ...options, properties: ['openFile'] });
      return chosen.canceled || chosen.filePaths.length === 0 ? {} : { path: chosen.filePaths[0] };
    },
    async saveFile({ title, filters, suggestedPath }) {
      const window = windowInFront();
      if (window === undefined) return {};
      const options = dialogOptions(title, filters, suggestedPath);
      const chosen = await dialog.showSaveDialog(asNative(window), options);
      return chosen.canceled || chosen.filePath === '' ? {} : { path: chosen.filePath };
    },
  };
}

function dialogOptions(
  title: string,
  filters: readonly FileFilter[],
  defaultPath: string | undefined,
): FileDialogOptions {
  return {
    title,
    ...(defaultPath === undefined ? {} : { defaultPath }),
    filters: filters.map(({ name, endings }) => ({ name, extensions: [...endings] })),
  };
}
