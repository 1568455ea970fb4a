import type { HeadModel } from '#common/head/headModel';
import { smoothStep } from '#common/math/smoothStep';
import { vertexNormals, weldByPosition } from '#common/raster/shading/vertexNormals';
import { hatEdge } from '#common/synthetic/heads/accessories/hatPieces';
import type { HairGround } from '#common/synthetic/heads/hair/hairPieces';
import { hairShares } from '#common/synthetic/heads/hair/hairPieces';
import type { HeadHull } from '#common/synthetic/heads/hair/headHull';
import { HULL_CENTRE_Y } from '#common/synthetic/heads/hair/headHull';
import { lockMaterial } from '#common/synthetic/heads/hair/lockMaterial';
import { modelledSheet } from '#common/synthetic/heads/hair/modelledSheet';
import type { IdentityRecipe } from '#common/synthetic/heads/identityRecipe';
import type { HeadPiece } from '#common/synthetic/heads/syntheticHead';
import type { LibraryHair } from '#common/synthetic/library/syntheticLibrary';
import { norm3, portableAngle } from '#common/math/portableMath';

/** Metres a texel of the library's pictures is on hair, about. */
const TEXEL_SIDE = 0.0006;

/** How one person wears a modelled style. */
export interface WornHair {
  readonly hair: LibraryHair;
  readonly isMirrored: boolean;
  /** Against the model's own, of what hangs below the ears. */
  readonly length: number;
}

/** A modelled style on a person's head: carried along by the scalp's shape, pushed out of the skin, in the person's colour. */
export function modelledHair(ground: HairGround, recipe: IdentityRecipe, worn: WornHair): HeadPiece[] {
  const { hair } = worn;
  const canonical = styled(worn);
  const rest = carried(canonical, ground);
  pushOut(rest, ground.hull);
  const indices = worn.isMirrored ? turned(hair.indices) : hair.indices;
  const count = rest.length / 3;
  const covers = new Float32Array(count);
  const tints = new Float32Array(count * 3);
  const normals = smoothNormals(rest, indices);
  for (let v = 0; v < count; v++) {
    const [x, y, z] = [canonical[v * 3], canonical[v * 3 + 1], canonical[v * 3 + 2]];
    const edge = hatEdge(recipe, portableAngle(Math.abs(x), z - 0.005));
    covers[v] = edge !== undefined && y > edge ? 0 : 1;
    tints.set([1, recipe.hair.grey * 0.9, 0.95], v * 3);
  }
  return [
    {
      name: 'hair',
      part: 'hair',
      layer: 'blended',
      isDoubleSided: true,
      indices,
      uvs: hair.uvs,
      canonical,
      rest,
      follow: { kind: 'joints', shares: hairShares(rest) },
      material: lockMaterial({
        color: [...recipe.hair.color],
        tangents: strandDirections(rest, hair.uvs, indices),
        ...{ normals, tints, covers },
        shine: 0.8,
        isSolid: false,
        texelSide: TEXEL_SIDE,
        sheet: modelledSheet(hair),
      }),
    },
  ];
}

/** The style on the mean head, mirrored and as long as wanted. */
function styled({ hair, isMirrored, length }: WornHair): Float32Array {
  return hair.positions.map((value, k) => {
    if (k % 3 === 0) return isMirrored ? -value : value;
    if (k % 3 === 2) return value;
    return value < HANGS ? HANGS + (value - HANGS) * length : value;
  });
}

/** Hair below this hangs, metres. */
const HANGS = -0.02;

function turned(indices: Uint32Array): Uint32Array {
  const out = indices.slice();
  for (let t = 0; t < out.length; t += 3) {
    out[t + 1] = indices[t + 2];
    out[t + 2] = indices[t + 1];
  }
  return out;
}

/** Every so many vertices of scalp, ears, temples and neck say how a person differs from the mean head there. */
const SPARSE = 9;

function carried(canonical: Float32Array, { model, neutral }: HairGround): Float32Array {
  const guides = guideVertices(model);
  const { template } = model;
  const out = canonical.slice();
  for (let k = 0; k < canonical.length; k += 3) {
    let total = 0;
    const shift = [0, 0, 0];
    for (const guide of guides) {
      const g = guide * 3;
      const dx = canonical[k] - template[g];
      const dy = canonical[k + 1] - template[g + 1];
      const dz = canonical[k + 2] - template[g + 2];
      const square = dx * dx + dy * dy + dz * dz + 4e-5;
      const weight = 1 / (square * square);
      total += weight;
      for (let c = 0; c < 3; c++) shift[c] += weight * (neutral[g + c] - template[g + c]);
    }
    for (let c = 0; c < 3; c++) out[k + c] += shift[c] / total;
  }
  return out;
}

