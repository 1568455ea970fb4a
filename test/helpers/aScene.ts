import { canonicalCamera } from '#common/camera/canonicalCamera';
import type { OrbitOptions } from '#common/camera/canonicalCamera';
import { createSeededRandom } from '#common/math/seededRandom';
import type { LightRig, SceneBackground, SceneMesh, SurfaceMaterial, SyntheticScene, Triple } from '#common/synthetic/scene'; // prettier-ignore
import { sphereMesh } from '#test/helpers/sphereMesh';

/** One unlit colour. */
export function flatMaterial(color: Triple, coverage = 1): SurfaceMaterial {
  return {
    shade({ count }, _mesh, _light, out) {
      for (let i = 0; i < count; i++) out.set([...color, coverage], i * 4);
    },
  };
}

/** Shows one of the samples' own values (occlusion, keyVisibility, curvature) as grey. */
export function probeMaterial(
  value: 'occlusion' | 'keyVisibility' | 'curvature',
  scale = 1,
): SurfaceMaterial {
  return {
    shade(samples, _mesh, _light, out) {
      for (let i = 0; i < samples.count; i++) out.fill(samples[value][i] * scale, i * 4, i * 4 + 3);
      for (let i = 0; i < samples.count; i++) out[i * 4 + 3] = 1;
    },
  };
}

/** A light from straight ahead of the face and little else. */
export const PLAIN_LIGHT: LightRig = {
  key: { direction: [0, 0, 1], color: [1, 1, 1], softness: 0.1 },
  fill: { direction: [-1, 0, 0], color: [0.2, 0.2, 0.2] },
  rim: { direction: [0, 0, -1], color: [0.2, 0.2, 0.2] },
  sky: [0.3, 0.3, 0.3],
  ground: [0.1, 0.1, 0.1],
};

export const BLACK: SceneBackground = { paint: (_, out) => void out.fill(0) };

type MeshParts = Partial<Omit<SceneMesh, 'positions' | 'indices'>>;

export function aSceneMesh(
  geometry: { readonly positions: Float32Array; readonly indices: Uint32Array; readonly uvs?: Float32Array },
  parts: MeshParts = {},
): SceneMesh {
  return {
    part: 'skin',
    layer: 'solid',
    uvs: geometry.uvs ?? new Float32Array((geometry.positions.length / 3) * 2),
    canonical: geometry.positions,
    material: flatMaterial([0.5, 0.5, 0.5]),
    positions: geometry.positions,
    indices: geometry.indices,
    ...parts,
  };
}

/** A rectangle that faces +z at depth `z`, metres. */
export function quad(x0: number, y0: number, x1: number, y1: number, z: number) {
  return {
    positions: Float32Array.of(x0, y0, z, x1, y0, z, x1, y1, z, x0, y1, z),
    indices: Uint32Array.of(0, 1, 2, 0, 2, 3),
    uvs: Float32Array.of(0, 1, 1, 1, 1, 0, 0, 0),
  };
}

/** A smooth sphere about the origin. */
export function ball(radius: number, columns = 64, rows = 32) {
  const { positions, indices, uvs } = sphereMesh(columns, rows, [radius, radius, radius]);
  for (let k = 0; k < positions.length; k += 3) {
    const length = Math.hypot(positions[k], positions[k + 1], positions[k + 2]);
    for (let axis = k; axis < k + 3; axis++) positions[axis] *= radius / length;
  }
  return { positions, indices, uvs };
}

/** Strand cards on the upper half of a sphere, as hair has them: `count` strips of `segments` quads. */
export function strandCards(count: number, segments: number, radius: number) {
  const random = createSeededRandom(7);
  const positions: number[] = [];
  const uvs: number[] = [];
  const indices: number[] = [];
  for (let strand = 0; strand < count; strand++) {
    const turn = random.between(0, 2 * Math.PI);
    const start = random.between(0.05, 0.9);
    const width = 0.004;
    const lift = random.between(1.01, 1.08);
    for (let step = 0; step <= segments; step++) {
      const polar = start + (0.9 * step) / segments;
      const place = [Math.sin(polar) * Math.sin(turn), Math.cos(polar), Math.sin(polar) * Math.cos(turn)].map(
        (value) => value * radius * lift,
      );
      const side = [Math.cos(turn) * width, 0, -Math.sin(turn) * width];
      for (const sign of [-1, 1]) {
        positions.push(...place.map((value, axis) => value + sign * side[axis]));
        uvs.push((sign + 1) / 2, step / segments);
      }
      if (step === segments) continue;
      const a = strand * (segments + 1) * 2 + step * 2;
      indices.push(a, a + 2, a + 1, a + 1, a + 2, a + 3);
    }
  }
  return {
    positions: Float32Array.from(positions),
    indices: Uint32Array.from(indices),
    uvs: Float32Array.from(uvs),
  };
}

export function aScene(
  meshes: readonly SceneMesh[],
  parts: Partial<SyntheticScene> & { orbit?: OrbitOptions } = {},
): SyntheticScene {
  const { orbit, ...rest } = parts;
  return { meshes, camera: canonicalCamera(orbit), light: PLAIN_LIGHT, background: BLACK, ...rest };
}
