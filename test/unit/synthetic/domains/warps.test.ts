import { describe, expect, it } from 'vitest';
import { createCanonicalWarp } from '#common/synthetic/domains/warp/canonicalWarp';
import { warpField, warpGeometry, warpPositions } from '#common/synthetic/domains/warp/warpGeometry';
import { warpStepSchema, type WarpStep } from '#common/synthetic/domains/warp/warpSchema';
import { transferRig } from '#common/rig/transferRig';
import { readHeadModel } from '../../head/readHeadModel';
import { readRecipes } from './readRecipes';

const model = readHeadModel();

function determinant(m: Float64Array, k: number): number {
  return (
    m[k] * (m[k + 4] * m[k + 8] - m[k + 5] * m[k + 7]) -
    m[k + 1] * (m[k + 3] * m[k + 8] - m[k + 5] * m[k + 6]) +
    m[k + 2] * (m[k + 3] * m[k + 7] - m[k + 4] * m[k + 6])
  );
}

const scale: WarpStep = warpStepSchema.parse({
  kind: 'scale',
  center: [33, 27, 80],
  radius: [48, 60, 90],
  factor: [1.5, 2.4, 1.1],
  inner: [13, 8, 22],
  isMirrored: true,
});

describe('warps', () => {
  it.each([...readRecipes()].map(([id, { warps }]) => [id, warps] as const))(
    'of %s turn no lid and no lip inside out, and next to nothing else',
    (_id, warps) => {
      const { maps } = warpField(model.template, createCanonicalWarp(warps));
      const hasNoEars = warps.some(({ kind }) => kind === 'noEars');
      let folded = 0;
      for (let v = 0; v < model.vertexCount; v++) {
        // Ears that are drawn into the head are flat on purpose.
        if (hasNoEars && (model.regions.ears[v] > 0.1 || Math.abs(model.template[v * 3]) > 0.07)) continue;
        if (determinant(maps, v * 12) > 0) continue;
        expect(model.regions.eyelids[v]).toBeLessThan(0.5);
        expect(model.regions.lips[v]).toBeLessThan(0.5);
        folded++;
      }
      expect(folded / model.vertexCount).toBeLessThan(0.02);
    },
  );

  it('enlarge what is inside by the factor and leave the rest', () => {
    const warp = createCanonicalWarp([scale]);
    const at = (x: number, y: number, z: number): Float64Array => {
      const point = Float64Array.of(x, y, z, 0, 0, 0);
      warp(point);
      return point;
    };
    expect(at(0.033, 0.031, 0.08)[1]).toBeCloseTo(0.027 + 2.4 * 0.004, 6);
    expect(at(-0.037, 0.027, 0.08)[0]).toBeCloseTo(-0.033 - 1.5 * 0.004, 6);
    expect([...at(0.033, 0.12, 0.08).subarray(0, 3)]).toEqual([0.033, 0.12, 0.08]);
  });

  it('carry morphs along, so that a warped expression is the expression warped', () => {
    const geometry = transferRig(model, { neutral: model.template, joints: model.joints });
    const warp = createCanonicalWarp([scale]);
    const field = warpField(geometry.positions, warp);
    const joints = geometry.joints.map(({ position }) => position);
    const warped = warpGeometry(geometry, field, warp, joints);
    const index = geometry.morphs.findIndex(({ name }) => name === 'eyeBlinkLeft');
    const posed = (
      positions: Float32Array,
      { vertices, deltas }: (typeof geometry.morphs)[number],
    ): Float32Array => {
      const out = positions.slice();
      vertices.forEach((v, i) => {
        for (let c = 0; c < 3; c++) out[v * 3 + c] += deltas[i * 3 + c];
      });
      return out;
    };
    const first = warpPositions(field, posed(geometry.positions, geometry.morphs[index]));
    const second = posed(warped.positions, warped.morphs[index]);
    first.forEach((value, k) => expect(value).toBeCloseTo(second[k], 5));
  });
});
