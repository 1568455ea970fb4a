import type { AvatarId } from '#common/contract/api/libraryApi';
import type { ProjectId, ProjectsApi } from '#common/contract/api/projectsApi';
import { AppError } from '#common/contract/errors';
import type { HostHandlers } from '#common/contract/hostApi';
import type { Clock } from '#host/clock';
import type { Log } from '#host/log';

export interface ProjectsOptions {
  /** The user's data folder; working copies live in `projects` below it. Created when first needed. */
  readonly dataDirectory: string;
  readonly appVersion: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Path and name of a library avatar. @throws AppError `library.noSuchAvatar` */
  readonly readLibraryAvatar: (
    avatarId: AvatarId,
  ) => Promise<{ readonly path: string; readonly name: string }>;
  /** Refuses paths the user has not granted (`files.outsideRoots`); without it every path is taken. */
  readonly checkPath?: (path: string) => Promise<void> | void;
}

/** Everything about projects that the host answers. */
export interface Projects {
  readonly handlers: Pick<HostHandlers, keyof ProjectsApi>;
  /**
   * The project's own copy of the avatar, for the byte route; also of working copies nobody has resumed.
   *
   * @throws AppError `project.notOpen`
   */
  avatarFileOf(projectId: ProjectId): string;
  /** Waits for writes under way and closes the journals; working copies stay for the next start. */
  dispose(): Promise<void>;
}

export function createProjects(options: ProjectsOptions): Projects {
  const missing = (): never => {
    throw new AppError('internal.invariant', `Projects are not built yet (${options.appVersion}).`);
  };
  return {
    handlers: {
      'projects.list': () => ({ recent: [], unclosed: [] }),
      'projects.create': missing,
      'projects.open': missing,
      'projects.resume': missing,
      'projects.append': missing,
      'projects.save': missing,
      'projects.close': missing,
      'projects.forgetRecent': missing,
    },
    avatarFileOf: missing,
    dispose: () => Promise.resolve(),
  };
}
