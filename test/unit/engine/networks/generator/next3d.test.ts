import { describe, expect, it } from 'vitest';
import { countOperations } from '#engine/graph/countOperations';
import { input } from '#engine/graph/ops/sources';
import { Parameters } from '#engine/graph/parameters';
import type { Shape, Tensor } from '#engine/graph/tensor';
import { sizeOf } from '#engine/graph/tensor';
import { lookAtLabel } from '#engine/networks/camera/lookAt';
import { cutBox, pasteBox } from '#engine/networks/generator/next3d/mouthCrop';
import { next3dNetworks } from '#engine/networks/generator/next3d/definitions';
import type { ConfigName } from '#engine/networks/networkDefinition';
import { initialValues } from '#engine/training/initialValues';
import { normals, streamAt } from '#engine/training/randomStreams';
import { runOnCpu } from '#test/helpers/golden';

function build(name: string, config: ConfigName, batch = 1) {
  const network = next3dNetworks.find((candidate) => candidate.name === name);
  if (network === undefined) throw new Error(`There is no ${name}.`);
  const configured = network.configured(config);
  const shapes: Readonly<Record<string, Shape>> = configured.inputs(batch);
  const inputs = Object.fromEntries(Object.entries(shapes).map(([key, shape]) => [key, input(key, shape)]));
  const parameters = new Parameters();
  return { shapes, parameters, outputs: configured.build(parameters.scope(), inputs) };
}

describe('Next3D', () => {
  it.each([
    ['next3d.mouth', 68.2, 175],
    ['next3d.blending', 43.5, 296],
  ])('has in %s the %d million parameters and %d GFLOP of spec 9', (name, millions, gigaflops) => {
    const { parameters, outputs } = build(name, 'released');
    const count = parameters.trained.reduce((sum, { size }) => sum + size, 0) / 1e6;
    expect(Math.abs(count / millions - 1)).toBeLessThan(0.005);
    // The spec leaves out the filters of changes of resolution.
    const operations = countOperations(Object.values(outputs)) / 1e9;
    expect(Math.abs(operations / gigaflops - 1)).toBeLessThan(0.03);
  });

  it('builds at every config, with outputs like the generator has', () => {
    for (const config of next3dNetworks[0].configNames) {
      const { outputs } = build('next3d', config, 2);
      expect(Object.keys(outputs).slice(0, 5)).toEqual(['w', 'wAverage', 'ws', 'triplane', 'planes']);
    }
    const { outputs } = build('next3d', 'released');
    expect([outputs['ws'].shape, outputs['planes'].shape, outputs['image'].shape]).toEqual([
      [1, 28, 512],
      [1, 3, 32, 256, 256],
      [1, 3, 512, 512],
    ]);
  });

  it('poses all three planes, and none without a mesh', async () => {
    const { shapes, parameters, outputs } = build('next3d', 'compact-cpu');
    const feeds = new Map<string, Float32Array>(initialValues(parameters.all, 1));
    for (const [key, shape] of Object.entries(shapes)) feeds.set(key, new Float32Array(sizeOf(shape)));
    feeds.set('z', normals(streamAt(1, 'z', 0), 128));
    feeds.set('label', lookAtLabel({ yaw: 1.8 })).set('mappingLabel', lookAtLabel());
    feeds.set('mouthBox', Float32Array.of(-0.2, 0.2, -0.5, -0.1));
    const run = async (mesh?: Float32Array) => {
      const { triplane, planes, image } = outputs;
      const values = await runOnCpu(
        { triplane, planes, image },
        mesh ? new Map([...feeds, ['mesh', mesh]]) : feeds,
      );
      const part = (name: string): Float32Array => Float32Array.from(values.get(name) ?? []);
      return {
        statics: part('triplane').subarray(8 * 96 * 96),
        planes: part('planes'),
        image: part('image'),
      };
    };
    const still = await run();
    expect(still.planes).toEqual(still.statics);
    const covered = new Float32Array(sizeOf(shapes['mesh'])).map((_, at) => (at % 3 === 2 ? 1 : 0.3));
    const posed = await run(covered);
    for (const plane of [0, 1, 2]) {
      const own = (values: Float32Array) => values.slice(plane * 8 * 96 * 96, (plane + 1) * 8 * 96 * 96);
      expect(own(posed.planes)).not.toEqual(own(posed.statics));
    }
    expect(posed.image.every(Number.isFinite)).toBe(true);
  });
});

describe('the box of the mouth', () => {
  it('comes back to where it was cut', async () => {
    const side = 24;
    const plane = input('plane', [1, 1, side, side]);
    const box = input('box', [1, 4]);
    // A slope along both axes: bilinear resampling keeps it.
    const values = Float32Array.from(
      { length: side * side },
      (_, at) => (at % side) + 3 * Math.floor(at / side),
    );
    const outputs: Record<string, Tensor> = { pasted: pasteBox(cutBox(plane, box, 12), box, side) };
    const feeds = new Map([['plane', values], ['box', Float32Array.of(-0.5, 0.25, 0, 0.75)]]); // prettier-ignore
    const pasted = (await runOnCpu(outputs, feeds)).get('pasted') ?? [];
    // The box is columns 6 to 15 and rows 12 to 21; its outermost cells fade into the 0 around.
    for (let row = 13; row < 20; row++) {
      for (let column = 7; column < 14; column++)
        expect(pasted[row * side + column]).toBeCloseTo(column + 3 * row, 3);
    }
    expect(pasted[5 * side + 5]).toBe(0);
  });
});
