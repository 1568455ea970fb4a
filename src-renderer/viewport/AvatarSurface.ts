import {
  BufferAttribute,
  BufferGeometry,
  DoubleSide,
  DynamicDrawUsage,
  FrontSide,
  GLSL3,
  LessDepth,
  Matrix3,
  Matrix4,
  Mesh,
  NoBlending,
  RawShaderMaterial,
  Vector2,
} from 'three';
import type { Texture } from 'three';
import type { PinholeCamera } from '#common/camera/pinholeCamera';
import type { ShadingMode } from '#common/raster/shading/fragmentShader';
import { vertexNormals, weldByPosition } from '#common/raster/shading/vertexNormals';
import type { AvatarGeometry } from '#common/rig/avatarGeometry';
import type { FrameQuality } from '$viewport/AdaptiveQuality';
import { surfaceProgram } from '$viewport/avatarShaders';
import { clipMatrix, viewerAxes } from '$viewport/clipMatrix';

/** Index into a surface's materials: parts whose inside is never seen, and the lifted shell, open at its ends. */
const CULLED = 0;
const DOUBLE_SIDED = 1;

interface Uniforms {
  readonly clipFromWorld: { readonly value: Matrix4 };
  readonly viewerAxes: { readonly value: Matrix3 };
  readonly depthRange: { readonly value: Vector2 };
  readonly atlas: { readonly value: Texture };
}

/**
 * The avatar's mesh on the GPU, in every shading mode. It owns buffers and programs, not the atlas. What only one
 * mode needs (normals, the triangles one by one) is made when that mode is first shown.
 */
export class AvatarSurface {
  readonly mesh: Mesh<BufferGeometry, RawShaderMaterial[]>;
  readonly #geometry: AvatarGeometry;
  readonly #uniforms: Uniforms;
  readonly #draftAtlas: { readonly value: Texture };
  readonly #materials = new Map<string, RawShaderMaterial[]>();
  readonly #indexed: BufferGeometry;
  readonly #positions: BufferAttribute;
  #normals: BufferAttribute | undefined;
  #weld: Uint32Array | undefined;
  #separate: BufferGeometry | undefined;
  #mode: ShadingMode = 'textured';

