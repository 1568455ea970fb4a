import type { WorkContext } from '#common/contract/progress';
import { invariant, throwIfCancelled } from '#common/contract/errors';
import type { ColorImage } from '#common/image/colorImage';
import { createColorImage } from '#common/image/colorImage';
import { pushPullHole } from '#common/image/pushPull';
import type { FloatImage, RgbaImage } from '#common/image/rasterImage';
import { underJawMask } from '#common/reconstruction/texture/head/underJaw';
import { backgroundPlate } from '#common/reconstruction/texture/surroundings/backgroundPlate';
import { bakeSeen, createSeenTexels, cropPyramid } from '#common/reconstruction/texture/head/bakeSeen';
import { completeSkin } from '#common/reconstruction/texture/head/completeSkin';
import { paintEyes } from '#common/reconstruction/texture/head/eyeTexture';
import { partNumber, rasterizeHeadChart } from '#common/reconstruction/texture/head/headChart';
import { paintMouth } from '#common/reconstruction/texture/head/mouthTexture';
import type { PictureTone } from '#common/reconstruction/texture/view/pictureTone';
import { measureTone } from '#common/reconstruction/texture/view/pictureTone';
import { skinTrust } from '#common/reconstruction/texture/view/pictureTrust';
import { shellTexture } from '#common/reconstruction/texture/surroundings/shellTexture';
import type { SourceView } from '#common/reconstruction/texture/view/sourceView';
import { viewSource } from '#common/reconstruction/texture/view/sourceView';
import type { TextureInput, TextureOptions, TextureReport, TextureResult } from '#common/reconstruction/texture/textureInput'; // prettier-ignore

const DEFAULT_SIZE = 1024;

/**
 * Makes the avatar's texture from the source crop. The atlas is 2S x S: the left square is the head model's
 * chart (HeadModel.uvs with u halved), the right one the shell's, the crop itself (u = 0.5 + 0.5 cropX / width,
 * v = cropY / height) without background and without face. The source's light stays in the texture.
 *
 *     crop + matte ── plate (person removed) ─┐
 *       │                                     ├─ shell square
 *       ├─ view of the posed mesh ────────────┘
 *       └─ seen texels ─ mirrored ─ filled ── skin │ eyes │ mouth ── head square
 *
 * Deterministic. Reports progress as stage 'texture'.
 * @throws AppError `job.cancelled`; `internal.invariant` when sizes do not match.
 */
export function reconstructTexture(
  input: TextureInput,
  options: TextureOptions = {},
  context: WorkContext = {},
): TextureResult {
  const { geometry, crop, matte, posedPositions } = input;
  const size = options.size ?? DEFAULT_SIZE;
  invariant(crop.width === crop.height, `the source crop is square, not ${crop.width} x ${crop.height}`);
  invariant(matte.width === matte.height, `the matte is square, not ${matte.width} x ${matte.height}`);
  invariant(
    posedPositions.length === geometry.positions.length,
    `${posedPositions.length / 3} posed vertices for a mesh of ${geometry.positions.length / 3}`,
  );
  const step = (fraction: number) => {
    throwIfCancelled(context.signal);
    context.onProgress?.({ stage: 'texture', fraction });
  };
  step(0);
  const view = viewSource(input);
  const look = lookAtCrop(input, view);
  step(0.1);
  const background = backgroundPlate(input, context);
  step(0.4);
  const head = paintHead(input, view, look, size);
  step(0.75);
  const shell = shellTexture(input, view, { size, plate: background.plate, tone: look.tone }, context);
  step(0.95);
  const atlas = joinSquares(head.square, shell);
  step(1);
  return { atlas, plate: background.plate, report: { ...head.report, plate: background.method } };
}

/** The crop prepared for sampling: what of it is surely skin, its halvings, its typical colours. */
interface CropLook {
  readonly trust: FloatImage;
  readonly pyramid: readonly ColorImage[];
  readonly tone: PictureTone;
}

function lookAtCrop(input: TextureInput, view: SourceView): CropLook {
  const trust = skinTrust(input, view);
  const pyramid = cropPyramid(input);
  return { trust, pyramid, tone: measureTone(input, view, trust, pyramid[0]) };
}

function paintHead(
  input: TextureInput,
  view: SourceView,
  look: CropLook,
  size: number,
): { readonly square: ColorImage; readonly report: Omit<TextureReport, 'plate'> } {
  const chart = rasterizeHeadChart(input.geometry, size);
  const { trust, pyramid, tone } = look;
  const square = createColorImage(size, size);
  const seen = createSeenTexels(size);
  const underJaw = underJawMask(input);
  const part = partNumber(input.geometry, 'skin');
  bakeSeen(input, chart, view, { part, trust, pyramid, doubt: underJaw }, seen);
  const skin = completeSkin(input, chart, seen, { tone, underJaw }, square);
  const bake = { input, chart, view, pyramid, tone, seen, target: square };
  const eyes = paintEyes(bake);
  const mouth = paintMouth(bake);
  // Between the charts: neighbours' colours, so that filtering and mip levels do not darken the seams.
  pushPullHole(
    square,
    chart.part.map((part) => (part === 0 ? 0 : 1)),
  );
  return {
    square,
    report: {
      parts: [skin, ...eyes.coverage, ...mouth.coverage],
      eyesSeen: eyes.seen,
      teethSeen: mouth.teethSeen,
    },
  };
}

/** Two encoded squares side by side as an opaque 8-bit picture. */
function joinSquares(left: ColorImage, right: ColorImage): RgbaImage {
  const size = left.width;
  const data = new Uint8Array(size * size * 8);
  for (const [side, square] of [left, right].entries()) {
    for (let y = 0; y < size; y++) {
      let to = (y * 2 * size + side * size) * 4;
      let from = y * size * 3;
      for (let x = 0; x < size; x++, to += 4, from += 3) {
        for (let c = 0; c < 3; c++) {
          const value = square.data[from + c] * 255 + 0.5;
          data[to + c] = value <= 0 ? 0 : value >= 255 ? 255 : value;
        }
        data[to + 3] = 255;
      }
    }
  }
  return { width: 2 * size, height: size, data };
}
