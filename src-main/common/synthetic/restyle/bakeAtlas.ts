import { throwIfCancelled } from '#common/contract/errors';
import type { WorkContext } from '#common/contract/progress';
import type { RgbaImage } from '#common/image/rasterImage';
import { smoothStep } from '#common/math/smoothStep';
import type { HeadPiece } from '#common/synthetic/heads/syntheticHead';
import type { PreparedMesh } from '#common/synthetic/render/geometry/PreparedGeometry';
import { displayByte } from '#common/synthetic/render/resolve/toneCurve';
import type { ChartedPiece } from '#common/synthetic/restyle/chartLayout';
import type { LightRig, SurfaceMaterial, SurfaceSamples } from '#common/synthetic/scene';
import { norm2, norm3 } from '#common/math/portableMath';

/** A charted piece with what its colour depends on. */
export interface BakePiece {
  readonly charted: ChartedPiece;
  readonly prepared: PreparedMesh;
  readonly material: SurfaceMaterial;
  /** Seen where a blended piece is not: the skin below it. */
  readonly below?: SurfaceMaterial | undefined;
}

const BATCH = 8192;
/** Texels by which charts are grown over their borders. */
const GROWTH = 6;
/** The highlight is baked for an eye between straight before the face and straight before the surface. */
const FRONT_SHARE = 0.6;
/** Part of the key light that reaches the deepest shade. */
const SHADE = 0.25;

/**
 * Paints charts into the atlas: every texel is a sample of its surface at rest, shaded by its material under `light` and
 * shown as the renderer of synthetic heads would. What is seen from elsewhere (highlights, rims) is fixed as seen from
 * the front, softened, because the avatar is unlit.
 */
export function bakeAtlas(
  atlas: RgbaImage,
  pieces: readonly BakePiece[],
  light: LightRig,
  { signal, onProgress }: WorkContext,
): void {
  const owner = new Uint8Array(atlas.width * atlas.height);
  pieces.forEach((piece, index) => {
    throwIfCancelled(signal);
    if (piece.charted.plainColor) paintPlain(atlas, owner, piece.charted);
    else bakePiece(atlas, owner, piece, light);
    onProgress?.({ stage: 'restyle', fraction: (index + 1) / pieces.length });
  });
  for (let step = 0; step < GROWTH; step++) growCharts(atlas, owner, step);
}

function paintPlain(atlas: RgbaImage, owner: Uint8Array, { texels, plainColor }: ChartedPiece): void {
  if (!plainColor) return;
  const column = Math.floor(texels[0]);
  const row = Math.floor(texels[1]);
  for (let y = row - 3; y <= row + 3; y++)
    for (let x = column - 3; x <= column + 3; x++) {
      const at = y * atlas.width + x;
      owner[at] = 1;
      for (let c = 0; c < 3; c++) atlas.data[at * 4 + c] = displayByte(plainColor[c]);
      atlas.data[at * 4 + 3] = 255;
    }
}

class SampleBatch implements SurfaceSamples {
  count = 0;
  readonly triangles = new Int32Array(BATCH);
  readonly barycentrics = new Float32Array(BATCH * 3);
  readonly positions = new Float32Array(BATCH * 3);
  readonly normals = new Float32Array(BATCH * 3);
  readonly views = new Float32Array(BATCH * 3);
  readonly canonical = new Float32Array(BATCH * 3);
  readonly uvs = new Float32Array(BATCH * 2);
  readonly curvature = new Float32Array(BATCH);
  readonly occlusion = new Float32Array(BATCH);
  readonly keyVisibility = new Float32Array(BATCH);
  readonly footprint = new Float32Array(BATCH);
  readonly texels = new Int32Array(BATCH);
  readonly out = new Float32Array(BATCH * 4);
  readonly below = new Float32Array(BATCH * 4);

