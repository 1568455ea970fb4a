import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** The part of the process that decides where data goes; tests pass their own. */
export interface DataDirectorySurroundings {
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly home: string;
}

/**
 * Where the studio keeps what belongs to the user: `AVATARARTIST_DATA`, or the place the system has for it.
 * Nothing is created; whoever writes there first does that.
 */
export function defaultDataDirectory(surroundings: Partial<DataDirectorySurroundings> = {}): string {
  const { platform = process.platform, environment = process.env, home = homedir() } = surroundings;
  const override = environment['AVATARARTIST_DATA'];
  if (override !== undefined && override !== '') return resolve(override);
  if (platform === 'win32') {
    return join(environment['APPDATA'] ?? join(home, 'AppData', 'Roaming'), 'AvatarArtist');
  }
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'AvatarArtist');
  const shared = environment['XDG_DATA_HOME'];
  // The XDG specification wants relative values ignored.
  const base = shared?.startsWith('/') === true ? shared : join(home, '.local', 'share');
  return join(base, 'avatarartist');
}

/** The folders of the data directory, by what lies in them. Paths only; see ARCHITECTURE.md, "Data". */
export interface DataFolders {
  readonly root: string;
  /** `<avatarId>.avatar` and `index.json`, which is derived from them. */
  readonly avatars: string;
  /** `<avatarId>.avatar`, until it is restored. */
  readonly trash: string;
  /** Working copies. */
  readonly projects: string;
  /** One folder per running host. */
  readonly uploads: string;
  /** Imported weights: `manifests`, `objects`, unfinished `imports`. */
  readonly models: string;
  /** What can be fetched or made again; safe to delete. */
  readonly cache: string;
  readonly settings: string;
}

export function dataFolders(root: string): DataFolders {
  return {
    root,
    avatars: join(root, 'avatars'),
    trash: join(root, 'trash'),
    projects: join(root, 'projects'),
    uploads: join(root, 'uploads'),
    models: join(root, 'models'),
    cache: join(root, 'cache'),
    settings: join(root, 'settings.json'),
  };
}
