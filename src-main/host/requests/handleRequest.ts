import { join } from 'node:path';
import type { AvatarId } from '#common/contract/api/libraryApi';
import { avatarIdSchema } from '#common/contract/api/libraryApi';
import type { ProjectId } from '#common/contract/api/projectsApi';
import { projectIdSchema } from '#common/contract/api/projectsApi';
import { AppError } from '#common/contract/errors';
import type { Log } from '#host/log';
import { createAvatarEntries } from '#host/requests/avatarEntries';
import { pageHeaders } from '#host/requests/contentSecurityPolicy';
import { findPageFile } from '#host/requests/pageRoute';
import { methodNotAllowed, notFound, respondWith, respondWithError } from '#host/requests/respond';
import { safeSegments } from '#host/requests/safeSegments';
import type { ServedContent } from '#host/requests/servedContent';
import { createFileContents, REVALIDATED } from '#host/requests/servedContent';
import { receiveUpload } from '#host/requests/uploadRoute';
import type { UploadStore } from '#host/uploads/uploadStore';

export interface RequestServices {
  readonly uploads: UploadStore;
  /** @throws AppError `library.noSuchAvatar` */
  readonly avatarFileOf: (avatarId: AvatarId) => string | Promise<string>;
  /** The copy of the avatar that an open project has. @throws AppError `project.notOpen` */
  readonly projectAvatarFileOf: (projectId: ProjectId) => string | Promise<string>;
  readonly pageDirectory: string | undefined;
  readonly motionsDirectory: string;
  readonly samplesDirectory: string;
  /** `<id>.webp` of every look. */
  readonly looksDirectory: string;
  readonly log: Log;
}

type FindContent = (segments: readonly string[]) => Promise<ServedContent | undefined>;

const READING = ['GET', 'HEAD'];

/**
 * The byte half of the host: a web-standard handler that both shells mount. It trusts nothing in the request;
 * who may ask at all (token, Origin, Host) the shell has checked. Unknown paths are 404, never an error; what
 * goes wrong comes as the wire record of its AppError.
 */
export function createRequestHandler(services: RequestServices): (request: Request) => Promise<Response> {
  const routes = createRoutes(services);
  const files = createFileContents();
  const { pageDirectory, uploads, log } = services;

  const answer = async (request: Request): Promise<Response> => {
    const url = new URL(request.url);
    const segments = safeSegments(url.pathname);
    if (segments === undefined) return notFound();
    const [family = ''] = segments;
    if (segments.length === 1 && family === 'uploads') {
      return request.method === 'POST' ? await receiveUpload(request, uploads) : methodNotAllowed(['POST']);
    }
    const route = routes.get(family);
    const isPage = route === undefined;
    const content = isPage
      ? pageDirectory && (await findPageFile(pageDirectory, segments, files))
      : await route(segments.slice(1));
    if (!content) return notFound();
    if (!READING.includes(request.method)) return methodNotAllowed(READING);
    return await respondWith(request, content, isPage ? pageHeaders(url) : {});
  };

  return async (request) => {
    try {
      return await answer(request);
    } catch (error) {
      if (!(error instanceof AppError)) {
        log.write('error', 'A request failed', { method: request.method, error: String(error) });
      }
      return respondWithError(error);
    }
  };
}

/** First part of the path -> what lies below it. */
function createRoutes(services: RequestServices): ReadonlyMap<string, FindContent> {
  const files = createFileContents();
  const entries = createAvatarEntries();
  const namedFile =
    (folder: string, ending: RegExp): FindContent =>
    async ([name = '', ...rest]) =>
      rest.length > 0 || !ending.test(name) ? undefined : await files.find(join(folder, name), REVALIDATED);
  return new Map<string, FindContent>([
    [
      'avatars',
      async ([id, entryName = '', ...rest]) => {
        const avatarId = avatarIdSchema.safeParse(id);
        if (!avatarId.success || rest.length > 0) return undefined;
        return await entries.find(await services.avatarFileOf(avatarId.data), entryName);
      },
    ],
    [
      'projects',
      async ([id, folder, entryName = '', ...rest]) => {
        const projectId = projectIdSchema.safeParse(id);
        if (!projectId.success || folder !== 'avatar' || rest.length > 0) return undefined;
        return await entries.find(await services.projectAvatarFileOf(projectId.data), entryName);
      },
    ],
    [
      'uploads',
      async ([id = '', kind, ...rest]) => {
        const preview = kind === 'preview' && rest.length === 0 ? services.uploads.previewOf(id) : undefined;
        return preview === undefined ? undefined : await files.find(preview, REVALIDATED);
      },
    ],
    ['motions', namedFile(services.motionsDirectory, /^[a-z0-9-]+\.json$/)],
    ['looks', namedFile(services.looksDirectory, /^[a-z0-9-]+\.webp$/)],
    ['samples', namedFile(services.samplesDirectory, /^[a-z0-9-]+\.png$/)],
  ]);
}
