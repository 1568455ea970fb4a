import type { RendererOutputs } from '#engine/networks/renderer/renderer';
import type { Tensor } from '#engine/graph/tensor';
import type { ModelBConfig } from '#engine/networks/alternatives/comparedRenderers';
import { MODEL_A_CONFIGS, MODEL_B_CONFIGS, modelB, modelBSchema, predictTriplane } from '#engine/networks/alternatives/comparedRenderers'; // prettier-ignore
import type { DeformationConfig } from '#engine/networks/alternatives/deformationField';
import { canonicalPoints, deformationSchema } from '#engine/networks/alternatives/deformationField';
import type { GenHeadConfig } from '#engine/networks/alternatives/genHead';
import { GEN_HEAD_CONFIGS, genHead, genHeadSchema } from '#engine/networks/alternatives/genHead';
import type { AnyNetwork, NetworkDefinition } from '#engine/networks/networkDefinition';
import { anyNetwork } from '#engine/networks/networkDefinition';
import { configReader } from '#engine/networks/readConfig';
import { renderer } from '#engine/networks/renderer/renderer';
import type { RendererConfig } from '#engine/networks/renderer/rendererConfig';
import { rendererSchema } from '#engine/networks/renderer/rendererConfig';
import { frameShapes, given, sourceShapes } from '#engine/networks/renderer/rendererShapes';
import { stack } from '#engine/graph/ops/layout';

/** Points at which the deformation is looked at by itself. */
const POINTS = 64;

const head: NetworkDefinition<GenHeadConfig> = {
  name: 'alternatives.genHead',
  summary: 'the representation of supplement B: canonical triplanes in space that expression bends',
  source: 'supplement B, after Portrait4D (arXiv 2311.18729); our own weights',
  configs: GEN_HEAD_CONFIGS,
  readConfig: configReader(genHeadSchema, 'alternatives.genHead'),
  keyPrefix: '',
  inputs: ({ mapping, deformation }, batch) => ({
    z: [batch, mapping.latentSize],
    shape: [batch, mapping.labelSize],
    expression: [batch, deformation.expressionSize],
    label: [batch, 25],
  }),
  build: (scope, inputs, config) => ({ ...genHead(scope, given(inputs), config) }),
};

const deformation: NetworkDefinition<DeformationConfig> = {
  name: 'alternatives.deformation',
  summary: 'where points of a head with an expression are without it, for each part',
  source: 'supplement B, Nerfies (arXiv 2011.12948)',
  configs: {
    released: GEN_HEAD_CONFIGS.released.deformation,
    paper: GEN_HEAD_CONFIGS.paper.deformation,
    'compact-gpu': GEN_HEAD_CONFIGS['compact-gpu'].deformation,
    'compact-cpu': GEN_HEAD_CONFIGS['compact-cpu'].deformation,
  },
  readConfig: configReader(deformationSchema, 'alternatives.deformation'),
  keyPrefix: 'deformation',
  inputs: ({ expressionSize }, batch) => ({ seen: [batch, POINTS, 3], expression: [batch, expressionSize] }),
  build: (scope, { seen, expression }, config) => {
    const { points, shares } = canonicalPoints(scope, seen, expression, config);
    return { points: stack(points, 1), shares };
  },
};

const modelA: NetworkDefinition<RendererConfig> = {
  name: 'alternatives.modelA',
  summary: 'planes straight from the portrait, all motion through cross-attention',
  source: 'supplement C, Model A',
  configs: MODEL_A_CONFIGS,
  readConfig: configReader(rendererSchema, 'alternatives.modelA'),
  keyPrefix: '',
  inputs: (config, batch) => ({ ...sourceShapes(config.core, batch), ...frameShapes(config, batch) }),
  build: (scope, inputs, config) => ({ ...renderer(scope, given(inputs), config) }),
};

const modelBNetwork: NetworkDefinition<ModelBConfig> = {
  name: 'alternatives.modelB',
  summary: 'a parametric triplane in one pass, posed and refined without cross-attention',
  source: 'supplement C, Model B',
  configs: MODEL_B_CONFIGS,
  readConfig: configReader(modelBSchema, 'alternatives.modelB'),
  keyPrefix: '',
  inputs: (config, batch) => {
    const { triplane, ...frame } = frameShapes(config.renderer, batch);
    return triplane && { ...pictureShape(config, batch), ...frame };
  },
  build: (scope, inputs, config): Record<keyof RendererOutputs | 'triplane', Tensor> => ({
    ...modelB(scope, given(inputs), config),
  }),
};

const predictor: NetworkDefinition<ModelBConfig> = {
  name: 'alternatives.modelB.predictor',
  summary: 'the parametric triplane of a portrait, in one pass',
  source: 'supplement C, Model B',
  configs: MODEL_B_CONFIGS,
  readConfig: configReader(modelBSchema, 'alternatives.modelB.predictor'),
  keyPrefix: 'predictor',
  inputs: pictureShape,
  build: (scope, { source }, config) => ({ triplane: predictTriplane(scope, source, config.predictor) }),
};

function pictureShape({ predictor: { sourceSize } }: ModelBConfig, batch: number) {
  return { source: [batch, 3, sourceSize, sourceSize] };
}

export const alternativeNetworks: readonly AnyNetwork[] = [
  anyNetwork(head),
  anyNetwork(deformation),
  anyNetwork(modelA),
  ...[modelBNetwork, predictor].map(anyNetwork),
];
