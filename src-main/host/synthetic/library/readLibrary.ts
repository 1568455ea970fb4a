import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import sharp from 'sharp';
import { AppError } from '#common/contract/errors';
import type { HeadModel } from '#common/head/headModel';
import { meanPlaces, placeHair } from '#common/synthetic/library/placeHair';
import { readSourceSurface, readSourceVertices, skinCorners } from '#common/synthetic/library/sourceSurface';
import type { LibraryTexture, SyntheticLibrary } from '#common/synthetic/library/syntheticLibrary';
import { unpackedPath } from '#host/files/fetchNpmFiles';
import { systemCode } from '#host/files/diskErrors';
import { BODY_FILE, HAIR_FILES, LIBRARY_FILES, SKIN_FILES } from '#host/synthetic/library/makehumanFiles';

/** SHA-256 of all files in LIBRARY_FILES' order: what everyone's pictures are made of. */
const LIBRARY_SHA256 = '6e6325e18ce898caf721a40fdb9dc701939e85e041fa8c7da1f89193a2619b32';

export interface LibrarySources {
  /** What `prepareLibrary` returned. */
  readonly folder: string;
  readonly model: HeadModel;
  /** The project's `assets` folder: how the head model was cut from the library's body. */
  readonly assetsDirectory: string;
}

/**
 * Reads and decodes a library: half a second and 40 MB, so once a thread.
 *
 * @throws AppError `model.missing`, `model.hashMismatch` where files of the cache are gone or changed
 */
export async function readLibrary({
  folder,
  model,
  assetsDirectory,
}: LibrarySources): Promise<SyntheticLibrary> {
  const files = await readFiles(folder);
  const json = (path: string): unknown => JSON.parse(Buffer.from(bytesOf(files, path)).toString('utf8'));
  const surface = readSourceSurface(json(BODY_FILE));
  const sourceOf = readSourceVertices(
    await readFile(join(assetsDirectory, 'head', 'source-vertices-v1.bin')),
  );
  const placeOf = meanPlaces(model, sourceOf, surface);
  const skins = await Promise.all(
    SKIN_FILES.map(async ({ path, ...skin }) => ({
      ...skin,
      texture: await decode(bytesOf(files, path), 3),
    })),
  );
  const hair = await Promise.all(
    HAIR_FILES.map(async ({ name, mesh, texture }) =>
      placeHair(name, json(mesh), placeOf, await decode(bytesOf(files, texture), 4)),
    ),
  );
  return { name: 'makehuman', skins, skinCorners: skinCorners(model, sourceOf, surface), hair };
}

async function readFiles(folder: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  const hash = createHash('sha256');
  for (const path of LIBRARY_FILES) {
    const bytes = await readFile(unpackedPath(folder, path)).catch((error: unknown) => {
      throw new AppError('model.missing', `${basename(path)} of the library cannot be read (${systemCode(error) ?? String(error)}).`, { cause: error }); // prettier-ignore
    });
    hash.update(bytes);
    files.set(path, bytes);
  }
  const actual = hash.digest('hex');
  if (actual === LIBRARY_SHA256) return files;
  throw new AppError(
    'model.hashMismatch',
    `The library in the cache folder "${basename(folder)}" is not what it was when fetched (SHA-256 ${actual}). Delete that folder and try again.`,
  );
}

function bytesOf(files: ReadonlyMap<string, Uint8Array>, path: string): Uint8Array {
  const bytes = files.get(path);
  if (bytes === undefined) throw new AppError('internal.invariant', `${path} is no file of the library`);
  return bytes;
}

async function decode(bytes: Uint8Array, channels: 3 | 4): Promise<LibraryTexture> {
  const picture = sharp(bytes).toColourspace('srgb');
  const { data, info } = await (channels === 4 ? picture.ensureAlpha() : picture.removeAlpha())
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, channels, data: new Uint8Array(data) };
}
