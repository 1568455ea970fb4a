import type { CheckedParams, HostHandlers, HostMethod } from '#common/contract/hostApi';

/** Lets a path through or throws `files.outsideRoots`. */
type Authorise = (path: string) => Promise<unknown>;

/**
 * Which members of which calls name files of this machine. `files.*` check theirs in every host; dialogs return
 * paths and take only hints.
 */
const NAMED_PATHS: {
  readonly [Method in HostMethod]?: (params: CheckedParams<Method>) => readonly (string | undefined)[];
} = {
  'avatars.make': ({ portrait, outDirectory }) => [
    ...(typeof portrait === 'string' ? [portrait] : referredPath(portrait)),
    outDirectory,
  ],
  'avatars.inspect': ({ avatar }) => [avatar],
  'avatars.export': ({ avatar, motion, glb, video, frames, still }) => [
    avatar,
    ...(motion !== undefined && 'file' in motion ? [motion.file] : []),
    glb,
    video,
    frames,
    still,
  ],
  'library.import': ({ file }) => referredPath(file),
  'models.import': ({ path }) => [path],
  'models.inspect': ({ model }) => modelPath(model),
  'models.run': ({ weights, inputs, out }) => [...modelPath(weights), inputs, out],
  'models.create': ({ out }) => [out],
  'portraits.inspect': ({ portrait }) => referredPath(portrait),
  'projects.open': ({ path }) => [path],
  'synthetic.generate': ({ out }) => [out],
  'synthetic.preview': ({ out }) => [out],
  'synthetic.verify': ({ folder }) => [folder],
  'projects.save': ({ path }) => [path],
};

/** The same handlers, which first ask about every path a call names. */
export function confineCalls(handlers: HostHandlers, authorise: Authorise): HostHandlers {
  const confined = Object.entries(handlers).map(([method, handler]) => {
    const namedPaths = NAMED_PATHS[method as HostMethod] as ((params: unknown) => (string | undefined)[]) | undefined; // prettier-ignore
    const call = handler as (params: unknown) => unknown;
    if (namedPaths === undefined) return [method, call];
    const asking = async (params: unknown): Promise<unknown> => {
      for (const path of namedPaths(params)) if (path !== undefined) await authorise(path);
      return await call(params);
    };
    return [method, asking];
  });
  return Object.fromEntries(confined) as HostHandlers;
}

function modelPath(reference: CheckedParams<'models.inspect'>['model']): string[] {
  return 'path' in reference ? [reference.path] : [];
}

function referredPath(reference: CheckedParams<'library.import'>['file']): string[] {
  return 'path' in reference ? [reference.path] : [];
}
