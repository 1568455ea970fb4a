import type { HeadModel } from '#common/head/headModel';
import { smoothStep } from '#common/math/smoothStep';
import { hashShare, latticeHash } from '#common/synthetic/pattern/latticeHash';
import { createCells, worleyCells } from '#common/synthetic/pattern/cellPattern';
import { simplexNoise } from '#common/synthetic/pattern/latticeNoise';
import { facePolylines, heightAt } from '#common/synthetic/heads/skin/facePolylines';
import type { FacePolylines } from '#common/synthetic/heads/skin/facePolylines';
import { beardCover, hairlineHeight } from '#common/synthetic/heads/hair/hairline';
import type { SkinAtlas } from '#common/synthetic/heads/skin/skinAtlas';
import { portableExp, squared } from '#common/math/portableMath';

/** Where on the mean head paint goes, a byte (255 = fully) for each of the atlas's texels. Shared by all people. */
export interface SkinZones {
  /** Thin skin with blood near the surface: cheeks, nose, ears, chin; 128 is none, below is pale. */
  readonly blood: Uint8Array;
  /** Under the eyes. */
  readonly rings: Uint8Array;
  /** Darker by nature: lids, around the mouth, neck. */
  readonly dusk: Uint8Array;
  readonly lips: Uint8Array;
  readonly lipLine: Uint8Array;
  /** Between the lips and in their corners, where little light gets. */
  readonly lipShade: Uint8Array;
  readonly eyeshadow: Uint8Array;
  readonly eyeliner: Uint8Array;
  readonly blush: Uint8Array;
  readonly beard: Uint8Array;
  /** Height over the hairline, 128 at it, 4 steps a millimetre. */
  readonly hairline: Uint8Array;
  readonly sun: Uint8Array;
  /** Gloss: forehead, nose, lower lip. */
  readonly oil: Uint8Array;
  /** Freckle profile, as if each cell of 2.2 mm had one. */
  readonly freckle: Uint8Array;
  /** Number of the freckle's cell. */
  readonly freckleCell: Uint8Array;
  readonly slow: readonly Uint8Array[];
  readonly mid: readonly Uint8Array[];
  readonly fine: readonly Uint8Array[];
}

type ByteZone = 'blood' | 'rings' | 'dusk' | 'lips' | 'lipLine' | 'lipShade' | 'eyeshadow' | 'eyeliner' | 'blush' | 'beard' | 'hairline' | 'sun' | 'oil'; // prettier-ignore

const cache = new WeakMap<SkinAtlas, SkinZones>();

/** About 1.5 s at 1024, once an atlas. */
export function skinZones(model: HeadModel, atlas: SkinAtlas): SkinZones {
  let zones = cache.get(atlas);
  if (zones === undefined) {
    zones = computeZones(model, atlas);
    cache.set(atlas, zones);
  }
  return zones;
}

function computeZones(model: HeadModel, atlas: SkinAtlas): SkinZones {
  const count = atlas.texels.length;
  const lines = facePolylines(model);
  const bytes = (): Uint8Array => new Uint8Array(count);
  const zones: Record<ByteZone, Uint8Array> = {
    blood: bytes(), rings: bytes(), dusk: bytes(), lips: bytes(), lipLine: bytes(), lipShade: bytes(), eyeshadow: bytes(),
    eyeliner: bytes(), blush: bytes(), beard: bytes(), hairline: bytes(), sun: bytes(), oil: bytes(),
  }; // prettier-ignore
  const { canonical } = atlas;
  for (let i = 0; i < count; i++) {
    const x = Math.abs(canonical[i * 3]) * 1000;
    const y = canonical[i * 3 + 1] * 1000;
    const z = canonical[i * 3 + 2] * 1000;
    paintBase(zones, i, [x, y, z], atlas);
    paintMakeup(zones, i, [x, y, z], lines);
    zones.beard[i] = 255 * beardCover(canonical[i * 3], canonical[i * 3 + 1], canonical[i * 3 + 2]);
    const line = hairlineHeight(canonical[i * 3], canonical[i * 3 + 2]);
    zones.hairline[i] = clampByte(128 + (canonical[i * 3 + 1] - line) * 4000);
  }
  return {
    ...zones,
    ...freckleZones(atlas),
    slow: [11, 12, 13].map((seed) => noiseZone(atlas, 22, seed)),
    mid: [21, 22, 23].map((seed) => noiseZone(atlas, 85, seed)),
    fine: [31, 32].map((seed) => noiseZone(atlas, 420, seed)),
  };
}

/** Gaussian of the distance to a point, millimetres. */
function near(p: readonly number[], x: number, y: number, z: number, reach: number): number {
  return portableExp(-(squared(p[0] - x) + squared(p[1] - y) + squared(p[2] - z)) / (2 * reach * reach));
}

