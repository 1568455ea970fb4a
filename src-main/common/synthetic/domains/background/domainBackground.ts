import { assertNever } from '#common/contract/errors';
import { norm2, portableAngle, portableSine, squared } from '#common/math/portableMath';
import { smoothStep } from '#common/math/smoothStep';
import type { BackgroundRecipe } from '#common/synthetic/domains/background/backgroundSchema';
import { linearColor } from '#common/synthetic/domains/domainValues';
import { radianceShownAs } from '#common/synthetic/render/resolve/toneCurve';
import { hashShare, latticeHash } from '#common/synthetic/pattern/latticeHash';
import { simplexNoise } from '#common/synthetic/pattern/latticeNoise';
import type { SceneBackground } from '#common/synthetic/scene';

type Color = [number, number, number];
/** Colours one place of the picture; x and y from 0 (left, top) to 1. */
type Painter = (x: number, y: number, out: Color) => void;

/** The picture behind a head. Flat: it does not move with the camera. */
export function domainBackground(recipe: BackgroundRecipe): SceneBackground {
  const paint = painterOf(recipe);
  return {
    paint(size, out) {
      const color: Color = [0, 0, 0];
      for (let row = 0; row < size; row++)
        for (let column = 0; column < size; column++) {
          paint((column + 0.5) / size, (row + 0.5) / size, color);
          for (let c = 0; c < 3; c++) out[(row * size + column) * 3 + c] = radianceShownAs(color[c]);
        }
    },
  };
}

const noiseOut = new Float64Array(4);
const noise = (x: number, y: number, seed: number): number => {
  simplexNoise(x, y, 0.5, seed, noiseOut);
  return noiseOut[0];
};
const clouds = (x: number, y: number, seed: number): number =>
  noise(x, y, seed) * 0.6 +
  noise(x * 2.1, y * 2.1, seed + 1) * 0.3 +
  noise(x * 4.3, y * 4.3, seed + 2) * 0.15;
const chance = (x: number, y: number, seed: number, channel = 0): number =>
  hashShare(latticeHash(x, y, 0, seed), channel);

function mix(from: Color, to: Color, share: number, out: Color): void {
  for (let c = 0; c < 3; c++) out[c] = from[c] + (to[c] - from[c]) * share;
}

/** Along a list of colours, t in [0, 1]. */
function ramp(colors: readonly Color[], t: number, out: Color): void {
  const place = Math.min(0.9999, Math.max(0, t)) * (colors.length - 1);
  const index = Math.floor(place);
  mix(colors[index], colors[index + 1], place - index, out);
}

function painterOf({ kind, colors: names, seed }: BackgroundRecipe): Painter {
  const colors = names.map(linearColor);
  switch (kind) {
    case 'gradient':
      return (x, y, out) => ramp(colors, y * 0.8 + 0.35 * norm2(x - 0.5, y - 0.4), out);
    case 'paper':
      return (x, y, out) =>
        ramp(colors, 0.35 + 0.2 * clouds(x * 3, y * 3, seed) + 0.3 * noise(x * 180, y * 180, seed), out);
    case 'bricks':
      return bricks(colors, seed);
    case 'panes':
      return panes(colors, seed);
    case 'grid':
      return nightGrid(colors);
    case 'blocks':
      return (x, y, out) => {
        const u = Math.floor(x * 28);
        const v = Math.floor(y * 28);
        ramp(
          colors,
          (v + 0.5) / 28 + 0.16 * clouds(u * 0.16, v * 0.3, seed) + 0.05 * (chance(u, v, seed) - 0.5),
          out,
        );
      };
    case 'lights':
      return lights(colors, seed);
    case 'rays':
      return (x, y, out) => {
        const turn = (portableAngle(y - 0.5, x - 0.5) / (2 * Math.PI) + 1) * 14;
        mix(colors[0], colors[1], smoothStep(0.46, 0.54, Math.abs(turn - Math.floor(turn) - 0.5) * 2), out);
      };
    case 'smoke':
      return (x, y, out) => {
        const drift = clouds(x * 2.2, y * 2.2, seed);
        ramp(
          colors,
          0.5 + 0.45 * clouds(x * 2.6 + drift * 0.7, y * 2.6 + drift * 0.5, seed + 5) - 0.25 * y,
          out,
        );
      };
    case 'curtain':
      return (x, y, out) => {
        const fold = portableSine(x * 46 + 2.5 * noise(x * 3, y * 0.6, seed));
        ramp(colors, 0.5 + 0.4 * fold + 0.15 * noise(x * 9, y, seed + 1), out);
      };
    default:
      return assertNever(kind, 'background');
  }
}

