import type { HeadModel } from '#common/head/headModel';
import type { SyntheticLibrary } from '#common/synthetic/library/syntheticLibrary';
import { libraryNameSchema } from '#common/synthetic/library/syntheticLibrary';
import { dataFolders, defaultDataDirectory } from '#host/data/dataDirectory';
import { prepareLibrary } from '#host/synthetic/library/prepareLibrary';
import { readLibrary } from '#host/synthetic/library/readLibrary';

/** The library a tool was asked for with `--library`, out of the studio's own cache; undefined for `none`. */
export async function openLibrary(name: string, model: HeadModel): Promise<SyntheticLibrary | undefined> {
  const folder = await prepareLibrary(
    libraryNameSchema.parse(name),
    dataFolders(defaultDataDirectory()).cache,
  );
  return folder === undefined ? undefined : readLibrary({ folder, model, assetsDirectory: 'assets' });
}
