import type { ConfigName } from '#engine/networks/networkDefinition';

/**
 * What the networks agree on, so that the output of one fits the next (spec 2.7 and 10.2). Sizes are in cells of a
 * plane; rows run down, columns to the right.
 */
export interface TriplaneContract {
  /** Cells along each side of a plane, `P`. */
  readonly planeSize: number;
  /** Features of each plane, `C`. The parametric triplane is [batch, 4, C, P, P]: texture, then three static planes. */
  readonly planeChannels: number;
  /** Of z, and of w. */
  readonly latentSize: number;
  /** Copies of w a synthesis network takes: two for each resolution. */
  readonly latentCount: number;
  /** Where plane 0 is blended with the rasterised texture: first row or column, and the one after the last. */
  readonly faceRows: readonly [number, number];
  readonly faceColumns: readonly [number, number];
  /** Of the rasterised texture, [uvSize, uvSize, (u, v, alpha)]; it covers the face's rows and columns. */
  readonly uvSize: number;
  /** Rows of the raster above this one keep no hole of the mouth filled (2.4, step 9). */
  readonly upperMouthRow: number;
  /** Rays along each side of the volume rendering. */
  readonly renderSize: number;
  /** Samples along a ray, first stratified, then by importance: as many of each. */
  readonly samples: number;
  /** Of the finished picture. */
  readonly imageSize: number;
  /** [channels, planes, rows, columns] of the latent triplane. */
  readonly latentShape: readonly [number, number, number, number];
  /** Latent cells along each side of a token. */
  readonly patch: number;
  /** Length of a motion code. */
  readonly motionSize: number;
}

const published: TriplaneContract = {
  planeSize: 256,
  planeChannels: 32,
  latentSize: 512,
  latentCount: 14,
  faceRows: [57, 185],
  faceColumns: [64, 192],
  uvSize: 256,
  upperMouthRow: 87,
  renderSize: 128,
  samples: 48,
  imageSize: 512,
  latentShape: [8, 4, 32, 32],
  patch: 2,
  motionSize: 548,
};

/**
 * `compact-cpu` departs from spec 10.2 in one thing: planes of 96 cells instead of 64. At 64 the mouth is eight cells
 * wide and teeth cannot be told from lips; 128 would cost four times as much, 96 costs 2.25 times. Synthesis starts
 * from 6 x 6, and tokens are 3 x 3 latent cells, so there are as many as before: 256.
 */
export const TRIPLANE_CONTRACTS: Readonly<Record<ConfigName, TriplaneContract>> = {
  released: published,
  paper: { ...published, latentShape: [8, 4, 64, 64] },
  'compact-gpu': {
    planeSize: 128,
    planeChannels: 16,
    latentSize: 256,
    latentCount: 12,
    faceRows: [28, 92],
    faceColumns: [32, 96],
    uvSize: 128,
    upperMouthRow: 44,
    renderSize: 64,
    samples: 24,
    imageSize: 128,
    latentShape: [8, 4, 16, 16],
    patch: 2,
    motionSize: 64,
  },
  'compact-cpu': {
    planeSize: 96,
    planeChannels: 8,
    latentSize: 128,
    latentCount: 10,
    faceRows: [21, 69],
    faceColumns: [24, 72],
    uvSize: 96,
    upperMouthRow: 33,
    renderSize: 48,
    samples: 12,
    imageSize: 96,
    latentShape: [4, 4, 24, 24],
    patch: 3,
    motionSize: 32,
  },
};