function guideVertices({ regions, parts, template }: HeadModel): number[] {
  const { firstVertex, vertexCount } = parts[0];
  const guides: number[] = [];
  for (let v = firstVertex; v < firstVertex + vertexCount; v += SPARSE)
    if (regions.shoulders[v] < 0.5 && (template[v * 3 + 2] < 0.07 || template[v * 3 + 1] > 0.04))
      guides.push(v);
  return guides;
}

/** Out of head and shoulders; what lay over another stays over it. */
function pushOut(rest: Float32Array, hull: HeadHull): void {
  for (let k = 0; k < rest.length; k += 3) {
    const [x, y, z] = [rest[k], rest[k + 1] - HULL_CENTRE_Y, rest[k + 2]];
    const radius = norm3(x, y, z);
    const least = hull.radius(x, y, z) + 0.0008;
    const depth = least + 0.004 - radius;
    // Only where the hull is the scalp: below the ears it is the jaw's and the nape's shadow.
    const share = smoothStep(-0.04, -0.01, y);
    if (depth > 0 && share > 0) {
      const push = 1 + (share * (depth > 0.012 ? depth - 0.004 : depth * depth * 55)) / radius;
      for (let c = 0; c < 3; c++) rest[k + c] = c === 1 ? y * push + HULL_CENTRE_Y : rest[k + c] * push;
    }
    const ground = hull.shoulderY(rest[k], rest[k + 2]) + 0.006;
    if (rest[k + 1] < ground) rest[k + 1] = Math.min(ground, rest[k + 1] + 0.03);
  }
}

/** The cards' normals, mostly replaced by the direction from the head's middle: cards are not the hair's surface. */
function smoothNormals(rest: Float32Array, indices: Uint32Array): Float32Array {
  const own = vertexNormals({ positions: rest, indices, weld: weldByPosition(rest) });
  for (let k = 0; k < rest.length; k += 3) {
    const [x, y, z] = [rest[k], Math.max(0, rest[k + 1] - HULL_CENTRE_Y), rest[k + 2]];
    const radius = norm3(x, y, z) || 1;
    const out = [x / radius, y / radius, z / radius];
    const sign = own[k] * out[0] + own[k + 1] * out[1] + own[k + 2] * out[2] < 0 ? -1 : 1;
    for (let c = 0; c < 3; c++) own[k + c] = 0.45 * sign * own[k + c] + 0.55 * out[c];
    const length = norm3(own[k], own[k + 1], own[k + 2]) || 1;
    for (let c = 0; c < 3; c++) own[k + c] /= length;
  }
  return own;
}

/** Strands run down the pictures: the surface's direction of growing v, unit, three a vertex. */
function strandDirections(rest: Float32Array, uvs: Float32Array, indices: Uint32Array): Float32Array {
  const out = new Float32Array(rest.length);
  for (let t = 0; t < indices.length; t += 3) {
    const [a, b, c] = [indices[t], indices[t + 1], indices[t + 2]];
    const [u1, u2] = [uvs[b * 2] - uvs[a * 2], uvs[c * 2] - uvs[a * 2]];
    const [v1, v2] = [uvs[b * 2 + 1] - uvs[a * 2 + 1], uvs[c * 2 + 1] - uvs[a * 2 + 1]];
    const area = u1 * v2 - u2 * v1;
    if (Math.abs(area) < 1e-12) continue;
    for (let axis = 0; axis < 3; axis++) {
      const first = rest[b * 3 + axis] - rest[a * 3 + axis];
      const second = rest[c * 3 + axis] - rest[a * 3 + axis];
      const along = (u1 * second - u2 * first) * Math.sign(area);
      for (const vertex of [a, b, c]) out[vertex * 3 + axis] += along;
    }
  }
  for (let k = 0; k < out.length; k += 3) {
    const length = norm3(out[k], out[k + 1], out[k + 2]) || 1;
    for (let c = 0; c < 3; c++) out[k + c] /= length;
  }
  return out;
}
