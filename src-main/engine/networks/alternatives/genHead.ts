import { z } from 'zod';
import { add, mul } from '#engine/graph/ops/arithmetic';
import { slice } from '#engine/graph/ops/layout';
import { reshape } from '#engine/graph/ops/reshape';
import type { Scope } from '#engine/graph/parameters';
import type { Tensor } from '#engine/graph/tensor';
import type { DeformationConfig } from '#engine/networks/alternatives/deformationField';
import { canonicalPoints, deformationSchema } from '#engine/networks/alternatives/deformationField';
import {
  GENERATOR_CONFIGS,
  mappingSchema,
  synthesisSchema,
} from '#engine/networks/generator/generatorConfig';
import { mapping, spreadStyle } from '#engine/networks/generator/mapping';
import { synthesis } from '#engine/networks/generator/synthesis';
import type { ConfigName } from '#engine/networks/networkDefinition';
import { superresolution } from '#engine/networks/superresolution/superresolution';
import { superresolutionSchema } from '#engine/networks/superresolution/superresolutionConfig';
import type { FieldValues } from '#engine/networks/volume/osgDecoder';
import { osgDecoder } from '#engine/networks/volume/osgDecoder';
import type { SampleNoise } from '#engine/networks/volume/depthSamples';
import { renderField } from '#engine/networks/volume/renderVolume';
import { sampleTriplane } from '#engine/networks/volume/sampleTriplane';
import { volumeSchema } from '#engine/networks/volume/volumeConfig';

export const genHeadSchema = z.strictObject({
  /** Its label is the code of the head's shape, not a camera. */
  mapping: mappingSchema,
  /** Three planes for each part of the deformation, as channels. */
  synthesis: synthesisSchema,
  deformation: deformationSchema,
  volume: volumeSchema,
  superresolution: superresolutionSchema,
});

export type GenHeadConfig = z.output<typeof genHeadSchema>;

/** Head, both eyes together, mouth; about where EG3D's framing has them. */
const PARTS: DeformationConfig['parts'] = [
  { centres: [], radius: 1 },
  { centres: [[-0.065, 0.02, 0.2], [0.065, 0.02, 0.2]], radius: 0.06 },
  { centres: [[0, -0.12, 0.21]], radius: 0.09 },
]; // prettier-ignore

type Widths = Omit<DeformationConfig, 'parts'> & { readonly shapeSize: number };

function fitted(name: ConfigName, { shapeSize, ...widths }: Widths): GenHeadConfig {
  const { mapping: own, static: planes, volume, superresolution: finishing } = GENERATOR_CONFIGS[name];
  return {
    mapping: { ...own, labelSize: shapeSize },
    synthesis: { ...planes, channels: 3 * volume.planeChannels * PARTS.length },
    deformation: { ...widths, parts: PARTS },
    volume,
    superresolution: finishing,
  };
}

const published: Widths = { shapeSize: 300, expressionSize: 100, frequencies: 6, hidden: 128, layers: 6 };

/** Codes of FLAME's lengths (300 of shape, 100 of expression) at published size, of our own head otherwise. */
export const GEN_HEAD_CONFIGS: Readonly<Record<ConfigName, GenHeadConfig>> = {
  released: fitted('released', published),
  paper: fitted('paper', published),
  'compact-gpu': fitted('compact-gpu', {
    shapeSize: 50,
    expressionSize: 52,
    frequencies: 4,
    hidden: 64,
    layers: 3,
  }),
  'compact-cpu': fitted('compact-cpu', {
    shapeSize: 50,
    expressionSize: 52,
    frequencies: 4,
    hidden: 32,
    layers: 2,
  }),
};

export interface GenHeadInputs {
  /** [batch, latentSize], normal. */
  readonly z: Tensor;
  /** [batch, shapeSize] */
  readonly shape: Tensor;
  /** [batch, expressionSize] */
  readonly expression: Tensor;
  /** The camera, [batch, 25]. */
  readonly label: Tensor;
  readonly noise?: SampleNoise | undefined;
}

export interface GenHeadOutputs {
  /** [batch, 3, imageSize, imageSize] */
  readonly image: Tensor;
  /** [batch, 3, renderSize, renderSize] */
  readonly raw: Tensor;
  /** [batch, 1, renderSize, renderSize] each. */
  readonly depth: Tensor;
  readonly opacity: Tensor;
  /** The canonical planes of each part, [batch, parts * 3, planeChannels, planeSize, planeSize]: of shape alone. */
  readonly planes: Tensor;
}

/**
 * The other 4D representation that the supplement studies in section B: GenHead (Portrait4D). A head is a canonical
 * triplane for each part, and expression bends space around them; AvatarArtist's parametric triplane keeps expression out
 * of what is generated instead. The geometry of a parametric head mesh, which Portrait4D's field also follows, is left to
 * the field's networks.
 */
export function genHead(scope: Scope, inputs: GenHeadInputs, config: GenHeadConfig): GenHeadOutputs {
  const { z: latent, shape, expression, label, noise } = inputs;
  const { volume, deformation } = config;
  const styles = scope.child('backbone.mapping');
  const ws = spreadStyle(styles, mapping(styles, latent, shape, config.mapping), config.mapping);
  const flat = synthesis(scope.child('backbone.synthesis'), ws, config.synthesis);
  const { planeChannels, planeSize } = volume;
  const parts = deformation.parts.length;
  const planes = reshape(flat, [latent.shape[0], 3 * parts, planeChannels, planeSize, planeSize]);
  const field = (points: Tensor): FieldValues => {
    const canonical = canonicalPoints(scope.child('deformation'), points, expression, deformation);
    const features = canonical.points.map((own, part) => {
      const sampled = sampleTriplane(slice(planes, { 1: [3 * part, 3 * part + 3] }), own, volume);
      return mul(sampled, slice(canonical.shares, { 2: [part, part + 1] }));
    });
    const joined = features.reduce((total, feature) => add(total, feature));
    return osgDecoder(scope.child('decoder'), joined, volume.decoderWidth);
  };
  const { features, depth, opacity } = renderField(field, { label, noise }, volume);
  const raw = slice(features, { 1: [0, 3] });
  const image = superresolution(
    scope.child('superresolution'),
    { rgb: raw, features, ws },
    config.superresolution,
  );
  return { image, raw, depth, opacity, planes };
}