  /** Appends the point of a triangle with these weights. */
  add(prepared: PreparedMesh, triangle: number, w: Float64Array, texel: number, footprint: number): void {
    const i = this.count++;
    const { mesh, normals, curvature, occlusion } = prepared;
    const corner = [0, 1, 2].map((c) => mesh.indices[triangle * 3 + c]);
    const mix = (values: Float32Array, size: number, c: number): number =>
      w[0] * values[corner[0] * size + c] +
      w[1] * values[corner[1] * size + c] +
      w[2] * values[corner[2] * size + c];
    this.triangles[i] = triangle;
    this.texels[i] = texel;
    this.footprint[i] = footprint;
    for (let c = 0; c < 3; c++) {
      this.barycentrics[i * 3 + c] = w[c];
      this.positions[i * 3 + c] = mix(mesh.positions, 3, c);
      this.canonical[i * 3 + c] = mix(mesh.canonical, 3, c);
      this.normals[i * 3 + c] = mix(normals, 3, c);
    }
    for (let c = 0; c < 2; c++) this.uvs[i * 2 + c] = mix(mesh.uvs, 2, c);
    this.curvature[i] = mix(curvature, 1, 0);
    this.occlusion[i] = Math.min(1, mix(occlusion, 1, 0));
    this.keyVisibility[i] = SHADE + (1 - SHADE) * smoothStep(0.1, 0.6, this.occlusion[i]);
    this.#turn(i);
  }

  #turn(i: number): void {
    const n = this.normals;
    const k = i * 3;
    const length = norm3(n[k], n[k + 1], n[k + 2]) || 1;
    for (let c = 0; c < 3; c++) n[k + c] /= length;
    const x = n[k] * (1 - FRONT_SHARE);
    const y = n[k + 1] * (1 - FRONT_SHARE);
    const z = n[k + 2] * (1 - FRONT_SHARE) + FRONT_SHARE;
    const far = norm3(x, y, z) || 1;
    this.views.set([x / far, y / far, z / far], k);
  }
}

let shared: SampleBatch | undefined;

function bakePiece(
  atlas: RgbaImage,
  owner: Uint8Array,
  { charted, prepared, material, below }: BakePiece,
  light: LightRig,
): void {
  const batch = (shared ??= new SampleBatch());
  batch.count = 0;
  const flush = (): void => {
    shadeBatch(batch, { prepared, material, below }, light);
    for (let i = 0; i < batch.count; i++) {
      const at = batch.texels[i];
      for (let c = 0; c < 3; c++) atlas.data[at * 4 + c] = displayByte(batch.out[i * 4 + c]);
      atlas.data[at * 4 + 3] = 255;
    }
    batch.count = 0;
  };
  const { indices, texels, source } = charted;
  const weights = new Float64Array(3);
  for (let t = 0; t < indices.length; t += 3) {
    const corners = [indices[t], indices[t + 1], indices[t + 2]];
    const [ax, ay] = [texels[corners[0] * 2], texels[corners[0] * 2 + 1]];
    const [bx, by] = [texels[corners[1] * 2], texels[corners[1] * 2 + 1]];
    const [cx, cy] = [texels[corners[2] * 2], texels[corners[2] * 2 + 1]];
    const area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay);
    const footprint = footprintOf(
      prepared.mesh.positions,
      corners.map((v) => source[v]),
      area,
    );
    if (Math.abs(area) < 1e-6) {
      weights.fill(1 / 3);
      if (batch.count === BATCH) flush();
      owner[Math.floor(ay) * atlas.width + Math.floor(ax)] = 1;
      batch.add(prepared, t / 3, weights, Math.floor(ay) * atlas.width + Math.floor(ax), footprint);
      continue;
    }
    // Half a texel beyond the border, so that thin triangles are not lost between centres.
    const slack = 0.5 * Math.max(norm2(bx - ax, by - ay), norm2(cx - bx, cy - by), norm2(ax - cx, ay - cy)) / Math.abs(area); // prettier-ignore
    const lowest = -Math.min(1, slack);
    const x1 = Math.min(atlas.width - 1, Math.ceil(Math.max(ax, bx, cx)));
    const y1 = Math.min(atlas.height - 1, Math.ceil(Math.max(ay, by, cy)));
    for (let y = Math.max(0, Math.floor(Math.min(ay, by, cy)) - 1); y <= y1; y++)
      for (let x = Math.max(0, Math.floor(Math.min(ax, bx, cx)) - 1); x <= x1; x++) {
        const px = x + 0.5;
        const py = y + 0.5;
        weights[1] = ((px - ax) * (cy - ay) - (cx - ax) * (py - ay)) / area;
        weights[2] = ((bx - ax) * (py - ay) - (px - ax) * (by - ay)) / area;
        weights[0] = 1 - weights[1] - weights[2];
        const least = Math.min(weights[0], weights[1], weights[2]);
        if (least < lowest) continue;
        const at = y * atlas.width + x;
        if (least < 0 && owner[at] === 1) continue;
        clampWeights(weights);
        if (batch.count === BATCH) flush();
        owner[at] = 1;
        batch.add(prepared, t / 3, weights, at, footprint);
      }
  }
  flush();
}