/** Joints, brick, then the colours of the spray. */
function bricks(colors: readonly Color[], seed: number): Painter {
  const [joint, brick, ...sprays] = colors;
  return (x, y, out) => {
    const v = y * 14;
    const row = Math.floor(v);
    const u = x * 6 + (row & 1) * 0.5;
    const column = Math.floor(u);
    const edge = Math.min(Math.min(u - column, 1 - u + column) * 2.3, Math.min(v - row, 1 - v + row));
    mix(joint, brick, smoothStep(0.04, 0.09, edge), out);
    const tone = 0.75 + 0.4 * chance(column, row, seed) + 0.25 * noise(x * 40, y * 40, seed);
    for (let c = 0; c < 3; c++) out[c] *= tone;
    sprays.forEach((spray, index) => {
      const cx = chance(index, 1, seed);
      const cy = 0.15 + 0.6 * chance(index, 2, seed);
      const reach = 0.24 + 0.1 * clouds(x * 3, y * 3, seed + index);
      const drip =
        smoothStep(0.72, 0.8, noise(x * 26, index, seed + 7)) *
        smoothStep(cy + 0.5, cy, y) *
        (y > cy ? 1 : 0);
      const far = norm2(x - cx, (y - cy) * 1.4) / reach;
      const cover =
        Math.max(smoothStep(1.05, 0.6, far), far < 1.6 ? drip : 0) *
        (0.85 + 0.1 * noise(x * 90, y * 90, seed));
      mix([...out], spray, Math.max(0, cover), out);
    });
  };
}

/** Lead, then the panes' colours. */
function panes(colors: readonly Color[], seed: number): Painter {
  const [lead, ...glass] = colors;
  return (x, y, out) => {
    let near = 9;
    let second = 9;
    let hash = 0;
    const u = x * 7;
    const v = y * 7;
    for (let dy = -1; dy <= 1; dy++)
      for (let dx = -1; dx <= 1; dx++) {
        const cx = Math.floor(u) + dx;
        const cy = Math.floor(v) + dy;
        const d = norm2(
          cx + 0.15 + 0.7 * chance(cx, cy, seed, 1) - u,
          cy + 0.15 + 0.7 * chance(cx, cy, seed, 2) - v,
        );
        if (d < near) {
          second = near;
          near = d;
          hash = chance(cx, cy, seed, 3);
        } else if (d < second) second = d;
      }
    const pane = glass[Math.floor(hash * glass.length)];
    mix(lead, pane, smoothStep(0.05, 0.1, second - near), out);
    const light = 0.7 + 0.5 * ((hash * 7) % 1) + 0.15 * noise(x * 20, y * 20, seed);
    for (let c = 0; c < 3; c++) out[c] *= light;
  };
}

/** Night above, night at the horizon, sun above, sun below, lines. */
function nightGrid(colors: readonly Color[]): Painter {
  const [night, dusk, high, low, line] = [0, 1, 2, 3, 4].map((index) => colors[index % colors.length]);
  return (x, y, out) => {
    const horizon = 0.66;
    if (y < horizon) {
      mix(night, dusk, squared(smoothStep(0, horizon, y)), out);
      const far = norm2(x - 0.5, y - 0.42);
      const gap = (y - 0.3) * 26;
      const isOpen = y < 0.36 || gap - Math.floor(gap) > 0.15 + (y - 0.36) * 1.3;
      if (far < 0.36 && isOpen) mix(high, low, smoothStep(0.08, horizon, y), out);
      return;
    }
    const depth = 0.06 / (y - horizon + 0.012);
    const u = (x - 0.5) * depth * 9;
    const v = depth * 3;
    const wide = 0.05 + depth * 0.012;
    const near = Math.min(Math.abs(u - Math.round(u)), Math.abs(v - Math.round(v)) * 0.8);
    mix(night, line, smoothStep(wide + 0.04, wide, near), out);
  };
}

/** Dark, bright, then the lights' colours. */
function lights(colors: readonly Color[], seed: number): Painter {
  const [dark, bright, ...glows] = colors;
  return (x, y, out) => {
    mix(dark, bright, 0.5 + 0.5 * clouds(x * 1.3, y * 1.3, seed), out);
    for (let n = 0; n < 22; n++) {
      const far = norm2(x - chance(n, 1, seed), y - chance(n, 2, seed)) / (0.03 + 0.06 * chance(n, 3, seed));
      if (far > 1.15) continue;
      const glow = glows[n % glows.length] ?? bright;
      const cover = smoothStep(1.15, 0.95, far) * (0.15 + 0.3 * chance(n, 4, seed));
      for (let c = 0; c < 3; c++) out[c] += glow[c] * cover;
    }
  };
}
