import { describe, expect, it } from 'vitest';

import { ARKIT_CHANNELS, channelIndex, type ArkitChannel } from '#common/head/arkitChannels';
import { evaluateHead, landmarkPositions } from '#common/head/evaluateHead';
import { INNER_LIP_PAIRS, LEFT_EYE } from '#common/reconstruction/fit/landmarkSets';

import { distanceMm, lidMargin, readHeadModel, weightsOf } from './readHeadModel';

const model = readHeadModel();
const pose = (named: Partial<Record<ArkitChannel, number>>): Float32Array =>
  evaluateHead(model, [], weightsOf(named));
const landmarksOf = (named: Partial<Record<ArkitChannel, number>>): Float32Array =>
  landmarkPositions(model, pose(named));
const { loop, margin } = lidMargin(model);
const centre = model.joints.find(({ name }) => name === 'eyeLeft')!.position;
const eye = model.parts.find(({ name }) => name === 'eyeLeft')!;
const radius = Math.hypot(...[0, 1, 2].map((c) => model.template[eye.firstVertex * 3 + c] - centre[c]));
const distanceToEye = (positions: ArrayLike<number>, v: number): number =>
  Math.hypot(...[0, 1, 2].map((c) => positions[v * 3 + c] - centre[c]));

/** How far landmarks move from the neutral face, millimetres. */
function moveMm(named: Partial<Record<ArkitChannel, number>>): (l: number) => [number, number, number] {
  const [from, to] = [landmarksOf({}), landmarksOf(named)];
  const moved = (l: number, c: number): number => 1000 * (to[l * 3 + c] - from[l * 3 + c]);
  return (l) => [moved(l, 0), moved(l, 1), moved(l, 2)];
}

/** Mean height of the eye opening in the middle half of its width, millimetres. */
function openingMm(positions: Float32Array): number {
  const middle = (model.template[loopEnd(-1) * 3] + model.template[loopEnd(1) * 3]) / 2;
  const half = (model.template[loopEnd(1) * 3] - model.template[loopEnd(-1) * 3]) / 4;
  const inside = margin.filter((v) => Math.abs(model.template[v * 3] - middle) < half);
  const mean = (isUpper: boolean): number => {
    const some = inside.filter((v) => model.template[v * 3 + 1] > centre[1] === isUpper);
    return some.reduce((sum, v) => sum + positions[v * 3 + 1], 0) / some.length;
  };
  return 1000 * (mean(true) - mean(false));
}

function loopEnd(sign: number): number {
  return margin.reduce((a, b) => (sign * model.template[b * 3] > sign * model.template[a * 3] ? b : a));
}

describe('eyelids', () => {
  const neutral = openingMm(model.template);

  it('close fully and stay closed with gaze and squint', () => {
    expect(neutral).toBeGreaterThan(6);
    for (const more of [
      {},
      { eyeLookDownLeft: 1 },
      { eyeSquintLeft: 1 },
      { eyeWideLeft: 1 },
      { cheekSquintLeft: 1 },
    ])
      expect(Math.abs(openingMm(pose({ eyeBlinkLeft: 1, ...more })))).toBeLessThan(0.05 * neutral);
  });

  it('close steadily', () => {
    const openings = [0, 0.25, 0.5, 0.75, 1].map((w) => openingMm(pose({ eyeBlinkLeft: w })) / neutral);
    openings.slice(1).forEach((value, i) => expect(openings[i] - value).toBeGreaterThan(0.15));
  });

  it('travel over the eyeball, never through it', () => {
    const lids = Array.from({ length: model.parts[0].vertexCount }, (_, v) => v).filter(
      (v) => model.regions.eyelids[v] > 0 && !loop.has(v) && model.template[v * 3] > 0,
    );
    for (const w of [0, 0.25, 0.5, 0.75, 1])
      for (const channel of ['eyeBlinkLeft', 'eyeSquintLeft', 'eyeWideLeft', 'eyeLookDownLeft'] as const) {
        const positions = pose({ [channel]: w });
        expect(Math.min(...lids.map((v) => distanceToEye(positions, v))) - radius).toBeGreaterThan(0.0001);
      }
  });

  it('end at the fold: the brow keeps still', () => {
    for (const channel of ['eyeBlinkLeft', 'eyeSquintLeft', 'eyeWideLeft', 'eyeLookDownLeft'] as const) {
      const moved = moveMm({ [channel]: 1 });
      for (const brow of LEFT_EYE.brow) expect(Math.hypot(...moved(brow))).toBeLessThan(0.2);
      expect(Math.hypot(...moved(443))).toBeLessThan(2);
    }
  });

  it('leave the other eye alone', () => {
    const moved = pose({ eyeBlinkLeft: 1 });
    let worst = 0;
    for (let v = 0; v < model.vertexCount; v++)
      if (model.template[v * 3] < -0.005)
        for (let c = 0; c < 3; c++)
          worst = Math.max(worst, Math.abs(moved[v * 3 + c] - model.template[v * 3 + c]));
    expect(worst).toBe(0);
  });
});

