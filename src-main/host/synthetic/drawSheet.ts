import type { OverlayOptions } from 'sharp';
import sharp from 'sharp';
import type { DatasetRecipe } from '#common/synthetic/dataset/datasetRecipe';
import type { HeadFactory } from '#common/synthetic/dataset/HeadFactory';
import { writeFileAtomically } from '#host/files/writeFileAtomically';

/**
 * Writes a contact sheet of one domain: a row for each identity, in it every expression from every view.
 *
 * @param didRecord called after each picture
 * @throws AppError disk.full, disk.notWritable
 */
export async function drawSheet(
  heads: HeadFactory,
  recipe: DatasetRecipe,
  { domain, path }: { readonly domain: string; readonly path: string },
  didRecord: () => void,
): Promise<void> {
  const { size, identities, expressions, views } = recipe;
  const tiles: OverlayOptions[] = [];
  for (let identity = 0; identity < identities; identity++) {
    for (const { place, color } of heads.recordsOf(identity, [domain])) {
      tiles.push({
        input: Buffer.from(color),
        raw: { width: size, height: size, channels: 3 },
        left: (place.expression * views + place.view) * size,
        top: identity * size,
      });
      didRecord();
    }
  }
  const picture = sharp({
    create: { width: expressions * views * size, height: identities * size, channels: 3, background: '#000' },
  });
  await writeFileAtomically(path, await picture.composite(tiles).png().toBuffer());
}
