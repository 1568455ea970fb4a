import type { PinholeCamera } from '#common/camera/pinholeCamera';
import { displayToLinear16, LINEAR16_ONE } from '#common/image/linear16';
import { barycentricsAt, isFrontFace, sourceTriangle } from '#common/raster/coverage/drawnMesh';
import type { DrawnMesh } from '#common/raster/coverage/drawnMesh';
import type { FragmentShader } from '#common/raster/shading/fragmentShader';
import { SUBPIXELS } from '#common/raster/coverage/screenVertices';
import { norm2, norm3 } from '#common/math/portableMath';

const weights = new Float64Array(3);
const normal = new Float64Array(3);

/** Blends a per-vertex attribute with three numbers at a point of a primitive. */
function blendVectors(drawn: DrawnMesh, id: number, vectors: Float32Array, out: Float64Array): void {
  const at = sourceTriangle(drawn, id) * 3;
  out.fill(0);
  for (let corner = 0; corner < 3; corner++) {
    const k = drawn.indices[at + corner] * 3;
    for (let axis = 0; axis < 3; axis++) out[axis] += weights[corner] * vectors[k + axis];
  }
}

/** Writes the unit normal at a point to `normal`, in viewer axes: x right, y up, z towards the camera. */
function viewNormalAt(source: NormalSource, id: number, x: number, y: number): void {
  barycentricsAt(source.drawn, id, x, y, weights);
  blendVectors(source.drawn, id, source.normals, normal);
  const [nx, ny, nz] = normal;
  const length = norm3(nx, ny, nz) || 1;
  const r = source.camera.rotation;
  normal[0] = (r[0] * nx + r[1] * ny + r[2] * nz) / length;
  normal[1] = -(r[3] * nx + r[4] * ny + r[5] * nz) / length;
  normal[2] = -(r[6] * nx + r[7] * ny + r[8] * nz) / length;
}

export interface NormalSource {
  readonly drawn: DrawnMesh;
  /** World space, three per vertex. */
  readonly normals: Float32Array;
  readonly camera: PinholeCamera;
}

/** Normals as colour, the usual map: red right, green up, blue towards the viewer. */
export class NormalShader implements FragmentShader {
  readonly #source: NormalSource;

  constructor(source: NormalSource) {
    this.#source = source;
  }

  shade(id: number, x: number, y: number, out: Float64Array): void {
    viewNormalAt(this.#source, id, x, y);
    for (let axis = 0; axis < 3; axis++) out[axis] = displayToLinear16(normal[axis] * 0.5 + 0.5);
  }
}

const CLAY = [0.48, 0.45, 0.42] as const;
/** Towards the key light in viewer axes: above, from the left of the picture. */
const KEY = [-0.4472, 0.5367, 0.7155] as const;
const KEY_STRENGTH = 0.95;
const SKY_STRENGTH = 0.22;

/** Matte grey clay under a key light that travels with the camera, plus light from above. Both sides are lit. */
export class ClayShader implements FragmentShader {
  readonly #source: NormalSource;

  constructor(source: NormalSource) {
    this.#source = source;
  }

  shade(id: number, x: number, y: number, out: Float64Array): void {
    viewNormalAt(this.#source, id, x, y);
    // By the triangle, not the normal: near an outline the blended normal already points away.
    const facing = isFrontFace(this.#source.drawn, id) ? 1 : -1;
    const key = Math.max(0, facing * (normal[0] * KEY[0] + normal[1] * KEY[1] + normal[2] * KEY[2]));
    const light = KEY_STRENGTH * key + SKY_STRENGTH * (0.6 + 0.4 * facing * normal[1]);
    for (let axis = 0; axis < 3; axis++) out[axis] = Math.min(1, CLAY[axis] * light) * LINEAR16_ONE;
  }
}

const LINE_HALF_WIDTH = 0.55;
const LINE = [0.02, 0.05, 0.12] as const;
const PAPER = [0.75, 0.77, 0.8] as const;

/** Triangle edges as dark lines about one pixel wide, hidden lines removed. */
export class WireframeShader implements FragmentShader {
  readonly #drawn: DrawnMesh;

  constructor(drawn: DrawnMesh) {
    this.#drawn = drawn;
  }

  shade(id: number, x: number, y: number, out: Float64Array): void {
    const { screen, indices, triangleCount } = this.#drawn;
    let distance = Infinity;
    // Pieces of clipped triangles have no edges worth showing.
    for (let corner = 0; corner < 3 && id < triangleCount; corner++) {
      const from = indices[id * 3 + corner];
      const to = indices[id * 3 + ((corner + 1) % 3)];
      const dx = screen.x[to] - screen.x[from];
      const dy = screen.y[to] - screen.y[from];
      const area = dx * (y - screen.y[from]) - dy * (x - screen.x[from]);
      distance = Math.min(distance, Math.abs(area) / (norm2(dx, dy) * SUBPIXELS));
    }
    const line = Math.min(1, Math.max(0, LINE_HALF_WIDTH + 0.5 - distance));
    for (let axis = 0; axis < 3; axis++) {
      out[axis] = (PAPER[axis] + line * (LINE[axis] - PAPER[axis])) * LINEAR16_ONE;
    }
  }
}

/** Depth as grey: near is white, far is dark, over the range the mesh's own vertices span. */
export class DepthShader implements FragmentShader {
  readonly #drawn: DrawnMesh;
  readonly #nearest: number;
  readonly #farthest: number;

  constructor(drawn: DrawnMesh) {
    this.#drawn = drawn;
    let nearest = Infinity;
    let farthest = 0;
    for (let vertex = 0; vertex < drawn.vertexCount; vertex++) {
      if (drawn.screen.outside[vertex]) continue;
      const depth = 1 / drawn.screen.nearness[vertex];
      nearest = Math.min(nearest, depth);
      farthest = Math.max(farthest, depth);
    }
    this.#nearest = nearest;
    this.#farthest = Math.max(farthest, nearest + 1e-6);
  }

  shade(id: number, x: number, y: number, out: Float64Array): void {
    const depth = 1 / barycentricsAt(this.#drawn, id, x, y, weights);
    const far = (depth - this.#nearest) / (this.#farthest - this.#nearest);
    out.fill(displayToLinear16(1 - 0.9 * far));
  }
}

const CHECKS = 32;

/** Texture coordinates: u as red, v as green, and a checker that shows stretching. */
export class UvShader implements FragmentShader {
  readonly #drawn: DrawnMesh;
  readonly #uvs: Float32Array;

  constructor(drawn: DrawnMesh, uvs: Float32Array) {
    this.#drawn = drawn;
    this.#uvs = uvs;
  }

  shade(id: number, x: number, y: number, out: Float64Array): void {
    barycentricsAt(this.#drawn, id, x, y, weights);
    const at = sourceTriangle(this.#drawn, id) * 3;
    let u = 0;
    let v = 0;
    for (let corner = 0; corner < 3; corner++) {
      const k = this.#drawn.indices[at + corner] * 2;
      u += weights[corner] * this.#uvs[k];
      v += weights[corner] * this.#uvs[k + 1];
    }
    const isOdd = (Math.floor(u * CHECKS) + Math.floor(v * CHECKS)) % 2 !== 0;
    out[0] = displayToLinear16(u);
    out[1] = displayToLinear16(v);
    out[2] = displayToLinear16(isOdd ? 0.8 : 0.2);
  }
}