function clampWeights(weights: Float64Array): void {
  let sum = 0;
  for (let c = 0; c < 3; c++) sum += weights[c] = Math.max(0, weights[c]);
  for (let c = 0; c < 3; c++) weights[c] /= sum;
}

/** Side of a texel on the surface, metres. */
function footprintOf(p: Float32Array, [a, b, c]: readonly number[], texelArea: number): number {
  const e = [0, 1, 2].map((k) => p[b * 3 + k] - p[a * 3 + k]);
  const f = [0, 1, 2].map((k) => p[c * 3 + k] - p[a * 3 + k]);
  const area = norm3(e[1] * f[2] - e[2] * f[1], e[2] * f[0] - e[0] * f[2], e[0] * f[1] - e[1] * f[0]);
  return Math.min(0.004, Math.sqrt(area / Math.max(1, Math.abs(texelArea))));
}

function shadeBatch(
  batch: SampleBatch,
  { prepared, material, below }: Pick<BakePiece, 'prepared' | 'material' | 'below'>,
  light: LightRig,
): void {
  if (batch.count === 0) return;
  material.shade(batch, prepared.mesh, light, batch.out);
  if (!below) return;
  below.shade(batch, prepared.mesh, light, batch.below);
  for (let i = 0; i < batch.count; i++) {
    const covered = batch.out[i * 4 + 3];
    for (let c = 0; c < 3; c++) {
      const under = batch.below[i * 4 + c];
      batch.out[i * 4 + c] = under + covered * (batch.out[i * 4 + c] - under);
    }
  }
}

/** One texel more around everything painted: the mean of its painted neighbours. */
function growCharts({ width, height, data }: RgbaImage, owner: Uint8Array, step: number): void {
  const painted = step + 1;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      if (owner[at] !== 0) continue;
      let count = 0;
      let [red, green, blue] = [0, 0, 0];
      for (let n = 0; n < 4; n++) {
        const nx = x + (n === 0 ? 1 : n === 1 ? -1 : 0);
        const ny = y + (n === 2 ? 1 : n === 3 ? -1 : 0);
        if (nx < 0 || ny < 0 || nx >= width || ny >= height) continue;
        const other = ny * width + nx;
        if (owner[other] === 0 || owner[other] > painted) continue;
        count++;
        red += data[other * 4];
        green += data[other * 4 + 1];
        blue += data[other * 4 + 2];
      }
      if (count === 0) continue;
      owner[at] = painted + 1;
      data[at * 4] = red / count;
      data[at * 4 + 1] = green / count;
      data[at * 4 + 2] = blue / count;
      data[at * 4 + 3] = 255;
    }
}

/** What a piece's material shows at rest. */
export function restMaterial(piece: HeadPiece): SurfaceMaterial {
  return piece.material({
    weights: new Float32Array(52),
    headRotation: Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1),
    positions: piece.rest,
  });
}