function paintBase(
  zones: Record<ByteZone, Uint8Array>,
  i: number,
  p: readonly number[],
  atlas: SkinAtlas,
): void {
  const [x, y, z] = p;
  const ears = atlas.ears[i];
  const blood =
    0.8 * near(p, 40, -8, 82, 17) + 0.75 * near(p, 0, -16, 116, 11) + 0.45 * near(p, 14, -18, 104, 8) +
    0.35 * near(p, 0, -76, 92, 12) + 0.55 * ears - 0.25 * near(p, 0, 60, 100, 30) - 0.2 * near(p, 0, -5, 112, 6) -
    0.25 * near(p, 30, -40, 90, 14) + 0.4 * near(p, 22, 22, 90, 6); // prettier-ignore
  zones.blood[i] = clampByte(128 + 127 * blood);
  const under = portableExp(-squared((x - 31) / 13) - squared((y - 13 + (x - 31) * 0.08) / 5.5));
  zones.rings[i] = z > 60 ? clampByte(255 * Math.min(1, under + 0.5 * near(p, 19, 24, 90, 5))) : 0;
  const dusk =
    0.7 * atlas.eyelids[i] +
    0.28 * near(p, 0, -45, 100, 22) +
    0.3 * atlas.neck[i] +
    0.3 * near(p, 12, -22, 98, 5);
  zones.dusk[i] = clampByte(255 * Math.min(1, dusk));
  zones.sun[i] = clampByte(
    255 * Math.min(1, 0.9 * near(p, 36, 0, 86, 20) + near(p, 0, 0, 110, 18) + 0.45 * near(p, 0, 55, 100, 30)),
  );
  zones.oil[i] = clampByte(
    255 *
      Math.min(
        1,
        0.35 +
          0.55 * near(p, 0, -10, 114, 14) +
          0.4 * near(p, 0, 55, 102, 28) +
          0.2 * near(p, 38, 2, 85, 14) -
          0.2 * ears,
      ),
  );
}

function paintMakeup(
  zones: Record<ByteZone, Uint8Array>,
  i: number,
  p: readonly number[],
  lines: FacePolylines,
): void {
  const [x, y, z] = p;
  if (z < 55) return;
  const xm = x / 1000;
  const corner = lines.lipTop[lines.lipTop.length - 1][0] * 1000;
  if (x < corner + 8 && z > 80) {
    const top = heightAt(lines.lipTop, xm) * 1000;
    const bottom = heightAt(lines.lipBottom, xm) * 1000;
    const inside = Math.min(top - y, y - bottom, (corner - x) * 0.6 + 0.4);
    zones.lips[i] = clampByte(255 * smoothStep(-0.7, 1, inside));
    // The inside of the corners, seen when the mouth is open.
    if (x < 26.5 && z < 96.8 && Math.abs(y + 44.5) < 5) zones.lips[i] = 255;
    const gap = (heightAt(lines.lipInnerTop, xm) + heightAt(lines.lipInnerBottom, xm)) * 500;
    const hollow = portableExp(-squared((x - corner + 0.3) / 3.2) - squared((y - gap) / 1.9));
    const upper = 0.3 * smoothStep(-1, 2, y - gap) * (zones.lips[i] / 255);
    const seam = 0.45 * portableExp(-squared((y - gap) / 1.3)) * (1 - smoothStep(corner - 1, corner + 1, x));
    zones.lipShade[i] = clampByte(255 * Math.max(hollow, seam, upper));
    zones.lipLine[i] = clampByte(255 * portableExp(-squared(inside / 0.9)));
  }
  const lid = heightAt(lines.upperLid, xm) * 1000;
  const across = smoothStep(17, 24, x) * (1 - smoothStep(47, 54, x));
  zones.eyeshadow[i] = clampByte(
    255 * across * smoothStep(-2, 0.5, y - lid) * (1 - smoothStep(6, 13, y - lid)),
  );
  const low = heightAt(lines.lowerLid, xm) * 1000;
  const upper = portableExp(-squared((y - lid - 0.6) / (0.5 + 0.014 * Math.max(0, x - 20))));
  const lower = 0.45 * portableExp(-squared((y - low + 0.4) / 0.5));
  zones.eyeliner[i] = clampByte(
    255 * smoothStep(19, 25, x) * (1 - smoothStep(46, 49, x)) * Math.max(upper, lower),
  );
  const slant = (x - 48) * 0.8 + (y - 2) * 0.6;
  const cross = -(x - 48) * 0.6 + (y - 2) * 0.8;
  zones.blush[i] = clampByte(255 * portableExp(-squared(slant / 17) - squared(cross / 9)));
}

function freckleZones(atlas: SkinAtlas): Pick<SkinZones, 'freckle' | 'freckleCell'> {
  const count = atlas.texels.length;
  const points = { count, canonical: atlas.canonical, footprint: new Float32Array(count) };
  const cells = createCells(count);
  worleyCells(points, { frequency: 420, seed: 77 }, cells);
  const freckle = new Uint8Array(count);
  const freckleCell = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const radius = 0.0005 + 0.0006 * hashShare(cells.cell[i], 1);
    freckle[i] = 255 * (1 - smoothStep(radius * 0.4, radius, cells.nearest[i]));
    freckleCell[i] = cells.cell[i] & 255;
  }
  return { freckle, freckleCell };
}

const scratch = new Float64Array(4);

/** Two octaves of noise, 128 is zero. */
function noiseZone(atlas: SkinAtlas, frequency: number, seed: number): Uint8Array {
  const { canonical } = atlas;
  const shift = latticeHash(seed, 0, 0, 5) & 15;
  return Uint8Array.from({ length: atlas.texels.length }, (_, i) => {
    const x = canonical[i * 3] * frequency + shift;
    const y = canonical[i * 3 + 1] * frequency;
    const z = canonical[i * 3 + 2] * frequency;
    simplexNoise(x, y, z, seed, scratch);
    const first = scratch[0];
    simplexNoise(x * 2.1, y * 2.1, z * 2.1, seed + 7, scratch);
    return clampByte(128 + 85 * (first + 0.5 * scratch[0]));
  });
}

function clampByte(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : value;
}
