import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eulerFromRotation, rotationFromEuler, splitHeadRotation } from '#common/rig/eulerRotation';
import {
  blendTransforms,
  jointTransforms,
  posePoint,
  TRANSFORM_SIZE,
  unposePoint,
} from '#common/rig/jointTransforms';
import { multiplyMat3 } from '#common/math/mat3';
import { HEAD_JOINTS } from '#test/helpers/aRig';

const STILL = { yaw: 0, pitch: 0, roll: 0 };
const HEAD = 2 * TRANSFORM_SIZE;
const angle = (limit: number) => fc.double({ min: -limit, max: limit, noNaN: true });
const euler = (limit: number) => fc.record({ yaw: angle(limit), pitch: angle(limit), roll: angle(limit) });
const point = fc.tuple(angle(0.3), angle(0.3), angle(0.3));

describe('Euler rotations', () => {
  const turn = (rotation: Partial<typeof STILL>, v: readonly number[]): number[] => {
    const r = rotationFromEuler({ ...STILL, ...rotation });
    return [0, 3, 6].map((k) => r[k] * v[0] + r[k + 1] * v[1] + r[k + 2] * v[2]);
  };

  it('turn the face to the subject left for positive yaw', () => {
    expect(turn({ yaw: 0.3 }, [0, 0, 1])[0]).toBeCloseTo(Math.sin(0.3), 12);
  });

  it('look down for positive pitch', () => {
    expect(turn({ pitch: 0.3 }, [0, 0, 1])[1]).toBeCloseTo(-Math.sin(0.3), 12);
  });

  it('roll counter-clockwise as seen from the front, where x points to the right', () => {
    expect(turn({ roll: 0.3 }, [1, 0, 0])[1]).toBeCloseTo(Math.sin(0.3), 12);
  });

  it('come back from their matrix', () => {
    fc.assert(
      fc.property(euler(1.5), (given) => {
        const back = eulerFromRotation(rotationFromEuler(given));
        for (const key of ['yaw', 'pitch', 'roll'] as const) expect(back[key]).toBeCloseTo(given[key], 9);
      }),
    );
  });

  it('keep the rotation at the pole, where the angles are not unique', () => {
    const rotation = rotationFromEuler({ yaw: 0.4, pitch: Math.PI / 2, roll: 0.3 });
    const again = rotationFromEuler(eulerFromRotation(rotation));
    again.forEach((value, k) => expect(value).toBeCloseTo(rotation[k], 6));
  });

  it('are shared between neck and head without changing the whole', () => {
    fc.assert(
      fc.property(euler(1), (given) => {
        const total = rotationFromEuler(given);
        const { neck, head } = splitHeadRotation(total, 0.4);
        expect(neck.yaw).toBeCloseTo(given.yaw * 0.4, 9);
        const product = multiplyMat3(rotationFromEuler(neck), rotationFromEuler(head));
        product.forEach((value, k) => expect(value).toBeCloseTo(total[k], 9));
      }),
    );
  });
});

describe('joint transforms', () => {
  it('leave every joint at rest in the neutral pose', () => {
    const transforms = jointTransforms(HEAD_JOINTS, { head: STILL, neck: STILL });
    for (let joint = 0; joint < HEAD_JOINTS.length; joint++) {
      expect([...transforms.subarray(joint * TRANSFORM_SIZE, (joint + 1) * TRANSFORM_SIZE)]).toEqual([
        1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0,
      ]);
    }
  });

  it('turn the head about its own joint on top of the neck and keep the shoulders still', () => {
    const pose = { neck: { yaw: 0, pitch: 0.2, roll: 0.1 }, head: { yaw: 0.4, pitch: -0.1, roll: 0 } };
    const transforms = jointTransforms(HEAD_JOINTS, pose);
    const neckJoint = HEAD_JOINTS[1].position;
    const headJoint = HEAD_JOINTS[2].position;
    expect([...posePoint(transforms, 0, [0.1, 0.2, 0.3])]).toEqual([0.1, 0.2, 0.3]);
    expect([...posePoint(transforms, TRANSFORM_SIZE, neckJoint)].map((v, k) => v - neckJoint[k])).toEqual(
      [0, 1, 2].map(() => expect.closeTo(0, 12) as number),
    );
    // The head joint itself rides on the neck.
    const carried = posePoint(transforms, TRANSFORM_SIZE, headJoint);
    posePoint(transforms, HEAD, headJoint).forEach((v, k) => expect(v).toBeCloseTo(carried[k], 12));
    // A direction of the face turns by neck * head.
    const total = multiplyMat3(rotationFromEuler(pose.neck), rotationFromEuler(pose.head));
    const tip = posePoint(transforms, HEAD, [0, 0, 1]);
    const foot = posePoint(transforms, HEAD, [0, 0, 0]);
    expect(tip[0] - foot[0]).toBeCloseTo(total[2], 12);
    expect(tip[1] - foot[1]).toBeCloseTo(total[5], 12);
  });

  it('carry jaw and eyes with the head', () => {
    const transforms = jointTransforms(HEAD_JOINTS, {
      neck: STILL,
      head: { yaw: 0.3, pitch: 0.2, roll: 0.1 },
    });
    for (const joint of [3, 4, 5]) {
      expect([...transforms.subarray(joint * 12, joint * 12 + 12)]).toEqual([...transforms.subarray(24, 36)]);
    }
  });

  it('are undone by unposePoint, also where root, neck and head are blended', () => {
    fc.assert(
      fc.property(
        euler(0.7),
        euler(0.7),
        point,
        fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 }),
        (neck, head, rest, raw) => {
          const transforms = jointTransforms(HEAD_JOINTS, { neck, head });
          const sum = raw[0] + raw[1] + raw[2];
          const weights = [raw[0] / sum, raw[1] / sum, raw[2] / sum, 0];
          const blended = blendTransforms(transforms, [0, 1, 2, 0], weights, 0);
          const back = unposePoint(blended, 0, posePoint(blended, 0, rest));
          back.forEach((value, k) => expect(value).toBeCloseTo(rest[k], 8));
          const rigid = unposePoint(transforms, HEAD, posePoint(transforms, HEAD, rest));
          rigid.forEach((value, k) => expect(value).toBeCloseTo(rest[k], 10));
        },
      ),
    );
  });
});
