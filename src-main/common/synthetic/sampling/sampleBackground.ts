import { hashNoise } from '#common/image/hashNoise';
import type { SeededRandom } from '#common/math/seededRandom';
import type { NoiseSheet } from '#common/synthetic/pattern/noiseSheet';
import { createNoiseSheet, readNoiseSheet } from '#common/synthetic/pattern/noiseSheet';
import type { SceneBackground, Triple } from '#common/synthetic/scene';
import { norm2, portableCosine, portableExp, portableSine, squared } from '#common/math/portableMath';

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
/** Paints over what is in a picture, only where it changes something. */
type Layer = SceneBackground['paint'];

/** Draws what is behind a head, from one colour to the blurred mess behind a real portrait. */
export function sampleBackground(
  random: SeededRandom,
  kind: BackgroundKind = drawKind(random),
): SceneBackground {
  const layers = PAINTERS[kind](random);
  return { paint: (size, out) => layers.forEach((paint) => paint(size, out)) };
}

/** All of the picture. */
function everywhere(painter: Painter): Layer {
  return (size, out) => {
    const color = new Float64Array(3);
    for (let row = 0, at = 0; row < size; row++)
      for (let column = 0; column < size; column++, at += 3) {
        painter((column + 0.5) / size, (row + 0.5) / size, color);
        out[at] = color[0];
        out[at + 1] = color[1];
        out[at + 2] = color[2];
      }
  };
}

