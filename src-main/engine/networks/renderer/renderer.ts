import { broadcastTo } from '#engine/graph/ops/broadcast';
import { flip, slice } from '#engine/graph/ops/layout';
import { constant } from '#engine/graph/ops/sources';
import type { Scope } from '#engine/graph/parameters';
import type { Tensor } from '#engine/graph/tensor';
import type { DrivenFace } from '#engine/networks/generator/blendPlanes';
import { blendPlanes } from '#engine/networks/generator/blendPlanes';
import type { MappingConfig } from '#engine/networks/generator/generatorConfig';
import { mapping, spreadStyle } from '#engine/networks/generator/mapping';
import type { Noise } from '#engine/networks/layers/equalized';
import { canonicalEncoder, motionScaleOf, motionTokens } from '#engine/networks/renderer/canonicalEncoder';
import { detailEncoder } from '#engine/networks/renderer/detailEncoder';
import { globalEncoder } from '#engine/networks/renderer/globalEncoder';
import { planesDecoder } from '#engine/networks/renderer/planesDecoder';
import { planesEncoder } from '#engine/networks/renderer/planesEncoder';
import type { RendererConfig, RendererCoreConfig } from '#engine/networks/renderer/rendererConfig';
import { superresolution } from '#engine/networks/superresolution/superresolution';
import type { SampleNoise } from '#engine/networks/volume/depthSamples';
import { renderVolume } from '#engine/networks/volume/renderVolume';

/** What the renderer knows of a person. */
export interface SourceInputs {
  /** The portrait, [batch, 3, sourceSize, sourceSize], -1 to 1. */
  readonly source: Tensor;
  /** Its motion code, [batch, motionSize]. */
  readonly sourceMotion: Tensor;
}

/** What follows from the portrait alone: computed once for an avatar, then used for every frame (spec 6.7). */
export interface SourceFeatures {
  /** [batch, channels, planeSize / 4, planeSize / 4] */
  readonly global: Tensor;
  /** [batch, channels, planeSize, planeSize] */
  readonly detail: Tensor;
  /** [batch, motion tokens, width]; none where the renderer looks at no motion. */
  readonly neutral?: Tensor | undefined;
}

export interface PlanesInputs extends DrivenFace {
  /** The parametric triplane, [batch, 4, planeChannels, planeSize, planeSize], not normalised. */
  readonly triplane: Tensor;
  /** [batch or 1, latentCount, latentSize]: the fixed average style, which stands for no person. */
  readonly ws: Tensor;
  /** The driver's motion code, [batch, motionSize]. */
  readonly motion: Tensor;
  /** [batch]: how much of both motion codes counts; 0 for pictures without motion. */
  readonly motionScale: Tensor;
  /** Of the face branch, see `synthesis`. */
  readonly faceNoise?: Noise | undefined;
}

export interface FrameInputs extends PlanesInputs {
  /** The camera, [batch, 25]. */
  readonly label: Tensor;
  /** Given in training; without it the frame is deterministic. */
  readonly noise?: SampleNoise | undefined;
}

export interface RendererOutputs {
  /** The frame, [batch, 3, imageSize, imageSize], about -1 to 1. */
  readonly image: Tensor;
  /** [batch, 3, renderSize, renderSize], -1 to 1. */
  readonly raw: Tensor;
  /** [batch, planeChannels, renderSize, renderSize] */
  readonly features: Tensor;
  /** [batch, 1, renderSize, renderSize] each. */
  readonly depth: Tensor;
  readonly opacity: Tensor;
  /** [batch, 3, planeChannels, planeSize, planeSize] */
  readonly planes: Tensor;
}

/**
 * AvatarArtist's motion-aware cross-domain renderer (spec 6; supplement D.5). One network for all domains: the blended
 * planes say where things are, the portrait what they look like, both motion codes what to take off and put on.
 * Shapes on the arrows: README.md beside this file.
 */
export function renderer(
  scope: Scope,
  inputs: SourceInputs & FrameInputs,
  config: RendererConfig,
): RendererOutputs {
  return renderFrame(scope, encodeSource(scope, inputs, config.core), inputs, config);
}

