import type { LightRig, SurfaceSamples } from '#common/synthetic/scene';
import { portablePower, wholePower } from '#common/math/portableMath';

/** One sample's light, by channel; a single instance is moved from sample to sample. */
export interface SurfaceLight {
  /** Takes sample `i` with a (detailed) unit normal. */
  at(samples: SurfaceSamples, i: number, normal: ArrayLike<number>): void;
  /** Light that arrives for a matte surface, with `wrap` of it going round edges. */
  diffuse(channel: number, wrap: number): number;
  /** Highlight of the three lights together, normalised Blinn-Phong with Fresnel at normal incidence `f0`. */
  specular(power: number, f0: number): number;
  /** Colour of the highlight. */
  glossColor(channel: number): number;
}

export function createSurfaceLight(light: LightRig): SurfaceLight {
  const { key, fill, rim, sky, ground } = light;
  let keyDot = 0;
  let fillDot = 0;
  let rimDot = 0;
  let up = 0;
  let visible = 1;
  let occlusion = 1;
  // What all three channels of a sample share.
  let wrapOfShares = Number.NaN;
  let keyShare = 0;
  let fillShare = 0;
  let rimShare = 0;
  const share = (wrap: number): void => {
    const wrapped = (dot: number): number =>
      dot > -wrap ? portablePower((dot + wrap) / (1 + wrap), 1 + wrap) : 0;
    // Light that went into the skin beside a shadow comes out inside of it.
    keyShare = wrapped(keyDot) * (visible + (1 - visible) * wrap * 0.35 * visible);
    fillShare = wrapped(fillDot) * occlusion;
    rimShare = wrapped(rimDot) * occlusion;
    wrapOfShares = wrap;
  };
  const view = new Float64Array(3);
  const n = new Float64Array(3);
  const half = (direction: readonly number[], power: number, f0: number): number => {
    let x = view[0] + direction[0];
    let y = view[1] + direction[1];
    let z = view[2] + direction[2];
    const length = Math.sqrt(x * x + y * y + z * z) + 1e-9;
    x /= length;
    y /= length;
    z /= length;
    const cosine = Math.max(0, n[0] * x + n[1] * y + n[2] * z);
    const grazing = 1 - Math.max(0, view[0] * x + view[1] * y + view[2] * z);
    const fresnel = f0 + (1 - f0) * wholePower(grazing, 5);
    return ((power + 8) / 25) * portablePower(cosine, power) * fresnel;
  };
  const luminance = (color: readonly number[]): number => (color[0] + color[1] + color[2]) / 3;
  const keyPower = luminance(key.color);
  const fillPower = luminance(fill.color);
  const rimPower = luminance(rim.color);
  const total = keyPower + fillPower + rimPower + 1e-6;
  return {
    at(samples, i, normal) {
      const k = i * 3;
      for (let c = 0; c < 3; c++) {
        n[c] = normal[c];
        view[c] = samples.views[k + c];
      }
      keyDot = n[0] * key.direction[0] + n[1] * key.direction[1] + n[2] * key.direction[2];
      fillDot = n[0] * fill.direction[0] + n[1] * fill.direction[1] + n[2] * fill.direction[2];
      rimDot = n[0] * rim.direction[0] + n[1] * rim.direction[1] + n[2] * rim.direction[2];
      up = 0.5 + 0.5 * n[1];
      visible = samples.keyVisibility[i];
      occlusion = samples.occlusion[i];
      wrapOfShares = Number.NaN;
    },
    diffuse(channel, wrap) {
      if (wrap !== wrapOfShares) share(wrap);
      return (
        key.color[channel] * keyShare +
        fill.color[channel] * fillShare +
        rim.color[channel] * rimShare +
        (ground[channel] + (sky[channel] - ground[channel]) * up) * occlusion
      );
    },
    specular(power, f0) {
      const keyPart =
        keyDot > 0 ? half(key.direction, power, f0) * keyPower * visible * Math.min(1, keyDot * 4) : 0;
      const fillPart = fillDot > 0 ? half(fill.direction, power, f0) * fillPower * occlusion : 0;
      const rimPart = rimDot > 0 ? half(rim.direction, power, f0) * rimPower * occlusion : 0;
      return keyPart + fillPart + rimPart;
    },
    glossColor(channel) {
      return (key.color[channel] + fill.color[channel] + rim.color[channel]) / total;
    },
  };
}
