import { createColorImage } from '#common/image/colorImage';
import { membraneFill, poissonBlend } from '#common/image/membraneFill';
import { pushPullFill, pushPullHole } from '#common/image/pushPull';
import { describe, expect, it } from 'vitest';

const WIDTH = 48;
const HEIGHT = 40;

function ramp() {
  const image = createColorImage(WIDTH, HEIGHT);
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) image.data.set([x / 60, y / 60, (x + y) / 120], (y * WIDTH + x) * 3);
  }
  return image;
}

/** 0 inside a rectangle in the middle. */
function knownAround(): Uint8Array {
  return Uint8Array.from({ length: WIDTH * HEIGHT }, (_, pixel) => {
    const x = pixel % WIDTH;
    const y = Math.floor(pixel / WIDTH);
    return x > 12 && x < 34 && y > 9 && y < 30 ? 0 : 1;
  });
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
}

function withHole(source: ReturnType<typeof ramp>, known: Uint8Array) {
  const image = { ...source, data: source.data.slice() };
  known.forEach((value, pixel) => {
    if (value === 0) image.data.fill(0.9, pixel * 3, pixel * 3 + 3);
  });
  return image;
}

describe('membraneFill', () => {
  it('continues a ramp, which is harmonic, through a hole', () => {
    const image = withHole(ramp(), knownAround());
    membraneFill(image, knownAround());
    expect(largestDifference(image.data, ramp().data)).toBeLessThan(0.004);
  });
});

describe('poissonBlend', () => {
  it('takes the detail of the guide and the level of the target', () => {
    const known = knownAround();
    const wave = (x: number, y: number) => 0.1 * Math.sin(x) * Math.cos(y);
    const truth = ramp();
    const guide = createColorImage(WIDTH, HEIGHT);
    for (let pixel = 0; pixel < WIDTH * HEIGHT; pixel++) {
      const detail = wave(pixel % WIDTH, Math.floor(pixel / WIDTH));
      for (let c = 0; c < 3; c++) {
        truth.data[pixel * 3 + c] += detail;
        guide.data[pixel * 3 + c] = detail + 0.3;
      }
    }
    const target = withHole(truth, known);
    poissonBlend(target, guide, known);
    expect(largestDifference(target.data, truth.data)).toBeLessThan(0.004);
  });
});

describe('pushPullFill', () => {
  it('keeps known pixels and stays within their range', () => {
    const known = knownAround();
    const image = withHole(ramp(), known);
    pushPullHole(image, known);
    const truth = ramp().data;
    known.forEach((value, pixel) => {
      if (value === 1) expect(image.data[pixel * 3]).toBe(truth[pixel * 3]);
    });
    expect(largestDifference(image.data, truth)).toBeLessThan(0.1);
  });

  it('spreads one known pixel over everything and leaves a picture with none alone', () => {
    const weight = new Float32Array(WIDTH * HEIGHT);
    const image = createColorImage(WIDTH, HEIGHT);
    image.data.fill(0.25);
    pushPullFill(image, weight);
    expect(new Set(image.data)).toEqual(new Set([0.25]));
    weight[7 * WIDTH + 5] = 1;
    image.data.set([0.5, 0.75, 1], (7 * WIDTH + 5) * 3);
    pushPullFill(image, weight);
    expect([...image.data.slice(-3)]).toEqual([0.5, 0.75, 1]);
  });
});
