import { describe, expect, it } from 'vitest';
import { countOperations } from '#engine/graph/countOperations';
import { lowerGraph } from '#engine/graph/lowering/lowerGraph';
import { BACKEND_RULES } from '#engine/graph/lowering/backends.data';
import { abs } from '#engine/graph/ops/elementwise';
import { add, sub } from '#engine/graph/ops/arithmetic';
import { mean } from '#engine/graph/ops/reduce';
import { input } from '#engine/graph/ops/sources';
import { Parameters } from '#engine/graph/parameters';
import type { Shape, Tensor } from '#engine/graph/tensor';
import { sizeOf } from '#engine/graph/tensor';
import { lookAtLabel } from '#engine/networks/camera/lookAt';
import { blendPlanes, splitTriplane } from '#engine/networks/generator/blendPlanes';
import { generatorNetworks } from '#engine/networks/generator/definitions';
import type { GeneratorOutputs } from '#engine/networks/generator/generator';
import { generator, parametricTriplane } from '#engine/networks/generator/generator';
import { GENERATOR_CONFIGS, untruncated } from '#engine/networks/generator/generatorConfig';
import { mapping, spreadStyle } from '#engine/networks/generator/mapping';
import { noiseCount, synthesis } from '#engine/networks/generator/synthesis';
import { initialValues } from '#engine/training/initialValues';
import { normals, streamAt } from '#engine/training/randomStreams';
import { runOnCpu } from '#test/helpers/golden';
import { trainBriefly } from '#test/helpers/trainBriefly';

const CPU = GENERATOR_CONFIGS['compact-cpu'];
const RELEASED = GENERATOR_CONFIGS.released;

function inputsOf(shapes: Readonly<Record<string, Shape>>): Readonly<Record<string, Tensor>> {
  return Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, input(name, shape)]));
}

function build(config = CPU, batch = 1): { parameters: Parameters; outputs: GeneratorOutputs } {
  const parameters = new Parameters();
  const { z, mappingLabel, label, mesh, mouth } = inputsOf(generatorShapes(config, batch));
  return {
    parameters,
    outputs: generator(parameters.scope(), { z, mappingLabel, label, mesh, mouth }, config),
  };
}

function generatorShapes({ blend, mapping: { latentSize } }: typeof CPU, batch: number) {
  const { uvSize } = blend;
  return {
    z: [batch, latentSize],
    mappingLabel: [batch, 25],
    label: [batch, 25],
    mesh: [batch, uvSize, uvSize, 3],
    mouth: [batch, 1, uvSize, uvSize],
  };
}

/** A disc of mesh with a hole in it, and a camera to the side. */
function feedsFor({ blend: { uvSize }, mapping: { latentSize } }: typeof CPU): Map<string, Float32Array> {
  const mesh = new Float32Array(uvSize * uvSize * 3);
  const mouth = new Float32Array(uvSize * uvSize);
  for (let cell = 0; cell < uvSize * uvSize; cell++) {
    const [x, y] = [cell % uvSize, Math.floor(cell / uvSize)].map((at) => (2 * at + 1) / uvSize - 1);
    const isHole = Math.hypot(x, y + 0.4) < 0.2;
    if (isHole) mouth[cell] = 1;
    else if (Math.hypot(x, y) < 0.8) mesh.set([x, -y, 1], 3 * cell);
  }
  return new Map([
    ['z', normals(streamAt(1, 'z', 0), latentSize)],
    ['mappingLabel', lookAtLabel({ pivot: [0, 0, 0.2] })],
    ['label', lookAtLabel({ yaw: 1.8 })],
    ['mesh', mesh],
    ['mouth', mouth],
  ]);
}

