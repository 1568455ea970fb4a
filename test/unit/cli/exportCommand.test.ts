import { describe, expect, it } from 'vitest';
import { exportParams } from '#cli/exportCommand';
import { PARAMS_SCHEMAS } from '#common/contract/hostApi';

describe('options of export', () => {
  it('become the call, with angles in radians', () => {
    const params = exportParams('a.avatar', {
      glb: 'g.glb',
      motion: 'talk',
      set: 'jawOpen=0.6,head.yaw=90',
      camera: '-90,45,0,2',
      duration: 3,
    });
    expect(params).toEqual({
      avatar: 'a.avatar',
      glb: 'g.glb',
      motion: { preset: 'talk' },
      set: [
        { target: 'jawOpen', value: 0.6 },
        { target: 'head.yaw', value: Math.PI / 2 },
      ],
      camera: { yaw: -Math.PI / 2, pitch: Math.PI / 4, roll: 0, zoom: 2 },
      durationSeconds: 3,
    });
    expect(PARAMS_SCHEMAS['avatars.export'].safeParse(params).success).toBe(true);
  });

  it.each([
    ['talk', { preset: 'talk' }],
    ['look-around', { preset: 'look-around' }],
    ['talk.json', { file: 'talk.json' }],
    ['./talk', { file: './talk' }],
  ])('take the motion %s for %j', (motion, wanted) => {
    expect(exportParams('a', { motion }).motion).toEqual(wanted);
  });

  it.each([
    { camera: 'left' },
    { camera: '1,2,3,4,5' },
    { camera: '1,,2' },
    { set: 'jaw' },
    { set: 'jawOpen=2' },
  ])('are refused when they read %j', (options) => {
    expect(() => exportParams('a', options)).toThrow(expect.objectContaining({ code: 'input.badOption' }));
  });
});
