import { describe, expect, it } from 'vitest';
import { mirrorCameraLabel } from '#common/camera/cameraLabel';
import { createSeededRandom } from '#common/math/seededRandom';
import { flip, split } from '#engine/graph/ops/layout';
import { concat } from '#engine/graph/ops/layout';
import { constant, input } from '#engine/graph/ops/sources';
import { Parameters } from '#engine/graph/parameters';
import { evaluate } from '#engine/graph/reference/evaluate';
import type { Tensor } from '#engine/graph/tensor';
import { lookAtLabel } from '#engine/networks/camera/lookAt';
import { importanceDepths, stratifiedDepths } from '#engine/networks/volume/depthSamples';
import { marchRays, rayWeights } from '#engine/networks/volume/marchRays';
import { renderVolume } from '#engine/networks/volume/renderVolume';
import type { PlaneAxes } from '#engine/networks/volume/sampleTriplane';
import { sampleTriplane } from '#engine/networks/volume/sampleTriplane';
import type { VolumeConfig } from '#engine/networks/volume/volumeConfig';
import { VOLUME_CONFIGS } from '#engine/networks/volume/volumeConfig';
import { initialValues } from '#engine/training/initialValues';
import { runOnCpu } from '#test/helpers/golden';

const values = (tensor: Tensor): Float64Array => evaluate([tensor], new Map())[0];

function drawn(shape: readonly number[], draw: (index: number) => number): Tensor {
  const length = shape.reduce((product, size) => product * size, 1);
  return constant(
    Float32Array.from({ length }, (_, index) => draw(index)),
    shape,
  );
}

describe('sampleTriplane', () => {
  /** Where along an axis a plane's single lit cell (row 5, column 2 of 8) is felt. */
  function reach(plane: number, planeAxes: PlaneAxes): readonly string[] {
    const planes = new Float32Array(3 * 64);
    planes[plane * 64 + 5 * 8 + 2] = 3;
    // Middles of cells 2 and 5 in the world.
    const [two, five] = [2, 5].map((cell) => (cell + 0.5) / 8 - 0.5);
    const corners = [0, 1, 2, 3, 4, 5, 6, 7].map((bits) => [1, 2, 4].map((bit) => (bits & bit ? five : two)));
    const points = constant(Float32Array.from(corners.flat()), [1, 8, 3]);
    const sampled = values(
      sampleTriplane(constant(planes, [1, 3, 1, 8, 8]), points, { planeAxes, boxWarp: 1 }),
    );
    return corners.flatMap((corner, at) =>
      sampled[at] > 0.99 ? [corner.map((value) => (value === two ? '2' : '5')).join('')] : [],
    );
  }

  it('reads each plane by two coordinates of its own (T4)', () => {
    // x and y and z by cell: column first, then row.
    expect(reach(0, 'distinct')).toEqual(['252', '255']);
    expect(reach(1, 'distinct')).toEqual(['225', '255']);
    expect(reach(2, 'distinct')).toEqual(['252', '552']);
  });

  it('reads the last plane as the second, transposed, where released', () => {
    expect(reach(1, 'repeated')).toEqual(['225', '255']);
    expect(reach(2, 'repeated')).toEqual(['522', '552']);
  });
});

describe('marchRays', () => {
  const SAMPLES = 96;
  const depths = drawn([1, 1, SAMPLES], (index) => 2.25 + (1.05 * index) / (SAMPLES - 1));

  /** A ray that enters something opaque at a distance. */
  function march(surface: number) {
    const at = (index: number): number => 2.25 + (1.05 * index) / (SAMPLES - 1);
    const density = drawn([1, 1, SAMPLES], (index) => (at(index) >= surface ? 1e5 : -1e5));
    const colour = drawn([1, 1, SAMPLES, 2], (index) => (index % 2 === 0 ? 0.25 : 1));
    return marchRays({ depths, density, colour });
  }

  it('stops at an opaque surface (T5)', () => {
    const { depth, opacity, colour } = march(2.7 - 0.3);
    expect(values(opacity)[0]).toBeCloseTo(1, 6);
    expect(Math.abs(values(depth)[0] - 2.4)).toBeLessThan(1.05 / SAMPLES);
    expect([...values(colour)].map((value) => Math.round(value * 1e4) / 1e4)).toEqual([-0.5, 1]);
  });

  it('sees nothing at the far end, without being no number', () => {
    const { depth, opacity, colour } = march(10);
    expect(values(opacity)[0]).toBe(0);
    expect(values(depth)[0]).toBeCloseTo(3.3, 5);
    expect([...values(colour)]).toEqual([-1, -1]);
  });

  it('gives weights that are at most 1 in all (T5)', () => {
    const random = createSeededRandom(5);
    const many = drawn([1, 50, 20], (index) => (index % 20) * 0.05);
    const weights = values(
      rayWeights(
        many,
        drawn([1, 50, 20], () => 30 * random.normal()),
      ),
    );
    for (let ray = 0; ray < 50; ray++) {
      const total = weights.subarray(ray * 19, ray * 19 + 19).reduce((sum, weight) => sum + weight, 0);
      expect(total).toBeLessThanOrEqual(1 + 1e-9);
    }
    expect(Math.min(...weights)).toBeGreaterThanOrEqual(0);
  });
});

