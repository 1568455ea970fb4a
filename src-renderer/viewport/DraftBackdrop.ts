import {
  BufferAttribute,
  BufferGeometry,
  GLSL3,
  LessEqualDepth,
  Mesh,
  NearestFilter,
  NoBlending,
  NoColorSpace,
  RawShaderMaterial,
  WebGLRenderTarget,
} from 'three';
import type { Texture } from 'three';

const VERTEX = /* glsl */ `
precision highp float;
in vec2 position;
out vec2 screen;
void main() {
  screen = position * 0.5 + 0.5;
  gl_Position = vec4(position, 1.0, 1.0);
}`;

const FRAGMENT = /* glsl */ `
precision highp float;
uniform sampler2D picture;
in vec2 screen;
out vec4 pixel;
void main() {
  pixel = texture(picture, screen);
}`;

/**
 * The background of drafts, composed once at the canvas's size and then copied behind the avatar wherever that left the
 * canvas free. Owns its target, triangle and program.
 */
export class DraftBackdrop {
  readonly mesh: Mesh<BufferGeometry, RawShaderMaterial>;
  readonly #uniforms = { picture: { value: null as Texture | null } };
  #target: WebGLRenderTarget | undefined;
  #key = '';

  constructor() {
    const triangle = new BufferGeometry();
    triangle.setAttribute('position', new BufferAttribute(Float32Array.of(-1, -1, 3, -1, -1, 3), 2));
    const material = new RawShaderMaterial({
      vertexShader: VERTEX,
      fragmentShader: FRAGMENT,
      glslVersion: GLSL3,
      uniforms: this.#uniforms,
      depthFunc: LessEqualDepth,
      depthWrite: false,
      blending: NoBlending,
    });
    this.mesh = new Mesh(triangle, material);
    this.mesh.frustumCulled = false;
    this.mesh.matrixAutoUpdate = false;
  }

  /**
   * The target to compose into, where `key` (what the background looks like) or the size is new; otherwise nothing
   * is to be done.
   */
  renew(width: number, height: number, key: string): WebGLRenderTarget | undefined {
    if (this.#target?.width === width && this.#target.height === height && key === this.#key)
      return undefined;
    if (this.#target?.width !== width || this.#target.height !== height) {
      this.#target?.dispose();
      this.#target = new WebGLRenderTarget(width, height, {
        colorSpace: NoColorSpace,
        depthBuffer: false,
        minFilter: NearestFilter,
        magFilter: NearestFilter,
      });
      this.#uniforms.picture.value = this.#target.texture;
    }
    this.#key = key;
    return this.#target;
  }

  dispose(): void {
    this.#target?.dispose();
    this.mesh.geometry.dispose();
    this.mesh.material.dispose();
  }
}
