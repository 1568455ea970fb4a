import type { AnyNetwork, NetworkDefinition } from '#engine/networks/networkDefinition';
import { anyNetwork } from '#engine/networks/networkDefinition';
import { configReader } from '#engine/networks/readConfig';
import { canonicalEncoder, motionScaleOf, motionTokens } from '#engine/networks/renderer/canonicalEncoder';
import { detailEncoder } from '#engine/networks/renderer/detailEncoder';
import { globalEncoder } from '#engine/networks/renderer/globalEncoder';
import { planesDecoder } from '#engine/networks/renderer/planesDecoder';
import { planesEncoder } from '#engine/networks/renderer/planesEncoder';
import type { SourceFeatures } from '#engine/networks/renderer/renderer';
import {
  blendedPlanes,
  encodeSource,
  framePlanes,
  renderer,
  renderFrame,
} from '#engine/networks/renderer/renderer';
import type { RendererConfig, RendererCoreConfig } from '#engine/networks/renderer/rendererConfig';
import { RENDERER_CONFIGS, RENDERER_CORE_CONFIGS, rendererCoreSchema, rendererSchema } from '#engine/networks/renderer/rendererConfig'; // prettier-ignore
import { blendShapes, featureShapes, frameShapes, given, motionShapes, planesShape, sourceShapes, styleShape } from '#engine/networks/renderer/rendererShapes'; // prettier-ignore

type Whole = NetworkDefinition<RendererConfig>;
type Part = NetworkDefinition<RendererCoreConfig>;

const SOURCE = 'spec 6.3, supplement D.5';
const whole = { configs: RENDERER_CONFIGS, keyPrefix: '' };
const part = { configs: RENDERER_CORE_CONFIGS };

const all: Whole = {
  ...whole,
  name: 'renderer',
  summary: 'a frame from portrait, parametric triplane, driver and camera',
  source: `${SOURCE}; \`render.pkl\``,
  readConfig: configReader(rendererSchema, 'renderer'),
  inputs: (config, batch) => ({ ...sourceShapes(config.core, batch), ...frameShapes(config, batch) }),
  build: (scope, inputs, config) => ({ ...renderer(scope, given(inputs), config) }),
};

const source: Part = {
  ...part,
  name: 'renderer.source',
  summary: 'what follows from the portrait alone, once for an avatar',
  source: `${SOURCE}, steps 1, 2 and 6`,
  keyPrefix: '',
  readConfig: configReader(rendererCoreSchema, 'renderer.source'),
  inputs: sourceShapes,
  build: (scope, inputs, config) => {
    const { neutral, ...features } = encodeSource(scope, given(inputs), config);
    return neutral === undefined ? features : { ...features, neutral };
  },
};

const frame: Whole = {
  ...whole,
  name: 'renderer.frame',
  summary: "a frame from the portrait's features, parametric triplane, driver and camera",
  source: `${SOURCE}, steps 0 and 3 to 17`,
  readConfig: configReader(rendererSchema, 'renderer.frame'),
  inputs: (config, batch) => ({ ...featureShapes(config.core, batch), ...frameShapes(config, batch) }),
  build: (scope, inputs, config) => ({
    ...renderFrame(scope, given<SourceFeatures>(inputs), given(inputs), config),
  }),
};

const planes: Whole = {
  ...whole,
  name: 'renderer.planes',
  summary: "the planes of a frame from the portrait's features, before any camera",
  source: `${SOURCE}, steps 0 and 3 to 15`,
  readConfig: configReader(rendererSchema, 'renderer.planes'),
  inputs: (config, batch) => {
    const { label, ...shapes } = frameShapes(config, batch);
    return label && { ...featureShapes(config.core, batch), ...shapes };
  },
  build: (scope, inputs, config) => ({
    planes: framePlanes(scope, given<SourceFeatures>(inputs), given(inputs), config),
  }),
};

const blend: Whole = {
  ...whole,
  name: 'renderer.blend',
  summary: 'the driven texture in plane 0, by weights that all domains share',
  source: `${SOURCE}, step 0`,
  readConfig: configReader(rendererSchema, 'renderer.blend'),
  inputs: (config, batch) => ({ ...blendShapes(config, batch), ws: styleShape(config.blend, 1) }),
  build: (scope, inputs, config) => ({ planes: blendedPlanes(scope, given(inputs), config) }),
};

