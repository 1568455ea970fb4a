import type { RendererConfig } from '#engine/networks/renderer/rendererConfig';
import { RENDERER_CONFIGS } from '#engine/networks/renderer/rendererConfig';

const { core, blend, volume, superresolution } = RENDERER_CONFIGS['compact-cpu'];

/** `compact-cpu` with planes of 32 cells instead of 96: the same topology at a ninth of the cost. */
export const TINY_RENDERER: RendererConfig = {
  core: { ...core, sourceSize: 32, planeSize: 32 },
  blend: {
    ...blend,
    planeSize: 32,
    uvSize: 32,
    faceRows: [7, 23],
    faceColumns: [8, 24],
    upperMouthRow: 11,
    encoder: { ...blend.encoder, inputSize: 32 },
    face: { ...blend.face, baseSize: 4, size: 32, channelBase: 1024 },
  },
  volume: { ...volume, planeSize: 32, renderSize: 16, samples: 6 },
  superresolution: { ...superresolution, renderSize: 16, inputSize: 16 },
};
