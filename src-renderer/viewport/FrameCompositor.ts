import {
  BufferAttribute,
  BufferGeometry,
  GLSL3,
  Matrix3,
  Mesh,
  NoBlending,
  RawShaderMaterial,
  Vector2,
  Vector3,
} from 'three';
import type { Texture } from 'three';
import { SRGB_TO_LINEAR } from '#common/image/srgb';
import type { PinholeCamera } from '#common/camera/pinholeCamera';
import { cardMatrix } from '$viewport/cardMatrix';
import type { ViewportLook } from '$viewport/viewportLook';

/** Where the picture goes: the screen shows transparency as a checkerboard, a capture keeps it. */
export type FrameDestination = 'screen' | 'capture';

const BACKGROUND_KINDS = { transparent: 0, color: 1, photo: 2, checkerboard: 3 } as const;

const VERTEX = /* glsl */ `
precision highp float;
in vec2 position;
out vec2 screen;
void main() {
  screen = position * 0.5 + 0.5;
  gl_Position = vec4(position, 0.0, 1.0);
}`;

// The surface arrives multiplied by its coverage, in linear light, as its samples were averaged.
const FRAGMENT = /* glsl */ `
precision highp float;
uniform sampler2D surface;
uniform sampler2D plate;
uniform sampler2D card;
uniform vec2 plateScale;
uniform vec3 colour;
uniform vec2 size;
uniform mat3 cardFromView;
uniform float cardOpacity;
uniform float cardLevel;
uniform int backgroundKind;
uniform bool hasSurface;
in vec2 screen;
out vec4 pixel;

vec3 toDisplay(vec3 linear) {
  vec3 light = clamp(linear, 0.0, 1.0);
  return mix(1.055 * pow(light, vec3(1.0 / 2.4)) - 0.055, light * 12.92, vec3(lessThanEqual(light, vec3(0.0031308))));
}

vec3 checkerboard() {
  vec2 cell = floor(gl_FragCoord.xy / 8.0);
  return vec3(mod(cell.x + cell.y, 2.0) < 0.5 ? 0.036 : 0.051);
}

void main() {
  vec4 seen = hasSurface ? texture(surface, screen) : vec4(0.0);
  vec2 fromTop = vec2(screen.x, 1.0 - screen.y);
  if (seen.a < 1.0 && backgroundKind != 0) {
    vec3 behind = colour;
    if (backgroundKind == 2) behind = texture(plate, 0.5 + (fromTop - 0.5) * plateScale).rgb;
    if (backgroundKind == 3) behind = checkerboard();
    seen = vec4(seen.rgb + (1.0 - seen.a) * behind, 1.0);
  }
  if (cardOpacity > 0.0) {
    vec3 point = cardFromView * vec3(fromTop * vec2(1.0, size.y / size.x), 1.0);
    vec2 at = point.xy / point.z;
    if (point.z > 0.0 && all(lessThanEqual(abs(at - 0.5), vec2(0.5)))) {
      seen = mix(seen, vec4(textureLod(card, at, cardLevel).rgb, 1.0), cardOpacity);
    }
  }
  pixel = vec4(toDisplay(seen.rgb / max(seen.a, 1e-4)), seen.a);
}`;

/**
 * The last pass: lays the avatar over its background and the source picture over both, in linear light as
 * `composeBackground` does, and encodes to sRGB. Owns its program and triangle, none of the textures.
 */
export class FrameCompositor {
  readonly mesh: Mesh<BufferGeometry, RawShaderMaterial>;
  readonly #uniforms = {
    surface: { value: null as Texture | null },
    plate: { value: null as Texture | null },
    card: { value: null as Texture | null },
    plateScale: { value: new Vector2(1, 1) },
    colour: { value: new Vector3() },
    size: { value: new Vector2(1, 1) },
    cardFromView: { value: new Matrix3() },
    cardOpacity: { value: 0 },
    cardLevel: { value: 0 },
    backgroundKind: { value: 0 as number },
    hasSurface: { value: true },
  };

  constructor() {
    const triangle = new BufferGeometry();
    triangle.setAttribute('position', new BufferAttribute(Float32Array.of(-1, -1, 3, -1, -1, 3), 2));
    const material = new RawShaderMaterial({
      vertexShader: VERTEX,
      fragmentShader: FRAGMENT,
      glslVersion: GLSL3,
      uniforms: this.#uniforms,
      depthTest: false,
      depthWrite: false,
      blending: NoBlending,
    });
    this.mesh = new Mesh(triangle, material);
    this.mesh.frustumCulled = false;
    this.mesh.matrixAutoUpdate = false;
  }

  /** The avatar's pictures; the card is the source crop. */
  setPictures(plate: Texture, card: Texture): void {
    this.#uniforms.plate.value = plate;
    this.#uniforms.card.value = card;
  }

  setBackground({ background }: ViewportLook, destination: FrameDestination): void {
    const isShownEmpty = background.kind === 'transparent' && destination === 'screen';
    this.#uniforms.backgroundKind.value = BACKGROUND_KINDS[isShownEmpty ? 'checkerboard' : background.kind];
    if (background.kind === 'color') {
      const [red, green, blue] = background.rgb.map((byte) => SRGB_TO_LINEAR[byte]);
      this.#uniforms.colour.value.set(red, green, blue);
    }
  }

  setOverlay(opacity: number, view: PinholeCamera, source: PinholeCamera): void {
    const matrix = opacity > 0 ? cardMatrix(view, source) : undefined;
    this.#uniforms.cardOpacity.value = matrix ? opacity : 0;
    if (matrix === undefined) return;
    this.#uniforms.cardFromView.value.fromArray(matrix);
    const picture = this.#uniforms.card.value?.image as ImageBitmap | undefined;
    const texelsPerPixel =
      ((picture?.width ?? 1) / this.#uniforms.size.value.x) * (source.focal / view.focal);
    this.#uniforms.cardLevel.value = Math.max(0, Math.log2(texelsPerPixel));
  }

  /** What the surface pass left (nothing for the bare background), and the size of the frame in pixels. */
  setSurface(surface: Texture | undefined, width: number, height: number): void {
    const { plate, plateScale, size } = this.#uniforms;
    this.#uniforms.surface.value = surface ?? null;
    this.#uniforms.hasSurface.value = surface !== undefined;
    size.value.set(width, height);
    // Scaled to cover the frame, cut at the sides that stick out.
    const picture = plate.value?.image as ImageBitmap | undefined;
    if (picture === undefined) return;
    const scale = Math.min(picture.width / width, picture.height / height);
    plateScale.value.set((width * scale) / picture.width, (height * scale) / picture.height);
  }

  dispose(): void {
    this.mesh.geometry.dispose();
    this.mesh.material.dispose();
  }
}