describe('the generator at released size', () => {
  const { parameters, outputs } = build(RELEASED, 2);
  const shapes = new Map(parameters.all.map(({ attributes, shape }) => [attributes.name, shape]));

  it('gives what spec 2.4 lists (T7)', () => {
    const sizes = Object.fromEntries(Object.entries(outputs).map(([name, { shape }]: [string, Tensor]) => [name, shape])); // prettier-ignore
    expect(sizes).toEqual({
      w: [2, 512],
      wAverage: [512],
      ws: [2, 14, 512],
      triplane: [2, 4, 32, 256, 256],
      planes: [2, 3, 32, 256, 256],
      features: [2, 32, 128, 128],
      depth: [2, 1, 128, 128],
      opacity: [2, 1, 128, 128],
      raw: [2, 3, 128, 128],
      image: [2, 3, 512, 512],
    });
  });

  it('has as many parameters as spec 9 says, within 0.5 %', () => {
    const millions = (prefix: string): number =>
      parameters.trained.reduce((sum, { attributes: { name }, size }) => sum + (name.startsWith(prefix) ? size : 0), 0) / 1e6; // prettier-ignore
    const expected = {
      'backbone.mapping': 0.8,
      'texture_backbone.synthesis': 28.0,
      'backbone.synthesis': 28.2,
      'face_backbone.synthesis': 28.0,
      triplnae_encoder: 9.6,
      // 0.0043 in the table, which is 32 x 64 + 64 + 64 x 33 + 33 rounded.
      decoder: 0.004257,
      superresolution: 1.65,
      '': 97.9,
    };
    for (const [prefix, count] of Object.entries(expected)) {
      expect(Math.abs(millions(prefix) / count - 1), prefix).toBeLessThan(0.005);
    }
  });

  it.each([
    ['generator.texture', 91.7],
    ['generator.static', 93.9],
    ['generator.encoder', 103],
  ])('computes in %s the %d GFLOP of spec 9', (name, gigaflops) => {
    const network = generatorNetworks.find((candidate) => candidate.name === name)?.configured('released');
    const made = network?.build(new Parameters().scope(), inputsOf(network.inputs(1))) ?? {};
    // The spec leaves out the filters of changes of resolution.
    expect(Math.abs(countOperations(Object.values(made)) / 1e9 / gigaflops - 1)).toBeLessThan(0.03);
  });

  it('has the keys and shapes of the published files', () => {
    const channels = { 4: 512, 8: 512, 16: 512, 32: 512, 64: 512, 128: 256, 256: 128 };
    const expected = new Map<string, Shape>();
    for (const [branch, pictures] of Object.entries({
      texture_backbone: 32,
      backbone: 96,
      face_backbone: 32,
    })) {
      const maps = { 'embed.weight': [512, 25], 'embed.bias': [512], w_avg: [512], 'fc0.weight': [512, 1024], 'fc0.bias': [512], 'fc1.weight': [512, 512], 'fc1.bias': [512] }; // prettier-ignore
      for (const [key, shape] of Object.entries(maps)) expected.set(`${branch}.mapping.${key}`, shape);
      let before = 512;
      for (const [size, width] of Object.entries(channels).map(([key, count]) => [Number(key), count])) {
        const block = `${branch}.synthesis.b${size}`;
        if (size === 4) expected.set(`${block}.const`, [512, 4, 4]);
        expected.set(`${block}.resample_filter`, [4, 4]);
        for (const [layer, inputs] of [
          ...(size > 4 ? [['conv0', before] as const] : []),
          ['conv1', width] as const,
        ]) {
          const own = `${block}.${layer}`;
          expected.set(`${own}.weight`, [width, inputs, 3, 3]).set(`${own}.bias`, [width]);
          expected.set(`${own}.affine.weight`, [inputs, 512]).set(`${own}.affine.bias`, [inputs]);
          expected.set(`${own}.noise_strength`, []).set(`${own}.noise_const`, [size, size]);
          expected.set(`${own}.resample_filter`, [4, 4]);
        }
        expected.set(`${block}.torgb.weight`, [pictures, width, 1, 1]).set(`${block}.torgb.bias`, [pictures]);
        expected.set(`${block}.torgb.affine.weight`, [width, 512]).set(`${block}.torgb.affine.bias`, [width]);
        before = width;
      }
    }
    [[64, 128], [128, 256], [256, 512], [512, 512], [512, 32]].forEach(([inputs, width], index) => {
      const block = `triplnae_encoder.encoder.${index}`;
      expected.set(`${block}.fromrgb.weight`, [inputs, 33, 1, 1]);
      expected.set(`${block}.conv1.weight`, [inputs, inputs, 3, 3]).set(`${block}.conv1.bias`, [inputs]);
      expected.set(`${block}.conv2.weight`, [width, inputs, 3, 3]).set(`${block}.conv2.bias`, [width]);
      for (const layer of ['fromrgb', 'conv1', 'conv2']) expected.set(`${block}.${layer}.resample_filter`, [4, 4]);
    }); // prettier-ignore
    expected.set('decoder.net.0.weight', [64, 32]).set('decoder.net.0.bias', [64]);
    expected.set('decoder.net.2.weight', [33, 64]).set('decoder.net.2.bias', [33]);
    const ours = [...shapes].filter(([key]) => !key.startsWith('superresolution.'));
    expect(Object.fromEntries(ours)).toEqual(Object.fromEntries(expected));
  });

  it('conditions the face branch on five resolutions (T9)', () => {
    const encoder = generatorNetworks
      .find(({ name }) => name === 'generator.encoder')
      ?.configured('released');
    const given = encoder?.build(new Parameters().scope(), inputsOf(encoder.inputs(1))) ?? {};
    expect(Object.values(given).map(({ shape }) => shape.slice(1))).toEqual([
      [32, 32, 32],
      [512, 32, 32],
      [512, 64, 64],
      [256, 128, 128],
      [128, 256, 256],
    ]);
  });
});