describe('depth samples', () => {
  const [near, far] = [2.25, 3.3].map((value) => constant([value], [1, 1, 1]));

  it('lie in order in their own intervals, at the middle without random numbers', () => {
    const chance = drawn([1, 3, 10], (index) => (index * 0.37) % 1);
    const step = 1.05 / 9;
    const random = values(stratifiedDepths(near, far, [1, 3, 10], chance));
    random.forEach((depth, index) => {
      expect(depth).toBeGreaterThanOrEqual(2.25 + (index % 10) * step - 1e-6);
      expect(depth).toBeLessThan(2.25 + ((index % 10) + 1) * step + 1e-6);
    });
    expect(values(stratifiedDepths(near, far, [1, 1, 10]))[3]).toBeCloseTo(2.25 + 3.5 * step, 5);
  });

  it('gather where the weights are, between near and far (T6)', () => {
    const depths = stratifiedDepths(near, far, [1, 1, 24]);
    const weights = drawn([1, 1, 23], (index) => (index === 12 ? 1 : 0));
    const extremes = drawn([1, 1, 24], (index) => (index === 0 ? 0 : index === 23 ? 0.999999 : index / 24));
    for (const chance of [undefined, extremes]) {
      const found = values(importanceDepths(depths, weights, chance));
      expect(Math.min(...found)).toBeGreaterThanOrEqual(2.25);
      expect(Math.max(...found)).toBeLessThanOrEqual(3.3);
      // Interval 12 is about 2.82 along the ray; each interval is 0.046 long.
      const near = [...found].filter((depth) => Math.abs(depth - 2.82) < 0.1);
      expect(near.length).toBeGreaterThan(15);
    }
  });
});

describe('renderVolume', () => {
  const CONFIG: VolumeConfig = {
    ...VOLUME_CONFIGS['compact-cpu'],
    planeChannels: 4,
    planeSize: 8,
    renderSize: 5,
    samples: 6,
  };
  const random = createSeededRandom(3);
  const stored = Float32Array.from({ length: 3 * 4 * 64 }, () => 4 * random.normal());

  async function render(
    label: Float32Array,
    change: (planes: Tensor) => Tensor,
    config: VolumeConfig = CONFIG,
  ) {
    const parameters = new Parameters();
    const planes = change(input('planes', [1, 3, 4, 8, 8]));
    const rendered = renderVolume(parameters.scope(), { planes, label: input('label', [1, 25]) }, config);
    const feeds = new Map([
      ...initialValues(parameters.all, 1),
      ['planes', stored],
      ['label', label],
    ] as const);
    return await runOnCpu({ ...rendered }, feeds);
  }

  it('renders a mirrored field as a mirrored picture (T3)', async () => {
    const label = lookAtLabel({ yaw: 1.8, pitch: 1.4 });
    const mirrored = (planes: Tensor): Tensor => {
      // x runs along the columns of the first two planes.
      const [front, top, side] = split(planes, [1, 1, 1], 1);
      return concat([flip(front, [4]), flip(top, [4]), side], 1);
    };
    const one = (await render(label, (planes) => planes)).get('features') ?? [];
    const other = (await render(mirrorCameraLabel(label), mirrored)).get('features') ?? [];
    const flipped = Array.from(one, (_, at) => one[at - (at % 5) + 4 - (at % 5)]);
    expect(Math.max(...flipped.map((value, at) => Math.abs(value - other[at])))).toBeLessThan(1e-5);
    // It is a picture, not one colour.
    expect(Math.max(...one) - Math.min(...one)).toBeGreaterThan(0.1);
  });

  it('is the same every time in evaluation (T6)', async () => {
    const label = lookAtLabel({ yaw: 1.8 });
    const [first, second] = [
      await render(label, (planes) => planes),
      await render(label, (planes) => planes),
    ];
    expect(second).toEqual(first);
  });

  it('samples a fixed range where told so, which at radius 2.7 is the same', async () => {
    const label = lookAtLabel({ yaw: 1.8 });
    const range = { kind: 'fixed', near: 2.25, far: 3.3 } as const;
    const [moving, fixed] = [
      await render(label, (planes) => planes),
      await render(label, (planes) => planes, { ...CONFIG, range }),
    ].map((rendered) => rendered.get('depth') ?? []);
    fixed.forEach((depth, at) => expect(depth).toBeCloseTo(moving[at], 5));
  });
});