const global: Part = {
  ...part,
  name: 'renderer.globalEncoder',
  summary: 'what the portrait shows, coarsely: ResNet and dilated pyramid',
  source: `${SOURCE}, step 1`,
  keyPrefix: 'encoder_global',
  readConfig: configReader(rendererCoreSchema, 'renderer.globalEncoder'),
  inputs: ({ sourceSize }, batch) => ({ source: [batch, 3, sourceSize, sourceSize] }),
  build: (scope, { source: picture }, config) => ({
    global: globalEncoder(scope, picture, config.planeSize / 4, config.global),
  }),
};

const detail: Part = {
  ...part,
  name: 'renderer.detailEncoder',
  summary: 'what the portrait shows at full detail',
  source: `${SOURCE}, step 2`,
  keyPrefix: 'encoder_detail',
  readConfig: configReader(rendererCoreSchema, 'renderer.detailEncoder'),
  inputs: ({ sourceSize }, batch) => ({ source: [batch, 3, sourceSize, sourceSize] }),
  build: (scope, { source: picture }, config) => ({
    detail: detailEncoder(scope, picture, config.planeSize, config.detail),
  }),
};

const codes: Part = {
  ...part,
  name: 'renderer.planesEncoder',
  summary: 'a code of the blended planes, by 3-D convolutions',
  source: `${SOURCE}, step 3`,
  keyPrefix: 'encoder_global_latent_tri',
  readConfig: configReader(rendererCoreSchema, 'renderer.planesEncoder'),
  inputs: (config, batch) => ({ planes: planesShape(config, batch) }),
  build: (scope, inputs, config) => ({ codes: planesEncoder(scope, inputs['planes'], config.planesEncoder) }),
};

const canonical: Part = {
  ...part,
  name: 'renderer.canonicalEncoder',
  summary: "takes the portrait's expression off and puts the driver's on",
  source: `${SOURCE}, steps 4 to 10`,
  keyPrefix: 'encoder_canonical',
  readConfig: configReader(rendererCoreSchema, 'renderer.canonicalEncoder'),
  inputs: (config, batch) => {
    const cells = config.planeSize / 4;
    const { latentChannels } = config.planesEncoder;
    return {
      global: [batch, config.global.channels, cells, cells],
      ...(config.usesPlanes && { codes: [batch, 3 * latentChannels, cells, cells] }),
      ...(config.canonical.looksAtMotion && { sourceMotion: [batch, config.motionSize] }),
      ...motionShapes(config, batch),
    };
  },
  build: (scope, inputs, { canonical: own, enlargesByCorners }) => {
    const motion = own.looksAtMotion
      ? {
          neutral: motionTokens(scope, inputs['sourceMotion'], 'neutral', own),
          driving: motionTokens(scope, inputs['motion'], 'driving', own),
          scale: motionScaleOf(inputs['motionScale']),
        }
      : undefined;
    const seen = { global: inputs['global'], planes: inputs['codes'], motion };
    return { canonical: canonicalEncoder(scope, seen, { ...own, enlargesByCorners }) };
  },
};

const decoder: Part = {
  ...part,
  name: 'renderer.planesDecoder',
  summary: 'feature planes from coarse and fine features and the blended planes',
  source: `${SOURCE}, steps 11 to 15`,
  keyPrefix: 'generator_triplane',
  readConfig: configReader(rendererCoreSchema, 'renderer.planesDecoder'),
  inputs: (config, batch) => {
    const { planeSize, canonical: own, detail: widths, usesPlanes } = config;
    return {
      canonical: [batch, own.channels, planeSize, planeSize],
      detail: [batch, widths[widths.length - 1], planeSize, planeSize],
      ...(usesPlanes && { blended: planesShape(config, batch) }),
    };
  },
  build: (scope, inputs, { planeChannels, decoder: own }) => ({
    planes: planesDecoder(scope, given(inputs), { count: 3, channels: planeChannels }, own),
  }),
};

export const rendererNetworks: readonly AnyNetwork[] = [
  ...[all, frame, planes, blend].map(anyNetwork),
  ...[source, global, detail, codes, canonical, decoder].map(anyNetwork),
];

/**
 * Keys of the published file that say nothing new: the convolutions over planes are stored with their weights a second
 * time, one level up.
 */
export const rendererIgnoredKeys: readonly RegExp[] = [
  /^encoder_global_latent_tri\.(conv_first|final_block\.2|conv_blocks\.\d+\.(down|res\.conv[12]))\.weight$/,
];