describe('the generator', () => {
  it('builds at every config, by every name, with styles for each layer', () => {
    for (const network of generatorNetworks) {
      for (const name of network.configNames) {
        const { inputs, build: make } = network.configured(name);
        const shapes = inputs(2);
        const outputs = Object.keys(make(new Parameters().scope(), inputsOf(shapes)));
        expect(outputs).not.toEqual([]);
        // A graph cannot give back what it was given under the same name.
        expect(outputs.filter((output) => output in shapes)).toEqual([]);
      }
    }
  });

  it('refuses a config with the names of what is wrong', () => {
    const { mapping: wrong, ...rest } = CPU;
    const json = { ...rest, mapping: { ...wrong, layers: 0 }, mappings: 'none' };
    expect(() => generatorNetworks[0].configured({ json })).toThrow(/mapping\.layers.*mappings/s);
    expect(() => generatorNetworks[0].configured({ json: structuredClone(CPU) })).not.toThrow();
  });

  it('keeps all of an identity in the triplane: no mesh and no camera reach it (T7)', () => {
    const { outputs } = build();
    const reaching = (tensor: Tensor): readonly string[] =>
      lowerGraph('t', { tensor }, BACKEND_RULES.cpu).inputs.map(({ name }) => name).sort(); // prettier-ignore
    expect(reaching(outputs.triplane)).toEqual(['mappingLabel', 'z']);
    expect(reaching(outputs.planes)).toEqual(['mappingLabel', 'mesh', 'mouth', 'z']);
    expect(reaching(outputs.image)).toEqual(['label', 'mappingLabel', 'mesh', 'mouth', 'z']);
    const ws = input('ws', [1, 10, 128]);
    expect(reaching(parametricTriplane(new Parameters().scope(), ws, CPU))).toEqual(['ws']);
  });

  it('renders, the same each time, and what it renders depends on all it is given', async () => {
    const { parameters, outputs } = build();
    const { image, raw, opacity, depth } = outputs;
    const feeds = new Map([...initialValues(parameters.all, 1), ...feedsFor(CPU)]);
    const run = (change: Readonly<Record<string, Float32Array>> = {}) =>
      runOnCpu({ image, raw, opacity, depth }, new Map([...feeds, ...Object.entries(change)]));
    const first = await run();
    expect(await run()).toEqual(first);
    for (const values of first.values()) expect(values.every(Number.isFinite)).toBe(true);
    expect(first.get('opacity')?.every((value) => value >= 0 && value <= 1.00001)).toBe(true);
    const turned = await run({ label: lookAtLabel({ yaw: 1.4 }) });
    const unposed = await run({ mesh: new Float32Array(96 * 96 * 3) });
    for (const other of [turned, unposed]) expect(other.get('image')).not.toEqual(first.get('image'));
  });
});

describe('mapping', () => {
  const config = { ...CPU.mapping, truncation: { amount: 0, layers: 4 } };

  it('gives the average at truncation 0, to the layers that are truncated', async () => {
    const parameters = new Parameters();
    const scope = parameters.scope();
    const w = mapping(scope, input('z', [1, 128]), input('label', [1, 25]), config);
    const average = normals(streamAt(2, 'average', 0), 128);
    const feeds = new Map([
      ...initialValues(parameters.all, 1),
      ['w_avg', average],
      ['z', normals(streamAt(1, 'z', 0), 128)],
      ['label', lookAtLabel()],
    ] as const);
    const values = await runOnCpu({ w, ws: spreadStyle(scope, w, config) }, feeds);
    const copy = (at: number) => values.get('ws')?.slice(at * 128, at * 128 + 128);
    for (let k = 0; k < 128; k++) expect(copy(3)?.[k]).toBeCloseTo(average[k], 5);
    copy(4)?.forEach((value, k) => expect(value).toBeCloseTo(values.get('w')?.[k] ?? NaN, 5));
  });
});

