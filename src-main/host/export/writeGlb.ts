import { NodeIO } from '@gltf-transform/core';
import { writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { throwIfCancelled } from '#common/contract/errors';
import type { WorkContext } from '#common/contract/progress';
import type { RgbaImage } from '#common/image/rasterImage';
import type { Avatar } from '#common/rig/avatar';
import { buildGlbDocument } from '#host/export/glb/buildGlbDocument';
import { compareGlb } from '#host/export/glb/compareGlb';
import { type GlbReport, glbReport } from '#host/export/glb/glbReport';
import { type GlbMotion, motionCurves } from '#host/export/glb/glbMotion';
import { UnlitExtension } from '#host/export/glb/unlitExtension';
import { validateGlb } from '#host/export/glb/validateGlb';
import { asWriteError } from '#host/files/diskErrors';
import { withOutputs } from '#host/files/outputTransaction';

export interface WriteGlbOptions extends WorkContext {
  /** Destination; appears only when the file is written, validated and compared. */
  readonly path: string;
  /** Becomes the one animation; `sampleGlbMotion` makes it of a clip. */
  readonly motion?: GlbMotion;
  /** JSON-safe facts for `asset.extras`: consent, licence, source. Merged over what is always there. */
  readonly extras?: Readonly<Record<string, unknown>>;
}

export interface WrittenGlb {
  readonly bytes: number;
  readonly report: GlbReport;
  readonly milliseconds: number;
}

const GENERATOR = 'AvatarArtist Studio';
/** No blocks to see at this quality; a 2048 x 2048 atlas of a face takes 1 to 1.5 MB. */
const JPEG_QUALITY = 92;

/**
 * Writes an avatar as GLB: one skinned, unlit mesh with the 52 ARKit morph targets, joints, atlas and at most one
 * animation. The bytes are then validated, read again and played against the avatar before they get their name.
 *
 * Correctives have no place in glTF, which only adds weighted targets; the report says how much they would move.
 * Throws `input.badMotion`, `avatar.damaged`, `export.invalidGltf`, `disk.*`, `job.cancelled`; nothing is left
 * behind then. About 1 s of one core for 12,000 vertices.
 */
export async function writeGlb(avatar: Avatar, options: WriteGlbOptions): Promise<WrittenGlb> {
  const start = performance.now();
  const { motion, signal, onProgress } = options;
  const step = (stage: string, fraction: number): void => {
    throwIfCancelled(signal);
    onProgress?.({ stage, fraction });
  };
  step('glb', 0);
  const curves = motion === undefined ? undefined : motionCurves(motion);
  return await withOutputs(async (outputs) => {
    const path = await outputs.reserveFile(options.path);
    const atlasJpeg = await encodeAtlas(avatar.atlas);
    step('glb', 0.3);
    const document = buildGlbDocument({
      avatar,
      atlasJpeg,
      ...(motion === undefined || curves === undefined ? {} : { motion: { name: motion.name, curves } }),
      generator: GENERATOR,
      extras: {
        note: 'A synthetic, animatable likeness made from one portrait.',
        headModelVersion: avatar.fit.headModelVersion,
        ...options.extras,
      },
    });
    const bytes = await new NodeIO().registerExtensions([UnlitExtension]).writeBinary(document);
    step('glb', 0.5);
    const validation = await validateGlb(bytes);
    step('glb', 0.8);
    const comparison = await compareGlb(bytes, avatar.geometry, motion);
    step('glb', 0.95);
    await writeFile(path, bytes).catch((error: unknown) => {
      throw asWriteError(error, options.path);
    });
    step('glb', 1);
    const report = glbReport(avatar.geometry, motion, validation, comparison);
    return { bytes: bytes.length, report, milliseconds: performance.now() - start };
  });
}

async function encodeAtlas({ width, height, data }: RgbaImage): Promise<Uint8Array> {
  return await sharp(data, { raw: { width, height, channels: 4 } })
    .removeAlpha()
    .jpeg({ quality: JPEG_QUALITY, chromaSubsampling: '4:4:4' })
    .toBuffer();
}
