import { portablePower } from '#common/math/portableMath';
import type { LightRig, SurfaceSamples } from '#common/synthetic/scene';

/** What reaches one sample; overwritten by the next. */
export class SurfaceLight {
  /** Linear RGB that a white, matt, wrapped surface sends back. */
  red = 0;
  green = 0;
  blue = 0;
  /** Cosine to the key light (wrapped, shadowed), [0, 1]. */
  key = 0;
  /** Cosine to the key light without shadow, [-1, 1]. */
  facing = 0;
  /** Fill light's cosine, [0, 1]. */
  fill = 0;
  /** Rim light's cosine, [0, 1]. */
  rim = 0;
  /** 1 - cosine to the viewer, [0, 1]. */
  grazing = 0;
  /** Cosine between normal and the half vector of the key light. */
  half = 0;
}

export interface LightOptions {
  readonly wrap: number;
  readonly ambient: number;
  readonly occlusion: number;
}

const dot = (a: ArrayLike<number>, at: number, b: readonly [number, number, number]): number =>
  a[at] * b[0] + a[at + 1] * b[1] + a[at + 2] * b[2];

/** Gathers the light of sample `i`. */
export function gatherLight(
  samples: SurfaceSamples,
  i: number,
  light: LightRig,
  { wrap, ambient, occlusion }: LightOptions,
  out: SurfaceLight,
): void {
  const k = i * 3;
  const { normals, views } = samples;
  const seen = 1 - occlusion * (1 - samples.occlusion[i]);
  const visible = samples.keyVisibility[i];
  const facing = dot(normals, k, light.key.direction);
  out.facing = facing;
  out.key = (Math.max(0, facing + wrap) / (1 + wrap)) * visible;
  out.fill = Math.max(0, dot(normals, k, light.fill.direction) * 0.8 + 0.2) * (0.4 + 0.6 * seen);
  out.rim = Math.max(0, dot(normals, k, light.rim.direction)) * (0.3 + 0.7 * seen);
  const up = 0.5 + 0.5 * normals[k + 1];
  const sky = ambient * seen;
  const { key, fill, rim } = light;
  out.red =
    sky * (light.ground[0] + (light.sky[0] - light.ground[0]) * up) +
    out.key * key.color[0] + out.fill * fill.color[0] + out.rim * rim.color[0]; // prettier-ignore
  out.green =
    sky * (light.ground[1] + (light.sky[1] - light.ground[1]) * up) +
    out.key * key.color[1] + out.fill * fill.color[1] + out.rim * rim.color[1]; // prettier-ignore
  out.blue =
    sky * (light.ground[2] + (light.sky[2] - light.ground[2]) * up) +
    out.key * key.color[2] + out.fill * fill.color[2] + out.rim * rim.color[2]; // prettier-ignore
  const toViewer = normals[k] * views[k] + normals[k + 1] * views[k + 1] + normals[k + 2] * views[k + 2];
  out.grazing = 1 - Math.min(1, Math.max(0, toViewer));
  const hx = light.key.direction[0] + views[k];
  const hy = light.key.direction[1] + views[k + 1];
  const hz = light.key.direction[2] + views[k + 2];
  const length = Math.sqrt(hx * hx + hy * hy + hz * hz) + 1e-9;
  out.half = Math.max(0, (normals[k] * hx + normals[k + 1] * hy + normals[k + 2] * hz) / length);
}

/** Blinn's highlight of the key light, unshadowed. */
export function highlight(half: number, gloss: number): number {
  return portablePower(half, gloss);
}

/** How bright the sample is for drawn styles: 0 in full shade, about 1 where the key light falls straight. */
export function toneOf(surface: SurfaceLight, visibility: number, shadow: number): number {
  const lit = 1 - shadow * (1 - visibility);
  return (
    0.5 + 0.5 * surface.facing - 0.45 * (1 - lit) * Math.max(0, surface.facing + 0.3) + 0.12 * surface.fill
  );
}