/** Part of a picture, sides in [0, 1] and beyond. */
interface Window {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** How much of a place something covers, from 0; its colour goes into three floats. */
type Cover = (u: number, v: number, color: Float64Array) => number;

/** Mixes something in within its window. */
function within({ left, top, right, bottom }: Window, cover: Cover): Layer {
  return (size, out) => {
    const color = new Float64Array(3);
    const lastRow = Math.min(size - 1, Math.ceil(bottom * size));
    const firstColumn = Math.max(0, Math.floor(left * size) - 1);
    const lastColumn = Math.min(size - 1, Math.ceil(right * size));
    for (let row = Math.max(0, Math.floor(top * size) - 1); row <= lastRow; row++)
      for (let column = firstColumn; column <= lastColumn; column++) {
        const share = cover((column + 0.5) / size, (row + 0.5) / size, color);
        if (share <= 0) continue;
        const at = (row * size + column) * 3;
        for (let c = 0; c < 3; c++) out[at + c] += (color[c] - out[at + c]) * share;
      }
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

const PAINTERS: Readonly<Record<BackgroundKind, (random: SeededRandom) => readonly Layer[]>> = {
  plain: (random) => {
    const color = wallColor(random);
    return [everywhere((_, __, out) => out.set(color))];
  },
  gradient: (random) => {
    const [from, to] = [wallColor(random), wallColor(random)];
    const angle = random.between(0, 2 * Math.PI);
    const [dx, dy] = [portableCosine(angle), portableSine(angle)];
    return [everywhere((u, v, out) => mix(from, to, 0.5 + 0.6 * ((u - 0.5) * dx + (v - 0.5) * dy), out))];
  },
  studio: (random) => {
    const color = wallColor(random);
    const [x, y] = [random.between(0.2, 0.8), random.between(0.2, 0.7)];
    const fall = random.between(0.8, 2.5);
    const blotches = noise(3, 3, random.integer(1 << 20));
    return [
      everywhere((u, v, out) => {
        const light =
          1.25 *
          portableExp(-fall * (squared(u - x) + squared(v - y))) *
          (1 + 0.06 * readNoiseSheet(blotches, u, v));
        for (let c = 0; c < 3; c++) out[c] = color[c] * light;
      }),
    ];
  },
  bokeh: (random) => bokeh(random),
  room: (random) => room(random),
  outdoor: (random) => outdoor(random),
  clutter: (random) => clutter(random),
};

/** Out-of-focus lights before a dark or a bright blur. */
function bokeh(random: SeededRandom): Layer[] {
  const [low, high] = [times(wallColor(random), 0.35), times(wallColor(random), 0.8)];
  const blur = noise(2.2, 2.2, random.integer(1 << 20));
  const radius = random.between(0.025, 0.08);
  const spots = Array.from({ length: 14 + random.integer(30) }, () => ({
    u: random.uniform(),
    v: random.uniform(),
    size: radius * random.between(0.6, 1.3),
    color: times(wallColor(random), random.between(0.3, 1.4)),
  }));
  return [
    everywhere((u, v, out) => mix(low, high, 0.5 + 0.5 * readNoiseSheet(blur, u, v), out)),
    ...spots.map(({ u, v, size, color }): Layer => {
      const reach = size * 1.1;
      // Light adds up: what is there stays.
      return glow({ left: u - reach, right: u + reach, top: v - reach, bottom: v + reach }, color, (x, y) => {
        const distance = norm2(x - u, y - v) / size;
        return distance >= 1.1 ? 0 : Math.min(1, (1.1 - distance) * 6) * (0.55 + 0.45 * distance) * 0.6;
      });
    }),
  ];
}

/** Adds light within a window. */
function glow(window: Window, light: Triple, share: (u: number, v: number) => number): Layer {
  return (size, out) => {
    const lastRow = Math.min(size - 1, Math.ceil(window.bottom * size));
    const lastColumn = Math.min(size - 1, Math.ceil(window.right * size));
    for (let row = Math.max(0, Math.floor(window.top * size) - 1); row <= lastRow; row++)
      for (let column = Math.max(0, Math.floor(window.left * size) - 1); column <= lastColumn; column++) {
        const cover = share((column + 0.5) / size, (row + 0.5) / size);
        const at = (row * size + column) * 3;
        for (let c = 0; c < 3; c++) out[at + c] += light[c] * cover;
      }
  };
}

interface Box extends Window {
  readonly color: Triple;
}

/** Rectangles with soft borders, one over another: shelves, pictures, doors, windows. */
function boxes(list: readonly Box[], blur: number): Layer[] {
  return list.map(({ left, top, right, bottom, color }) => {
    const soft = blur / 2;
    const window = { left: left - soft, top: top - soft, right: right + soft, bottom: bottom + soft };
    return within(window, (u, v, out) => {
      out.set(color);
      return Math.min(1, 0.5 + Math.min(u - left, right - u, v - top, bottom - v) / blur);
    });
  });
}

function room(random: SeededRandom): Layer[] {
  const wall = wallColor(random);
  const blotches = noise(4, 4, random.integer(1 << 20));
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
  const base = everywhere((u, v, out) => {
    const light = 0.85 + side * (u - 0.5) - 0.15 * v + 0.05 * readNoiseSheet(blotches, u, v);
    for (let c = 0; c < 3; c++) out[c] = wall[c] * light;
  });
  return [base, ...boxes(list, random.between(0.012, 0.06))];
}

function outdoor(random: SeededRandom): Layer[] {
  const horizon = random.between(0.35, 0.85);
  const sky: Triple = random.uniform() < 0.5 ? [0.4, 0.55, 0.8] : [0.75, 0.78, 0.82];
  const leaves: Triple = [random.between(0.05, 0.2), random.between(0.13, 0.26), random.between(0.03, 0.1)];
  const ground: Triple = [random.between(0.15, 0.35), random.between(0.15, 0.3), random.between(0.1, 0.25)];
  const isLeafy = random.uniform() < 0.6;
  const seed = random.integer(1 << 20);
  const detail = random.between(5, 13);
  const skyline = noise(2.5, 0, seed);
  const leaf = noise(detail, detail, seed + 1);
  const branch = noise(detail * 0.4, detail * 0.4, seed + 2);
  const twig = noise(detail * 2, detail * 2, seed + 3);
  const soil = noise(6, 12, seed + 4);
  const paint: Painter = (u, v, out) => {
    const ridge = horizon - (isLeafy ? 0.35 : 0.08) * (0.5 + 0.5 * readNoiseSheet(skyline, u, 0));
    const toTrees = Math.min(1, Math.max(0, 0.5 + (v - ridge) / 0.08));
    const toGround = Math.min(1, Math.max(0, 0.5 + (v - horizon) / 0.07));
    const speckle =
      toTrees > 0 && toGround < 1
        ? 0.9 +
          0.75 * readNoiseSheet(leaf, u, v) * readNoiseSheet(branch, u, v) +
          0.25 * readNoiseSheet(twig, u, v)
        : 0;
    const soft = toGround > 0 ? 0.85 + 0.3 * readNoiseSheet(soil, u, v) : 0;
    for (let c = 0; c < 3; c++) {
      const far =
        sky[c] * (0.75 + 0.35 * v) * (1 - toTrees) + leaves[c] * Math.max(0.1, speckle) * 1.5 * toTrees;
      out[c] = far * (1 - toGround) + ground[c] * soft * toGround;
    }
  };
  return [everywhere(paint)];
}

/** Layers of everything: edges, textures and colours that a network must learn to ignore. */
function clutter(random: SeededRandom): Layer[] {
  const base = random.uniform() < 0.5 ? outdoor(random) : room(random);
  const seed = random.integer(1 << 20);
  const shapes = Array.from({ length: 6 + random.integer(14) }, () => {
    const angle = random.between(0, Math.PI);
    return {
      u: random.uniform(),
      v: random.uniform(),
      cos: portableCosine(angle),
      sin: portableSine(angle),
      length: random.between(0.05, 0.5),
      width: random.between(0.01, 0.18),
      blur: random.between(0.004, 0.05),
      color: wallColor(random),
      stripes: random.uniform() < 0.3 ? random.between(20, 90) : 0,
      round: random.uniform() < 0.4,
    };
  });
  return [...base, ...shapes.map(clutterShape), (size, out) => addGrain(size, seed, out)];
}

interface ClutterShape {
  readonly u: number;
  readonly v: number;
  readonly cos: number;
  readonly sin: number;
  readonly length: number;
  readonly width: number;
  readonly blur: number;
  readonly color: Triple;
  readonly stripes: number;
  readonly round: boolean;
}

function clutterShape(s: ClutterShape): Layer {
  const least = Math.min(s.length, s.width);
  const grown = 1 + s.blur / (2 * least);
  const across = (Math.abs(s.cos) * s.length + Math.abs(s.sin) * s.width) * grown;
  const down = (Math.abs(s.sin) * s.length + Math.abs(s.cos) * s.width) * grown;
  const window = { left: s.u - across, right: s.u + across, top: s.v - down, bottom: s.v + down };
  return within(window, (u, v, color) => {
    const x = Math.abs((u - s.u) * s.cos + (v - s.v) * s.sin) / s.length;
    const y = Math.abs(-(u - s.u) * s.sin + (v - s.v) * s.cos) / s.width;
    const inside = (1 - (s.round ? norm2(x, y) : Math.max(x, y))) * least;
    const cover = Math.min(1, 0.5 + inside / s.blur);
    if (cover <= 0) return 0;
    const stripe = s.stripes > 0 ? 0.75 + 0.25 * Math.sign(portableSine(x * s.length * s.stripes * 6)) : 1;
    for (let c = 0; c < 3; c++) color[c] = s.color[c] * stripe;
    return cover;
  });
}

function addGrain(size: number, seed: number, out: Float32Array): void {
  for (let row = 0, at = 0; row < size; row++)
    for (let column = 0; column < size; column++, at += 3) {
      const u = Math.floor(((column + 0.5) / size) * 4096);
      const v = Math.floor(((row + 0.5) / size) * 4096);
      const grain = 1 + 0.03 * (hashNoise(u, v, seed) - 0.5);
      for (let c = 0; c < 3; c++) out[at + c] = Math.max(0, out[at + c] * grain);
    }
}

/** Soft blotches, so many across and down the picture. */
function noise(across: number, down: number, seed: number): NoiseSheet {
  return createNoiseSheet({ across, down, seed });
}

/** What walls, cloths and things are painted in: mostly muted, now and then strong. */
function wallColor(random: SeededRandom): Triple {
  const grey = random.between(0.04, 0.8);
  const saturation = random.uniform() < 0.25 ? 0.8 : 0.25;
  const tint: Triple = [random.normal(), random.normal(), random.normal()];
  return tint.map((value) =>
    Math.min(1, Math.max(0.01, grey * portableExp(0.45 * saturation * value))),
  ) as unknown as Triple;
}

function times(color: Triple, factor: number): Triple {
  return [color[0] * factor, color[1] * factor, color[2] * factor];
}

function mix(from: Triple, to: Triple, share: number, out: Float64Array): void {
  const t = Math.min(1, Math.max(0, share));
  for (let c = 0; c < 3; c++) out[c] = from[c] + (to[c] - from[c]) * t;
}