  /**
   * @param positions vertexCount * 3, world metres; the caller writes poses into it and calls `didPose`
   * @param atlases read as linear light for full frames, as stored bytes for drafts
   */
  constructor(
    geometry: AvatarGeometry,
    positions: Float32Array,
    atlases: Readonly<Record<FrameQuality, Texture>>,
  ) {
    this.#geometry = geometry;
    this.#uniforms = {
      clipFromWorld: { value: new Matrix4() },
      viewerAxes: { value: new Matrix3() },
      depthRange: { value: new Vector2(0, 1) },
      atlas: { value: atlases.full },
    };
    this.#draftAtlas = { value: atlases.draft };
    this.#positions = new BufferAttribute(positions, 3).setUsage(DynamicDrawUsage);
    this.#indexed = new BufferGeometry();
    this.#indexed.setAttribute('position', this.#positions);
    this.#indexed.setAttribute('uv', new BufferAttribute(geometry.uvs, 2));
    this.#indexed.setIndex(new BufferAttribute(geometry.indices, 1));
    addGroups(this.#indexed, geometry);
    this.mesh = new Mesh(this.#indexed, this.#materialsOf('textured', 'full'));
    this.mesh.frustumCulled = false;
    this.mesh.matrixAutoUpdate = false;
  }

  setMode(mode: ShadingMode, quality: FrameQuality): void {
    this.mesh.material = this.#materialsOf(mode, quality);
    if (mode === this.#mode) return;
    this.#mode = mode;
    this.mesh.geometry = mode === 'wireframe' ? this.#separateTriangles() : this.#indexed;
    this.#updateDerived();
  }

  /** The positions have changed. */
  didPose(): void {
    this.#positions.needsUpdate = true;
    this.#updateDerived();
  }

  setCamera(camera: PinholeCamera, aspect: number): void {
    const { clipFromWorld, viewerAxes: axes, depthRange } = this.#uniforms;
    clipFromWorld.value.fromArray(clipMatrix(camera, aspect));
    axes.value.fromArray(viewerAxes(camera));
    if (this.#mode === 'depth') setDepthRange(depthRange.value, camera, this.#positions.array);
  }

  dispose(): void {
    this.#indexed.dispose();
    this.#separate?.dispose();
    for (const materials of this.#materials.values()) materials.forEach((material) => material.dispose());
    this.#materials.clear();
  }

  #updateDerived(): void {
    if (this.#mode === 'normals' || this.#mode === 'shaded') this.#updateNormals();
    if (this.#mode === 'wireframe') this.#updateSeparate();
  }

  #updateNormals(): void {
    const positions = this.#positions.array as Float32Array;
    // Welded by the rest pose: what touches there is one surface in every pose.
    this.#weld ??= weldByPosition(this.#geometry.positions);
    if (this.#normals === undefined) {
      this.#normals = new BufferAttribute(new Float32Array(positions.length), 3).setUsage(DynamicDrawUsage);
      this.#indexed.setAttribute('normal', this.#normals);
    }
    const mesh = { positions, indices: this.#geometry.indices, weld: this.#weld };
    vertexNormals(mesh, this.#normals.array as Float32Array);
    this.#normals.needsUpdate = true;
  }

  #separateTriangles(): BufferGeometry {
    if (this.#separate === undefined) {
      this.#separate = new BufferGeometry();
      const corners = new Float32Array(this.#geometry.indices.length * 3);
      this.#separate.setAttribute('position', new BufferAttribute(corners, 3).setUsage(DynamicDrawUsage));
      addGroups(this.#separate, this.#geometry);
    }
    return this.#separate;
  }

  #updateSeparate(): void {
    const attribute = this.#separateTriangles().getAttribute('position') as BufferAttribute;
    const corners = attribute.array;
    const positions = this.#positions.array;
    const { indices } = this.#geometry;
    for (let at = 0, to = 0; at < indices.length; at++, to += 3) {
      const from = indices[at] * 3;
      corners[to] = positions[from];
      corners[to + 1] = positions[from + 1];
      corners[to + 2] = positions[from + 2];
    }
    attribute.needsUpdate = true;
  }

  #materialsOf(mode: ShadingMode, quality: FrameQuality): RawShaderMaterial[] {
    const key = `${mode} ${quality}`;
    const known = this.#materials.get(key);
    if (known) return known;
    const isDraft = quality === 'draft';
    const made = [FrontSide, DoubleSide].map(
      (side) =>
        new RawShaderMaterial({
          ...surfaceProgram(mode),
          glslVersion: GLSL3,
          uniforms: isDraft ? { ...this.#uniforms, atlas: this.#draftAtlas } : { ...this.#uniforms },
          defines: isDraft ? { DISPLAY: '' } : {},
          side,
          // As the rasteriser: of two surfaces at one depth the first drawn stays.
          depthFunc: LessDepth,
          blending: NoBlending,
        }),
    );
    this.#materials.set(key, made);
    return made;
  }
}

/** One group per run of parts that are drawn alike. */
function addGroups(target: BufferGeometry, { parts }: AvatarGeometry): void {
  for (const part of parts) {
    const materialIndex = part.name === 'shell' ? DOUBLE_SIDED : CULLED;
    const last = target.groups.at(-1);
    if (last && last.materialIndex === materialIndex && last.start + last.count === part.firstIndex) {
      last.count += part.indexCount;
    } else {
      target.addGroup(part.firstIndex, part.indexCount, materialIndex);
    }
  }
}

/** The span of the vertices' depths: what the depth picture spreads its greys over. */
function setDepthRange(range: Vector2, camera: PinholeCamera, positions: ArrayLike<number>): void {
  const { rotation: r, translation: t } = camera;
  let nearest = Infinity;
  let farthest = 0;
  for (let k = 0; k < positions.length; k += 3) {
    const depth = r[6] * positions[k] + r[7] * positions[k + 1] + r[8] * positions[k + 2] + t[2];
    if (depth <= 0) continue;
    nearest = Math.min(nearest, depth);
    farthest = Math.max(farthest, depth);
  }
  range.set(nearest, Math.max(farthest, nearest + 1e-6));
}