describe('eyeballs', () => {
  it('turn by 30 and 25 degrees about their centre', () => {
    const pole = eye.firstVertex;
    const directionOf = (named: Partial<Record<ArkitChannel, number>>): number[] => {
      const positions = pose(named);
      return [0, 1, 2].map((c) => (positions[pole * 3 + c] - centre[c]) / radius);
    };
    expect(directionOf({ eyeLookOutLeft: 1 })[0]).toBeCloseTo(Math.sin(Math.PI / 6), 2);
    expect(directionOf({ eyeLookInLeft: 1 })[0]).toBeCloseTo(-Math.sin(Math.PI / 6), 2);
    expect(directionOf({ eyeLookUpLeft: 1 })[1]).toBeCloseTo(Math.sin((25 / 180) * Math.PI), 2);
    expect(directionOf({ eyeLookDownLeft: 1 })[1]).toBeCloseTo(-Math.sin((25 / 180) * Math.PI), 2);
  });
});

describe('brows', () => {
  it('rise inside with the one channel, outside with the other', () => {
    const inner = moveMm({ browInnerUp: 1 });
    const outer = moveMm({ browOuterUpLeft: 1 });
    expect(inner(336)[1]).toBeGreaterThan(5);
    expect(inner(300)[1]).toBeLessThan(1);
    expect(outer(336)[1]).toBeLessThan(1);
    for (const l of [293, 300]) expect(outer(l)[1]).toBeGreaterThan(5);
    const both = moveMm({ browInnerUp: 1, browOuterUpLeft: 1 });
    for (const l of [336, 296, 334, 293, 300]) expect(both(l)[1]).toBeGreaterThan(5);
  });
});

describe('mouth', () => {
  it('opens 27 to 31 mm', () => {
    const opening = distanceMm(landmarksOf({ jawOpen: 1 }), 13, 14);
    expect(opening).toBeGreaterThan(27);
    expect(opening).toBeLessThan(31);
  });

  it('opens downwards and round: the lower lip drops, its middle third alike', () => {
    const moved = moveMm({ jawOpen: 1 });
    for (const [upper, lower] of INNER_LIP_PAIRS) {
      expect(moved(upper)[1]).toBeGreaterThan(-3);
      expect(moved(lower)[1]).toBeLessThan(-17);
    }
    expect(moved(402)[1]).toBeLessThan(0.95 * moved(14)[1]);
  });

  it('smiles out, up and back, within its own half', () => {
    const moved = moveMm({ mouthSmileLeft: 1 });
    const [out, up, forth] = moved(291);
    expect(out).toBeGreaterThan(6);
    expect(up).toBeGreaterThan(6);
    expect(up).toBeLessThan(11);
    expect(forth).toBeLessThan(-4);
    expect(Math.hypot(...moved(61))).toBeLessThan(0.01);
    // The cheek beyond the corner comes along: no crease.
    expect(moved(287)[1]).toBeGreaterThan(0.8 * up);
  });

  it('closes over an open jaw with mouthClose, which alone does little', () => {
    const gap = (named: Partial<Record<ArkitChannel, number>>): number =>
      distanceMm(landmarksOf(named), 13, 14);
    expect(gap({ jawOpen: 1, mouthClose: 1 })).toBeLessThan(1.5);
    expect(gap({ jawOpen: 0.5, mouthClose: 0.5 })).toBeLessThan(2);
    expect(gap({ mouthClose: 1 })).toBeLessThan(3);
    const chin = landmarksOf({ jawOpen: 1, mouthClose: 1 })[152 * 3 + 1] - landmarksOf({})[152 * 3 + 1];
    expect(chin).toBeLessThan(-0.012);
  });

  it('carries the lower teeth with the jaw and leaves the upper ones', () => {
    const delta = model.expressions[channelIndex('jawOpen')].delta;
    const dropOf = (name: string): number => {
      const { firstVertex, vertexCount } = model.parts.find((part) => part.name === name)!;
      let sum = 0;
      for (let v = firstVertex; v < firstVertex + vertexCount; v++) sum += delta[v * 3 + 1] / vertexCount;
      return sum;
    };
    expect(dropOf('teethLower')).toBeLessThan(-0.01);
    expect(Math.abs(dropOf('teethUpper'))).toBeLessThan(0.0005);
    expect(dropOf('tongue')).toBeLessThan(-0.008);
  });
});

describe('channels', () => {
  it('mirror each other left and right', () => {
    for (const name of ARKIT_CHANNELS) {
      const twin = name.includes('Left') ? name.replace('Left', 'Right') : name.replace('Right', 'Left');
      const [a, b] = [name, twin].map((of) => model.expressions[channelIndex(of as ArkitChannel)].delta);
      let worst = 0;
      for (let v = 0; v < model.vertexCount; v++) {
        const m = model.mirrorVertex[v];
        for (let c = 0; c < 3; c++)
          worst = Math.max(worst, Math.abs(a[v * 3 + c] - (c === 0 ? -1 : 1) * b[m * 3 + c]));
      }
      expect(worst, name).toBeLessThan(2e-5);
    }
  });

  it('all move something and correctives rest with their drivers', () => {
    for (const { name, delta } of model.expressions) {
      const most = delta.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
      expect(most, name).toBeGreaterThan(0.0008);
    }
    for (const { name, drivers } of model.correctives) {
      const alone = pose({ [drivers[0].channel]: 1 });
      const { delta } = model.expressions[channelIndex(drivers[0].channel)];
      for (let i = 0; i < alone.length; i += 101)
        expect(alone[i], name).toBeCloseTo(model.template[i] + delta[i], 5);
    }
  });
});
