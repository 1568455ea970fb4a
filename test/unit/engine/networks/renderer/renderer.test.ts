import { describe, expect, it } from 'vitest';
import { add, sub } from '#engine/graph/ops/arithmetic';
import { abs } from '#engine/graph/ops/elementwise';
import { mean } from '#engine/graph/ops/reduce';
import { input } from '#engine/graph/ops/sources';
import { lookAtLabel } from '#engine/networks/camera/lookAt';
import { lowerGraph } from '#engine/graph/lowering/lowerGraph';
import { OrtBackend } from '#engine/runtime/OrtBackend';
import { CONFIG_NAMES } from '#engine/networks/networkDefinition';
import { rendererNetworks } from '#engine/networks/renderer/definitions';
import { RENDERER_CONFIGS } from '#engine/networks/renderer/rendererConfig';
import type { HostValues } from '#engine/runtime/Backend';
import type { BuiltNetwork } from '#test/helpers/builtNetwork';
import { buildNetwork, feedsOf, keysOf, millionsOf, normalValues } from '#test/helpers/builtNetwork';
import { runOnCpu } from '#test/helpers/golden';
import { TINY_RENDERER } from '#test/helpers/tinyRendererConfig';
import { trainBriefly } from '#test/helpers/trainBriefly';

function network(name: string) {
  const found = rendererNetworks.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no network ${name}`);
  return found;
}

/** Feeds with a mesh that covers the middle of the raster, a mouth in it, and a camera in front. */
function framed(built: BuiltNetwork, batch = 1): Map<string, HostValues> {
  const feeds = feedsOf(built);
  const { mesh, mouth } = built.inputs;
  const size = mesh.shape[1];
  const isFace = (row: number, column: number): boolean =>
    Math.hypot(row - size / 2, column - size / 2) < 0.4 * size;
  const isMouth = (row: number, column: number): boolean =>
    Math.abs(row - 0.7 * size) < 3 && Math.abs(column - size / 2) < 8;
  const values = new Float32Array(mesh.size);
  const holes = new Float32Array(mouth.size);
  for (let cell = 0; cell < batch * size * size; cell++) {
    const [row, column] = [Math.floor(cell / size) % size, cell % size];
    values.set([(2 * column) / size - 1, (2 * row) / size - 1, Number(isFace(row, column) && !isMouth(row, column))], 3 * cell); // prettier-ignore
    holes[cell] = Number(isMouth(row, column));
  }
  feeds.set('mesh', values).set('mouth', holes);
  const label = lookAtLabel();
  feeds.set(
    'label',
    Float32Array.from({ length: 25 * batch }, (_, k) => label[k % 25]),
  );
  return feeds;
}

describe('the renderer', () => {
  it.each([
    ['renderer', 266.6],
    ['renderer.globalEncoder', 26.0],
    ['renderer.detailEncoder', 0.32],
    ['renderer.planesEncoder', 7.99],
    ['renderer.canonicalEncoder', 175.3],
    ['renderer.planesDecoder', 16.9],
  ])('%s has the published number of parameters, %f million', (name, millions) => {
    const built = millionsOf(buildNetwork(network(name), 'released'));
    expect(Math.abs(built / millions - 1)).toBeLessThan(0.005);
  });

  it('has the published keys', () => {
    const keys = new Set(keysOf(buildNetwork(network('renderer'), 'released')));
    const wanted = [
      'encoder_global.encoder.conv1.weight [64, 5, 7, 7]',
      'encoder_global.encoder.layer1.2.conv2.weight [64, 64, 3, 3]',
      'encoder_global.encoder.layer4.0.downsample.0.weight [512, 256, 1, 1]',
      'encoder_global.decoder.0.convs.0.0.weight [256, 512, 1, 1]',
      'encoder_global.decoder.0.convs.3.0.weight [256, 512, 3, 3]',
      'encoder_global.decoder.0.convs.4.1.weight [256, 512, 1, 1]',
      'encoder_global.decoder.0.project.0.weight [256, 1280, 1, 1]',
      'encoder_global.decoder.1.weight [256, 256, 3, 3]',
      'encoder_detail.encoder.0.weight [64, 5, 7, 7]',
      'encoder_detail.encoder.8.bias [96]',
      'encoder_global_latent_tri.conv_first.conv.weight [64, 32, 3, 3, 3]',
      'encoder_global_latent_tri.conv_blocks.1.res.conv2.conv.weight [256, 256, 3, 3, 3]',
      'encoder_global_latent_tri.final_block.2.conv.weight [128, 256, 3, 3, 3]',
      'encoder_canonical.maps_neutral.0.weight [512, 548]',
      'encoder_canonical.maps.2.weight [512, 512]',
      'encoder_canonical.proj_y.weight [65536, 512]',
      'encoder_canonical.patch_embed.proj.weight [1024, 512, 3, 3]',
      'encoder_canonical.trans_blocks_neutral.3.attn2.kv.weight [2048, 1024]',
      'encoder_canonical.trans_blocks_motion.3.mlp.dwconv.dwconv.weight [2048, 1, 3, 3]',
      'encoder_canonical.convs_1.4.weight [256, 96, 3, 3]',
      'encoder_canonical.convs.6.weight [96, 128, 3, 3]',
      'generator_triplane.trans_blocks.0.attn.sr.weight [1024, 1024, 2, 2]',
      'generator_triplane.convs2.0.weight [256, 352, 3, 3]',
      'generator_triplane.convs3.0.weight [256, 192, 3, 3]',
      'generator_triplane.conv_last_2.weight [96, 128, 3, 3]',
      'face_backbone.synthesis.b256.torgb.weight [32, 128, 1, 1]',
      'face_backbone.mapping.w_avg [512]',
      'triplnae_encoder.encoder.4.conv2.weight [32, 512, 3, 3]',
      'decoder.net.2.weight [33, 64]',
      'superresolution.block1.conv0.weight [128, 256, 3, 3]',
    ];
    expect(wanted.filter((key) => !keys.has(key))).toEqual([]);
  });

  it.each(CONFIG_NAMES)('gives frames of the right shapes at %s (T18)', (name) => {
    const { outputs } = buildNetwork(network('renderer'), name, 2);
    const { core, superresolution } = RENDERER_CONFIGS[name];
    const { planeChannels: channels, planeSize } = core;
    const { renderSize, inputSize, blocks } = superresolution;
    const imageSize = inputSize * 2 ** blocks.length;
    expect(Object.fromEntries(Object.entries(outputs).map(([key, { shape }]) => [key, shape]))).toEqual({
      image: [2, 3, imageSize, imageSize],
      raw: [2, 3, renderSize, renderSize],
      features: [2, channels, renderSize, renderSize],
      depth: [2, 1, renderSize, renderSize],
      opacity: [2, 1, renderSize, renderSize],
      planes: [2, 3, channels, planeSize, planeSize],
    });
  });

  it('at motion scale 0 knows no motion code, but the mesh (T17)', async () => {
    const built = buildNetwork(network('renderer'), { json: TINY_RENDERER });
    const feeds = framed(built);
    const backend = new OrtBackend('cpu', { threadCount: 1 });
    const { image: frame } = built.outputs;
    const program = await backend.compile(lowerGraph('frame', { frame }, backend.rules));
    const image = async (changes: Readonly<Record<string, HostValues>>): Promise<HostValues> => {
      const { values } = await program.run(new Map([...feeds, ...Object.entries(changes)]));
      return values.get('frame')!;
    };
    const still = { motionScale: Float32Array.of(0) };
    const moving = { motionScale: Float32Array.of(1) };
    const other = { motion: normalValues([32], 5), sourceMotion: normalValues([32], 6) };
    const base = await image(still);
    expect(base.every((value) => Number.isFinite(value))).toBe(true);
    expect(await image({ ...still, ...other })).toEqual(base);
    expect(distance(await image({ ...moving, ...other }), await image(moving))).toBeGreaterThan(1e-3);
    const mesh = Float32Array.from(feeds.get('mesh')!, (value, k) => (k % 3 === 0 ? value * 0.8 : value));
    expect(distance(await image({ ...still, mesh }), base)).toBeGreaterThan(1e-4);
    await program.dispose();
    await backend.dispose();
  });

  it('computes the same frame from features that were kept', async () => {
    const whole = buildNetwork(network('renderer'), 'compact-cpu');
    const feeds = framed(whole);
    const expected = await runOnCpu({ image: whole.outputs['image'] }, feeds);
    const kept = await runOnCpu(buildNetwork(network('renderer.source'), 'compact-cpu').outputs, feeds);
    const frame = buildNetwork(network('renderer.frame'), 'compact-cpu');
    const again = await runOnCpu({ image: frame.outputs['image'] }, new Map([...feeds, ...kept]));
    expect(distance(again.get('image')!, expected.get('image')!)).toBeLessThan(1e-5);
  });

  it('sees the portrait in the orientation of the planes, but at published size', async () => {
    const { core } = RENDERER_CONFIGS['compact-cpu'];
    const [upright, turned] = [false, true].map((turnsPortrait) =>
      buildNetwork(network('renderer.source'), { json: { ...core, turnsPortrait } }),
    );
    const feeds = feedsOf(upright);
    const { shape } = upright.inputs['source'];
    const row = shape[3];
    const picture = feeds.get('source')!;
    const upsideDown = picture.map(
      (_, k) => picture[k + (shape[2] - 1 - 2 * (Math.floor(k / row) % shape[2])) * row],
    );
    const expected = await runOnCpu(upright.outputs, feeds);
    const measured = await runOnCpu(turned.outputs, new Map([...feeds, ['source', upsideDown]]));
    expect(measured).toEqual(expected);
    expect(RENDERER_CONFIGS.released.core.turnsPortrait).toBe(false);
  });

  it('says which field of a config is wrong', () => {
    const { core } = RENDERER_CONFIGS['compact-cpu'];
    const json = { ...core, decoder: { ...core.decoder, heads: 3 } };
    expect(() => network('renderer.source').configured({ json })).toThrow(
      /decoder\.heads: must divide width/,
    );
  });

  it('learns a frame', async () => {
    const built = buildNetwork(network('renderer'), { json: TINY_RENDERER });
    const { outputs } = built;
    const l1 = (name: string) => mean(abs(sub(outputs[name], input(`true ${name}`, outputs[name].shape))));
    const batch = new Map<string, HostValues>();
    const feeds = framed(built);
    for (const name of Object.keys(built.inputs)) batch.set(name, feeds.get(name)!);
    for (const name of ['image', 'raw']) {
      const { shape, size } = outputs[name];
      const side = shape[2];
      batch.set(
        `true ${name}`,
        Float32Array.from({ length: size }, (_, k) => Math.sin((6 * (k % side)) / side)),
      );
    }
    const loss = add(l1('image'), l1('raw'));
    const { parameters } = built;
    const losses = await trainBriefly({ loss, parameters }, batch, { steps: 8, rate: 1e-3 });
    expect(losses[7]).toBeLessThan(0.95 * losses[0]);
  }, 120_000);
});

function distance(a: HostValues, b: HostValues): number {
  let most = 0;
  for (let k = 0; k < a.length; k++) most = Math.max(most, Math.abs(a[k] - b[k]));
  return most;
}
