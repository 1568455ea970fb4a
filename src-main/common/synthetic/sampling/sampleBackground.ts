import { hashNoise } from '#common/image/hashNoise';
import type { SeededRandom } from '#common/math/seededRandom';
import { simplexNoise } from '#common/synthetic/pattern/latticeNoise';
import type { SceneBackground, Triple } from '#common/synthetic/scene';

export const BACKGROUND_KINDS = [
  'plain',
  'gradient',
  'studio',
  'bokeh',
  'room',
  'outdoor',
  'clutter',
] as const;
export type BackgroundKind = (typeof BACKGROUND_KINDS)[number];

const SHARES: readonly (readonly [BackgroundKind, number])[] = [
  ['plain', 0.12], ['gradient', 0.12], ['studio', 0.16], ['bokeh', 0.14], ['room', 0.18], ['outdoor', 0.15],
  ['clutter', 0.13],
]; // prettier-ignore

/** A colour at a place of the picture, u and v in [0, 1], v down; linear RGB into three floats. */
type Painter = (u: number, v: number, out: Float64Array) => void;

/** Draws what is behind a head, from one colour to the blurred mess behind a real portrait. */
export function sampleBackground(
  random: SeededRandom,
  kind: BackgroundKind = drawKind(random),
): SceneBackground {
  const painter = PAINTERS[kind](random);
  return {
    paint(size, out) {
      const color = new Float64Array(3);
      for (let row = 0; row < size; row++)
        for (let column = 0; column < size; column++) {
          painter((column + 0.5) / size, (row + 0.5) / size, color);
          out.set(color, (row * size + column) * 3);
        }
    },
  };
}

function drawKind(random: SeededRandom): BackgroundKind {
  let at = random.uniform();
  for (const [kind, share] of SHARES) {
    at -= share;
    if (at < 0) return kind;
  }
  return 'plain';
}

const PAINTERS: Readonly<Record<BackgroundKind, (random: SeededRandom) => Painter>> = {
  plain: (random) => {
    const color = wallColor(random);
    return (_, __, out) => out.set(color);
  },
  gradient: (random) => {
    const [from, to] = [wallColor(random), wallColor(random)];
    const angle = random.between(0, 2 * Math.PI);
    const [dx, dy] = [Math.cos(angle), Math.sin(angle)];
    return (u, v, out) => mix(from, to, 0.5 + 0.6 * ((u - 0.5) * dx + (v - 0.5) * dy), out);
  },
  studio: (random) => {
    const color = wallColor(random);
    const [x, y] = [random.between(0.2, 0.8), random.between(0.2, 0.7)];
    const fall = random.between(0.8, 2.5);
    const seed = random.integer(1 << 20);
    return (u, v, out) => {
      const light =
        1.25 * Math.exp(-fall * ((u - x) ** 2 + (v - y) ** 2)) * (1 + 0.06 * noise(u * 3, v * 3, seed));
      for (let c = 0; c < 3; c++) out[c] = color[c] * light;
    };
  },
  bokeh: (random) => bokeh(random),
  room: (random) => room(random),
  outdoor: (random) => outdoor(random),
  clutter: (random) => clutter(random),
};

/** Out-of-focus lights before a dark or a bright blur. */
function bokeh(random: SeededRandom): Painter {
  const [low, high] = [times(wallColor(random), 0.35), times(wallColor(random), 0.8)];
  const seed = random.integer(1 << 20);
  const radius = random.between(0.025, 0.08);
  const spots = Array.from({ length: 14 + random.integer(30) }, () => ({
    u: random.uniform(),
    v: random.uniform(),
    size: radius * random.between(0.6, 1.3),
    color: times(wallColor(random), random.between(0.3, 1.4)),
  }));
  return (u, v, out) => {
    mix(low, high, 0.5 + 0.5 * noise(u * 2.2, v * 2.2, seed), out);
    for (const spot of spots) {
      const distance = Math.hypot(u - spot.u, v - spot.v) / spot.size;
      if (distance >= 1.1) continue;
      const cover = Math.min(1, (1.1 - distance) * 6) * (0.55 + 0.45 * distance) * 0.6;
      for (let c = 0; c < 3; c++) out[c] += spot.color[c] * cover;
    }
  };
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly color: Triple;
}

/** Blurred rectangles over a base: shelves, pictures, doors, windows. */
function boxes(list: readonly Box[], blur: number, base: Painter): Painter {
  return (u, v, out) => {
    base(u, v, out);
    for (const { left, top, right, bottom, color } of list) {
      const inside = Math.min(u - left, right - u, v - top, bottom - v);
      const cover = Math.min(1, Math.max(0, 0.5 + inside / blur));
      if (cover > 0) for (let c = 0; c < 3; c++) out[c] += (color[c] - out[c]) * cover;
    }
  };
}

