import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { FilesApi } from '#common/contract/api/filesApi';
import { AppError } from '#common/contract/errors';
import type { CheckedParams, HostHandlers, HostMethod } from '#common/contract/hostApi';
import { asWriteError, systemCode } from '#host/files/diskErrors';
import type { FileAccess } from '#host/files/fileAccess';
import { listFolder } from '#host/files/listFolder';

/** File dialogs of the desktop; a cancelled one gives no path. The paths they give are granted. */
export interface NativeDialogs {
  openFile(params: CheckedParams<'dialogs.openFile'>): Promise<{ readonly path?: string }>;
  saveFile(params: CheckedParams<'dialogs.saveFile'>): Promise<{ readonly path?: string }>;
}

export interface FilesHandlersOptions {
  readonly access: FileAccess;
  readonly nativeDialogs: NativeDialogs | undefined;
  readonly reveal: ((path: string) => void | Promise<void>) | undefined;
}

/** `files.*` and `dialogs.*`; what the shell did not bring is `capability.missing`. */
export function createFilesHandlers(options: FilesHandlersOptions): Pick<HostHandlers, keyof FilesApi> {
  const { access, nativeDialogs, reveal } = options;
  const grantChosen = (chosen: { readonly path?: string }): { readonly path?: string } => {
    if (chosen.path === undefined) return {};
    access.grant(chosen.path);
    return { path: chosen.path };
  };
  return {
    'files.roots': async () => ({ roots: await access.roots() }),
    'files.list': ({ path }) => listFolder(path, access),
    'files.createFolder': async ({ parent, name }) => ({ path: await createFolder(parent, name, access) }),
    'files.reveal': async ({ path }) => {
      if (reveal === undefined) throw missingCapability('files.reveal');
      await reveal(await access.insideRoots(path));
      return {};
    },
    'dialogs.openFile': async (params) => {
      if (nativeDialogs === undefined) throw missingCapability('dialogs.openFile');
      return grantChosen(await nativeDialogs.openFile(params));
    },
    'dialogs.saveFile': async (params) => {
      if (nativeDialogs === undefined) throw missingCapability('dialogs.saveFile');
      return grantChosen(await nativeDialogs.saveFile(params));
    },
  };
}

async function createFolder(parent: string, name: string, access: FileAccess): Promise<string> {
  // Dots alone would climb, and Windows drops them at the end.
  if (/^[.\s]|[.\s]$/.test(name)) {
    throw new AppError('input.badOption', 'A folder name may not begin or end with a dot or a space.');
  }
  const path = await access.insideRoots(join(await access.insideRoots(parent), name));
  try {
    await mkdir(path);
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw asWriteError(error, path);
    throw new AppError('disk.notWritable', `There is already something called "${name}" here.`, {
      cause: error,
    });
  }
  return path;
}

function missingCapability(method: HostMethod): AppError {
  return new AppError('capability.missing', `This host does not offer ${method}.`, { details: { method } });
}
