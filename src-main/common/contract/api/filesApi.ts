import { z } from 'zod';

/** A folder the user has granted: home, its usual folders, mounted drives. Paths outside all roots are refused. */
export interface FileRoot {
  readonly name: string;
  readonly path: string;
}

export interface FileEntry {
  readonly name: string;
  readonly path: string;
  readonly kind: 'file' | 'folder';
  readonly bytes: number;
  /** ISO 8601. */
  readonly modified: string;
}

/** What a file dialog offers: a name for people and the endings without dots, such as `{name: 'Video', endings: ['webm', 'mp4']}`. */
export interface FileFilter {
  readonly name: string;
  readonly endings: readonly string[];
}

export interface FilesApi {
  'files.roots': { params: Record<never, never>; result: { readonly roots: readonly FileRoot[] } };
  /** Folders first, each sorted by name; hidden files are left out. `parent` is absent at a root. */
  'files.list': {
    params: { path: string };
    result: { readonly path: string; readonly parent?: string; readonly entries: readonly FileEntry[] };
  };
  'files.createFolder': { params: { parent: string; name: string }; result: { readonly path: string } };
  /** Shows a file in the desktop's file manager; only with the capability `revealInFolder`. */
  'files.reveal': { params: { path: string }; result: Record<never, never> };
  /** Native dialogs, only with the capability `nativeDialogs`; `path` is absent where the user cancelled. */
  'dialogs.openFile': {
    params: { title: string; filters: readonly FileFilter[]; directory?: string };
    result: { readonly path?: string };
  };
  'dialogs.saveFile': {
    params: { title: string; filters: readonly FileFilter[]; suggestedPath?: string };
    result: { readonly path?: string };
  };
}

const path = z.string().min(1, 'must name a file');
const filters = z.array(
  z.strictObject({ name: z.string(), endings: z.array(z.string().regex(/^[a-z0-9]{1,16}$/i)) }),
);

export const FILES_PARAMS = {
  'files.roots': z.strictObject({}),
  'files.list': z.strictObject({ path }),
  'files.createFolder': z.strictObject({
    parent: path,
    name: z
      .string()
      .min(1)
      .max(200)
      .regex(/^[^/\\:*?"<>|\p{Cc}]+$/u, 'must work as a folder name'),
  }),
  'files.reveal': z.strictObject({ path }),
  'dialogs.openFile': z.strictObject({ title: z.string(), filters, directory: path.optional() }),
  'dialogs.saveFile': z.strictObject({ title: z.string(), filters, suggestedPath: path.optional() }),
} as const satisfies { readonly [Method in keyof FilesApi]: z.ZodType };
