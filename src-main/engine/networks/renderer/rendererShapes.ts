import type { Shape, Tensor } from '#engine/graph/tensor';
import type { RendererConfig, RendererCoreConfig } from '#engine/networks/renderer/rendererConfig';

/** Shapes of a network's inputs by name. */
export type Shapes = Readonly<Record<string, Shape>>;

/** `SourceInputs`. */
export function sourceShapes({ sourceSize, motionSize }: RendererCoreConfig, batch: number): Shapes {
  return { source: [batch, 3, sourceSize, sourceSize], sourceMotion: [batch, motionSize] };
}

/** `SourceFeatures`. */
export function featureShapes(
  { planeSize, global, detail, canonical }: RendererCoreConfig,
  batch: number,
): Shapes {
  const cells = planeSize / 4;
  return {
    global: [batch, global.channels, cells, cells],
    detail: [batch, detail[detail.length - 1], planeSize, planeSize],
    ...(canonical.looksAtMotion && { neutral: [batch, canonical.motionTokens, canonical.width] }),
  };
}

/** The driver's motion, where the renderer looks at it. */
export function motionShapes({ motionSize, canonical }: RendererCoreConfig, batch: number): Shapes {
  return canonical.looksAtMotion ? { motion: [batch, motionSize], motionScale: [batch] } : {};
}

/** What is posed and blended, where planes are used. */
export function blendShapes({ core, blend }: RendererConfig, batch: number): Shapes {
  const { planeSize, planeChannels, uvSize } = blend;
  if (!core.usesPlanes) return {};
  return {
    triplane: [batch, 4, planeChannels, planeSize, planeSize],
    mesh: [batch, uvSize, uvSize, 3],
    mouth: [batch, 1, uvSize, uvSize],
  };
}

/** Styles of the blending and of the super-resolution. */
export function styleShape({ latentCount, latentSize }: RendererConfig['blend'], batch: number): Shape {
  return [batch, latentCount, latentSize];
}

/** Three feature planes. */
export function planesShape({ planeChannels, planeSize }: RendererCoreConfig, batch: number): Shape {
  return [batch, 3, planeChannels, planeSize, planeSize];
}

/** What a frame needs besides the portrait's features. */
export function frameShapes(config: RendererConfig, batch: number): Shapes {
  return {
    ...blendShapes(config, batch),
    ws: styleShape(config.blend, 1),
    ...motionShapes(config.core, batch),
    label: [batch, 25],
  };
}

/** Inputs by name are what the functions take: shapes above and interfaces there name the same things. */
export function given<Inputs>(inputs: Readonly<Record<string, Tensor>>): Inputs {
  return inputs as unknown as Inputs;
}