function room(random: SeededRandom): Painter {
  const wall = wallColor(random);
  const seed = random.integer(1 << 20);
  const side = random.between(-0.35, 0.35);
  const list: Box[] = [];
  if (random.uniform() < 0.5) {
    const left = random.between(-0.2, 0.8);
    const top = random.between(-0.1, 0.3);
    list.push({
      left,
      top,
      right: left + random.between(0.2, 0.5),
      bottom: top + random.between(0.3, 0.6),
      color: times([0.9, 0.95, 1], random.between(0.8, 1.6)),
    });
  }
  const shelf = random.between(0.08, 0.2);
  if (random.uniform() < 0.6)
    for (let row = 0; row < 7; row++)
      for (let at = random.between(-0.1, 0.05); at < 1.05;) {
        const width = random.between(0.015, 0.07);
        const bottom = row * shelf + shelf * 0.92;
        list.push({
          left: at,
          right: at + width * 0.92,
          top: bottom - shelf * random.between(0.5, 0.85),
          bottom,
          color: times(wallColor(random), 0.55),
        });
        at += width;
      }
  for (let k = 0; k < random.integer(5); k++) {
    const left = random.between(-0.1, 1);
    const top = random.between(0, 0.9);
    list.push({
      left,
      top,
      right: left + random.between(0.08, 0.4),
      bottom: top + random.between(0.08, 0.4),
      color: wallColor(random),
    });
  }
  return boxes(list, random.between(0.012, 0.06), (u, v, out) => {
    const light = 0.85 + side * (u - 0.5) - 0.15 * v + 0.05 * noise(u * 4, v * 4, seed);
    for (let c = 0; c < 3; c++) out[c] = wall[c] * light;
  });
}

function outdoor(random: SeededRandom): Painter {
  const horizon = random.between(0.35, 0.85);
  const sky: Triple = random.uniform() < 0.5 ? [0.4, 0.55, 0.8] : [0.75, 0.78, 0.82];
  const leaves: Triple = [random.between(0.05, 0.2), random.between(0.13, 0.26), random.between(0.03, 0.1)];
  const ground: Triple = [random.between(0.15, 0.35), random.between(0.15, 0.3), random.between(0.1, 0.25)];
  const isLeafy = random.uniform() < 0.6;
  const seed = random.integer(1 << 20);
  const detail = random.between(5, 13);
  return (u, v, out) => {
    const ridge = horizon - (isLeafy ? 0.35 : 0.08) * (0.5 + 0.5 * noise(u * 2.5, 0.3, seed));
    const toTrees = Math.min(1, Math.max(0, 0.5 + (v - ridge) / 0.08));
    const toGround = Math.min(1, Math.max(0, 0.5 + (v - horizon) / 0.07));
    const speckle =
      0.9 +
      0.75 * noise(u * detail, v * detail, seed + 1) * noise(u * detail * 0.4, v * detail * 0.4, seed + 2) +
      0.25 * noise(u * detail * 2, v * detail * 2, seed + 3);
    for (let c = 0; c < 3; c++) {
      const far =
        sky[c] * (0.75 + 0.35 * v) * (1 - toTrees) + leaves[c] * Math.max(0.1, speckle) * 1.5 * toTrees;
      out[c] = far * (1 - toGround) + ground[c] * (0.85 + 0.3 * noise(u * 6, v * 12, seed + 4)) * toGround;
    }
  };
}

/** Layers of everything: edges, textures and colours that a network must learn to ignore. */
function clutter(random: SeededRandom): Painter {
  const base = random.uniform() < 0.5 ? outdoor(random) : room(random);
  const seed = random.integer(1 << 20);
  const shapes = Array.from({ length: 6 + random.integer(14) }, () => {
    const angle = random.between(0, Math.PI);
    return {
      u: random.uniform(),
      v: random.uniform(),
      cos: Math.cos(angle),
      sin: Math.sin(angle),
      length: random.between(0.05, 0.5),
      width: random.between(0.01, 0.18),
      blur: random.between(0.004, 0.05),
      color: wallColor(random),
      stripes: random.uniform() < 0.3 ? random.between(20, 90) : 0,
      round: random.uniform() < 0.4,
    };
  });
  return (u, v, out) => {
    base(u, v, out);
    for (const s of shapes) {
      const x = Math.abs((u - s.u) * s.cos + (v - s.v) * s.sin) / s.length;
      const y = Math.abs(-(u - s.u) * s.sin + (v - s.v) * s.cos) / s.width;
      const inside = (1 - (s.round ? Math.hypot(x, y) : Math.max(x, y))) * Math.min(s.length, s.width);
      const cover = Math.min(1, Math.max(0, 0.5 + inside / s.blur));
      if (cover === 0) continue;
      const stripe = s.stripes > 0 ? 0.75 + 0.25 * Math.sign(Math.sin(x * s.length * s.stripes * 6)) : 1;
      for (let c = 0; c < 3; c++) out[c] += (s.color[c] * stripe - out[c]) * cover;
    }
    const grain = 0.03 * (hashNoise(Math.floor(u * 4096), Math.floor(v * 4096), seed) - 0.5);
    for (let c = 0; c < 3; c++) out[c] = Math.max(0, out[c] * (1 + grain));
  };
}

const scratch = new Float64Array(4);

function noise(x: number, y: number, seed: number): number {
  simplexNoise(x, y, 0.37, seed, scratch);
  return scratch[0];
}

/** What walls, cloths and things are painted in: mostly muted, now and then strong. */
function wallColor(random: SeededRandom): Triple {
  const grey = random.between(0.04, 0.8);
  const saturation = random.uniform() < 0.25 ? 0.8 : 0.25;
  const tint: Triple = [random.normal(), random.normal(), random.normal()];
  return tint.map((value) =>
    Math.min(1, Math.max(0.01, grey * Math.exp(0.45 * saturation * value))),
  ) as unknown as Triple;
}

function times(color: Triple, factor: number): Triple {
  return [color[0] * factor, color[1] * factor, color[2] * factor];
}

function mix(from: Triple, to: Triple, share: number, out: Float64Array): void {
  const t = Math.min(1, Math.max(0, share));
  for (let c = 0; c < 3; c++) out[c] = from[c] + (to[c] - from[c]) * t;
}