describe('blending', () => {
  const { faceRows, faceColumns } = CPU.blend;
  const parameters = new Parameters();
  const { triplane, ws, mesh, mouth } = inputsOf({
    triplane: [1, 4, 8, 96, 96],
    ws: [1, 10, 128],
    mesh: [1, 96, 96, 3],
    mouth: [1, 1, 96, 96],
  });
  const planes = blendPlanes(parameters.scope(), { triplane, ws, mesh, mouth }, CPU.blend);
  const stored = normals(streamAt(3, 'triplane', 0), 4 * 8 * 96 * 96);
  const feeds = new Map([
    ...initialValues(parameters.all, 1),
    ...feedsFor(CPU),
    ['triplane', stored],
    ['ws', normals(streamAt(4, 'ws', 0), 10 * 128)],
  ] as const);

  it('changes the front plane only, where the face is, and nothing without a mesh (T8)', async () => {
    const statics = stored.subarray(8 * 96 * 96);
    const blended = (await runOnCpu({ planes }, feeds)).get('planes') ?? [];
    let [changed, elsewhere] = [0, 0];
    statics.forEach((value, at) => {
      const [plane, row, column] = [Math.floor(at / (8 * 96 * 96)), Math.floor(at / 96) % 96, at % 96];
      const isFace =
        row >= faceRows[0] && row < faceRows[1] && column >= faceColumns[0] && column < faceColumns[1];
      if (blended[at] === value) return;
      if (plane === 0 && isFace) changed++;
      else elsewhere++;
    });
    expect(elsewhere).toBe(0);
    expect(changed).toBeGreaterThan(0.3 * 8 * 48 * 48);
    const empty = { mesh: new Float32Array(96 * 96 * 3), mouth: new Float32Array(96 * 96) };
    const same = (await runOnCpu({ planes }, new Map([...feeds, ...Object.entries(empty)]))).get('planes');
    expect(same).toEqual(statics);
  });

  it('splits a triplane into texture and planes', () => {
    const { texture, statics } = splitTriplane(triplane);
    expect([texture, ...statics].map(({ shape }) => shape)).toEqual(
      Array.from({ length: 4 }, () => [1, 8, 96, 96]),
    );
  });
});

describe('synthesis', () => {
  const config = { latentSize: 4, baseSize: 3, size: 12, channels: 2, channelBase: 24, channelMax: 4 };

  it('is as without conditions where their masks are 0 (T9)', async () => {
    const parameters = new Parameters();
    const ws = input('ws', [1, 6, 4]);
    const mask = input('mask', [1, 1, 6, 6]);
    const picture = { values: input('picture', [1, 2, 6, 6]), mask };
    const features = [{ values: input('features', [1, 4, 6, 6]), mask }];
    const plain = synthesis(parameters.scope(), ws, config);
    const conditioned = synthesis(parameters.scope(), ws, config, { conditions: { picture, features } });
    const feeds = new Map<string, Float32Array>(initialValues(parameters.all, 1));
    for (const { values } of [picture, ...features]) feeds.set((values.attributes as { name: string }).name, normals(streamAt(1, 'c', values.size), values.size)); // prettier-ignore
    feeds.set('ws', normals(streamAt(1, 'ws', 0), 24));
    const run = (value: number) => runOnCpu({ plain, conditioned }, new Map([...feeds, ['mask', new Float32Array(36).fill(value)]])); // prettier-ignore
    const without = await run(0);
    expect(without.get('conditioned')).toEqual(without.get('plain'));
    const withThem = await run(1);
    expect(withThem.get('conditioned')).not.toEqual(withThem.get('plain'));
  });
});

describe('training the generator', () => {
  it('lowers a loss through all of it, random numbers and all, on one batch', async () => {
    const config = untruncated(CPU);
    const parameters = new Parameters();
    const rays = config.volume.renderSize ** 2;
    const shapes = {
      ...generatorShapes(config, 1),
      'noise.texture': [1, noiseCount(config.texture)],
      'noise.static': [1, noiseCount(config.static)],
      'noise.face': [1, noiseCount(config.blend.face)],
      strata: [1, rays, config.volume.samples],
      importance: [1, rays, config.volume.samples],
      target: [1, 3, 96, 96],
    };
    const given = inputsOf(shapes);
    const { z, mappingLabel, label, mesh, mouth, strata, importance } = given;
    const noise = {
      texture: given['noise.texture'],
      static: given['noise.static'],
      face: given['noise.face'],
      volume: { strata, importance },
    };
    const made = generator(parameters.scope(), { z, mappingLabel, label, mesh, mouth, noise }, config);
    const loss = add(mean(abs(sub(made.image, given['target']))), mean(abs(sub(made.opacity, 1))));
    const random = streamAt(5, 'training', 0);
    const feeds = feedsFor(config);
    for (const name of ['noise.texture', 'noise.static', 'noise.face', 'target'] as const) feeds.set(name, normals(random, sizeOf(shapes[name]))); // prettier-ignore
    for (const name of ['strata', 'importance'] as const) feeds.set(name, Float32Array.from({ length: sizeOf(shapes[name]) }, () => random.uniform())); // prettier-ignore
    const losses = await trainBriefly({ loss, parameters }, feeds, { steps: 3, rate: 0.002 });
    expect(losses[2]).toBeLessThan(losses[0]);
  });
});
