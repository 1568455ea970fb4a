import { vertexNormals } from '#common/raster/shading/vertexNormals';
import { AmbientOcclusion } from '#common/synthetic/render/geometry/ambientOcclusion';
import type { DepthCaster } from '#common/synthetic/render/geometry/depthMap';
import { smoothOverNeighbours, surfaceCurvature } from '#common/synthetic/render/geometry/surfaceCurvature';
import { thinCaster } from '#common/synthetic/render/geometry/thinCaster';
import { weldVertices } from '#common/synthetic/render/geometry/weldVertices';
import type { SceneMesh } from '#common/synthetic/scene';

/** Share of a blended mesh's triangles that cast: cards are mostly holes. */
const BLENDED_DENSITY = 0.6;
/** Hair's locks lie on one another: of thin meshes with more triangles than this, so many cast ambient shade. */
const MOST_THIN_CASTERS = 6000;
/** Metres: how fast a crease darkens with its curvature, where the depth maps are too coarse to see it. */
const CREASE_LENGTH = 0.0022;

/** What is derived from one posed mesh, whatever camera and light. */
export interface PreparedMesh {
  readonly mesh: SceneMesh;
  /** Per vertex: three, one, one floats; see SurfaceSamples. */
  readonly normals: Float32Array;
  readonly curvature: Float32Array;
  readonly occlusion: Float32Array;
  /** Seen from both sides. */
  readonly isThin: boolean;
}

interface MeshMemory {
  readonly weld: Uint32Array;
  readonly normals: Float32Array;
  readonly curvature: Float32Array;
  readonly occlusion: Float32Array;
}

/** Normals, curvature and ambient occlusion of posed meshes. Keeps its memory from pose to pose. */
export class PreparedGeometry {
  readonly #occlusion: AmbientOcclusion;
  readonly #pool: MeshMemory[] = [];
  #meshes: readonly SceneMesh[] | undefined;
  #prepared: readonly PreparedMesh[] = [];
  #casters: readonly DepthCaster[] = [];

  /** See AmbientOcclusion. */
  constructor(occlusionDirections: number, occlusionMapSize = 96) {
    this.#occlusion = new AmbientOcclusion(occlusionDirections, occlusionMapSize);
  }

  /** What casts shadows of the meshes last prepared. */
  get casters(): readonly DepthCaster[] {
    return this.#casters;
  }

  /**
   * Prepares meshes; the same array of meshes again is taken as unchanged, so that views of one pose share the work.
   */
  prepare(meshes: readonly SceneMesh[]): readonly PreparedMesh[] {
    if (meshes === this.#meshes) return this.#prepared;
    this.#meshes = meshes;
    this.#prepared = meshes.map((mesh, index) => this.#prepareMesh(mesh, index));
    const casting = meshes.filter((mesh) => mesh.castsShadow !== false);
    this.#casters = casting.map(({ positions, indices, layer, isDoubleSided }) => ({
      positions,
      indices,
      density: layer === 'blended' ? BLENDED_DENSITY : 1,
      isBackCulled: isDoubleSided !== true,
    }));
    this.#occlusion.compute(
      this.#casters.map((caster, index) => thinned(caster, casting[index])),
      this.#prepared.map(({ mesh, ...derived }) => ({ positions: mesh.positions, ...derived })),
    );
    this.#prepared.forEach((prepared, index) => finishOcclusion(prepared, this.#pool[index].weld));
    return this.#prepared;
  }

  #prepareMesh(mesh: SceneMesh, index: number): PreparedMesh {
    const { weld, normals, curvature, occlusion } = this.#memory(index, mesh.positions.length / 3);
    const isThin = mesh.isDoubleSided === true;
    weldVertices(mesh, weld);
    vertexNormals({ positions: mesh.positions, indices: mesh.indices, weld }, normals);
    if (isThin) curvature.fill(0);
    else surfaceCurvature({ positions: mesh.positions, normals, indices: mesh.indices, weld }, curvature);
    return { mesh, normals, curvature, occlusion, isThin };
  }

  #memory(index: number, vertexCount: number): MeshMemory {
    const known = this.#pool.at(index);
    if (known?.weld.length === vertexCount) return known;
    const fresh = {
      weld: new Uint32Array(vertexCount),
      normals: new Float32Array(vertexCount * 3),
      curvature: new Float32Array(vertexCount),
      occlusion: new Float32Array(vertexCount),
    };
    this.#pool[index] = fresh;
    return fresh;
  }
}

/** Removes the grain of few directions and adds creases finer than the depth maps. */
function finishOcclusion({ mesh, curvature, occlusion }: PreparedMesh, weld: Uint32Array): void {
  smoothOverNeighbours(occlusion, mesh.indices, weld);
  for (let vertex = 0; vertex < occlusion.length; vertex++) {
    const bend = curvature[vertex];
    if (bend < 0) occlusion[vertex] /= 1 - bend * CREASE_LENGTH;
  }
}

function thinned(caster: DepthCaster, mesh: SceneMesh): DepthCaster {
  const isDense = mesh.isDoubleSided === true && caster.indices.length > MOST_THIN_CASTERS * 3;
  return isDense ? { ...caster, ...thinCaster(caster, MOST_THIN_CASTERS) } : caster;
}
