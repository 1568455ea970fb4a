import type { AnyNetwork, NetworkDefinition } from '#engine/networks/networkDefinition';
import { anyNetwork } from '#engine/networks/networkDefinition';
import { configReader } from '#engine/networks/readConfig';
import { blendPlanes } from '#engine/networks/generator/blendPlanes';
import { generator, parametricTriplane, styles } from '#engine/networks/generator/generator';
import type { BlendConfig, EncoderConfig, GeneratorConfig, MappingConfig, SynthesisConfig } from '#engine/networks/generator/generatorConfig'; // prettier-ignore
import { blendSchema, configsOf, encoderSchema, GENERATOR_CONFIGS, generatorSchema, mappingSchema, synthesisSchema } from '#engine/networks/generator/generatorConfig'; // prettier-ignore
import { next3dNetworks } from '#engine/networks/generator/next3d/definitions';
import { mapping, spreadStyle } from '#engine/networks/generator/mapping';
import { styleCount, synthesis } from '#engine/networks/generator/synthesis';
import { triplaneEncoder } from '#engine/networks/generator/triplaneEncoder';

const SOURCE = 'spec 2, Next3D (arXiv 2211.11208) as AvatarArtist has it';

const whole: NetworkDefinition<GeneratorConfig> = {
  name: 'generator',
  summary: 'the 4D generator: noise, a driving mesh and a camera to planes and pictures',
  source: `${SOURCE}; \`G_ema\` of the generators' pickles`,
  configs: GENERATOR_CONFIGS,
  readConfig: configReader(generatorSchema, 'generator'),
  keyPrefix: '',
  inputs: ({ mapping: { latentSize, labelSize }, blend: { uvSize } }, batch) => ({
    z: [batch, latentSize],
    mappingLabel: [batch, Math.max(1, labelSize)],
    label: [batch, 25],
    mesh: [batch, uvSize, uvSize, 3],
    mouth: [batch, 1, uvSize, uvSize],
  }),
  build: (scope, { z, mappingLabel, label, mesh, mouth }, config) => ({
    ...generator(scope, { z, mappingLabel, label, mesh, mouth }, config),
  }),
};

const triplane: NetworkDefinition<GeneratorConfig> = {
  ...whole,
  name: 'generator.triplane',
  summary: 'noise to the parametric triplane: what is done once for an identity',
  readConfig: configReader(generatorSchema, 'generator.triplane'),
  inputs: ({ mapping: { latentSize, labelSize } }, batch) => ({
    z: [batch, latentSize],
    mappingLabel: [batch, Math.max(1, labelSize)],
  }),
  build: (scope, { z, mappingLabel }, config) => {
    const { ws } = styles(scope, { z, mappingLabel }, config);
    return { ws, triplane: parametricTriplane(scope, ws, config) };
  },
};

const mappingNetwork: NetworkDefinition<MappingConfig> = {
  name: 'generator.mapping',
  summary: 'noise and a camera label to styles',
  source: `${SOURCE}, 2.1`,
  configs: configsOf((config) => config.mapping),
  readConfig: configReader(mappingSchema, 'generator.mapping'),
  keyPrefix: 'backbone.mapping',
  inputs: ({ latentSize, labelSize }, batch) => ({
    z: [batch, latentSize],
    ...(labelSize > 0 && { label: [batch, labelSize] }),
  }),
  build: (scope, inputs, config) => {
    const w = mapping(scope, inputs['z'], inputs['label'], config);
    return { w, ws: spreadStyle(scope, w, config) };
  },
};

const texture = synthesisNetwork(
  'texture',
  'the neural texture',
  (config) => config.texture,
  'texture_backbone',
);
const statics = synthesisNetwork('static', 'the three static planes', (config) => config.static, 'backbone');

/** The face branch on its own runs without conditions; `generator.blend` has them. */
const face = synthesisNetwork('face', 'the posed face', (config) => config.blend.face, 'face_backbone');

function synthesisNetwork(
  branch: string,
  what: string,
  part: (config: GeneratorConfig) => SynthesisConfig,
  prefix: string,
): NetworkDefinition<SynthesisConfig> {
  const name = `generator.${branch}`;
  return {
    name,
    summary: `styles to ${what}`,
    source: `${SOURCE}, 2.2`,
    configs: configsOf(part),
    readConfig: configReader(synthesisSchema, name),
    keyPrefix: `${prefix}.synthesis`,
    inputs: (config, batch) => ({ ws: [batch, styleCount(config), config.latentSize] }),
    build: (scope, { ws }, config) => ({ [branch]: synthesis(scope, ws, config) }),
  };
}

const encoder: NetworkDefinition<EncoderConfig> = {
  name: 'generator.encoder',
  summary: 'the posed texture to conditions of the face branch',
  source: `${SOURCE}, 2.5`,
  configs: configsOf((config) => config.blend.encoder),
  readConfig: configReader(encoderSchema, 'generator.encoder'),
  keyPrefix: 'triplnae_encoder',
  inputs: ({ inputChannels, inputSize }, batch) => ({ raster: [batch, inputChannels, inputSize, inputSize] }),
  build: (scope, { raster }, config) =>
    Object.fromEntries(
      triplaneEncoder(scope, raster, config).map((values, at) => [`condition${at}`, values]),
    ),
};

const blend: NetworkDefinition<BlendConfig> = {
  name: 'generator.blend',
  summary: 'poses the texture by a driving mesh and blends it into the front plane',
  source: `${SOURCE}, 2.4, steps 6 to 14`,
  configs: configsOf((config) => config.blend),
  readConfig: configReader(blendSchema, 'generator.blend'),
  keyPrefix: '',
  inputs: ({ planeChannels, planeSize, latentSize, latentCount, uvSize }, batch) => ({
    triplane: [batch, 4, planeChannels, planeSize, planeSize],
    ws: [batch, latentCount, latentSize],
    mesh: [batch, uvSize, uvSize, 3],
    mouth: [batch, 1, uvSize, uvSize],
  }),
  build: (scope, { triplane: kept, ws, mesh, mouth }, config) => ({
    planes: blendPlanes(scope, { triplane: kept, ws, mesh, mouth }, config),
  }),
};

export const generatorNetworks: readonly AnyNetwork[] = [
  anyNetwork(whole),
  anyNetwork(triplane),
  anyNetwork(mappingNetwork),
  anyNetwork(texture),
  anyNetwork(statics),
  anyNetwork(face),
  anyNetwork(encoder),
  anyNetwork(blend),
  ...next3dNetworks,
];