/** Steps 1, 2 and the neutral part of step 6 of spec 6.3. */
export function encodeSource(
  scope: Scope,
  { source, sourceMotion }: SourceInputs,
  config: RendererCoreConfig,
): SourceFeatures {
  const { canonical } = config;
  const neutral = canonical.looksAtMotion
    ? motionTokens(scope.child('encoder_canonical'), sourceMotion, 'neutral', canonical)
    : undefined;
  return { ...portraitFeatures(scope, source, config), neutral };
}

/** Steps 1 and 2: coarse and fine features of a portrait, in the planes' orientation where the config says so. */
export function portraitFeatures(
  scope: Scope,
  source: Tensor,
  { planeSize, global, detail, turnsPortrait }: RendererCoreConfig,
): Pick<SourceFeatures, 'global' | 'detail'> {
  const portrait = turnsPortrait ? flip(source, [2]) : source;
  return {
    global: globalEncoder(scope.child('encoder_global'), portrait, planeSize / 4, global),
    detail: detailEncoder(scope.child('encoder_detail'), portrait, planeSize, detail),
  };
}

/** Everything that changes from frame to frame: planes, volume rendering, super-resolution. */
export function renderFrame(
  scope: Scope,
  source: SourceFeatures,
  inputs: FrameInputs,
  config: RendererConfig,
): RendererOutputs {
  const planes = framePlanes(scope, source, inputs, config);
  const { label, noise } = inputs;
  const rendered = renderVolume(scope.child('decoder'), { planes, label, noise }, config.volume);
  const raw = slice(rendered.features, { 1: [0, 3] });
  const finishing = { rgb: raw, features: rendered.features, ws: inputs.ws };
  const image = superresolution(scope.child('superresolution'), finishing, config.superresolution);
  return { image, raw, ...rendered, planes };
}

/**
 * Steps 0 to 15 of spec 6.3: the planes of one frame, before any camera.
 *
 * @returns [batch, 3, planeChannels, planeSize, planeSize]
 */
export function framePlanes(
  scope: Scope,
  { global, detail, neutral }: SourceFeatures,
  inputs: PlanesInputs,
  config: RendererConfig,
): Tensor {
  const { core } = config;
  const canonicalScope = scope.child('encoder_canonical');
  const blended = core.usesPlanes ? blendedPlanes(scope, inputs, config) : undefined;
  const codes =
    blended && planesEncoder(scope.child('encoder_global_latent_tri'), blended, core.planesEncoder);
  const motion = neutral && {
    neutral,
    driving: motionTokens(canonicalScope, inputs.motion, 'driving', core.canonical),
    scale: motionScaleOf(inputs.motionScale),
  };
  const { enlargesByCorners } = core;
  const canonical = canonicalEncoder(
    canonicalScope,
    { global, planes: codes, motion },
    { ...core.canonical, enlargesByCorners },
  );
  return planesDecoder(scope.child('generator_triplane'), { canonical, detail, blended }, { count: 3, channels: core.planeChannels }, core.decoder); // prettier-ignore
}

/** Step 0: the driven texture in plane 0, by weights that all domains share. */
export function blendedPlanes(
  scope: Scope,
  inputs: Pick<PlanesInputs, 'triplane' | 'mesh' | 'mouth' | 'ws' | 'faceNoise'>,
  { blend, storedMapping }: RendererConfig,
): Tensor {
  const { triplane, mesh, mouth, faceNoise } = inputs;
  const batch = triplane.shape[0];
  const ws = broadcastTo(inputs.ws, [batch, ...inputs.ws.shape.slice(1)]);
  const planes = blendPlanes(scope, { triplane, ws, mesh, mouth, noise: faceNoise }, blend);
  if (storedMapping !== undefined) declareMapping(scope.child('face_backbone.mapping'), storedMapping);
  return planes;
}

/** Asks for the parameters of a mapping network whose result nobody needs. */
function declareMapping(scope: Scope, config: MappingConfig): void {
  const [z, label] = [config.latentSize, config.labelSize].map((size) =>
    constant(new Float32Array(size), [1, size]),
  );
  spreadStyle(scope, mapping(scope, z, label, config), config);
}
