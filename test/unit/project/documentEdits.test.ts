import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  releasePoseValues,
  renameDocument,
  resetCamera,
  resetPose,
  setBackground,
  setCamera,
  setMotion,
  setPoseValue,
  setPoseValues,
} from '#common/project/documentEdits';
import { newDocument, parseDocument, RESTING_CAMERA } from '#common/project/studioDocument';
import { anyDocument, anyEdit } from '#test/helpers/anyDocument';

const START = newDocument('Ada');

describe('document edits', () => {
  it('always give a valid document that JSON can hold, and leave the old one alone', () => {
    fc.assert(
      fc.property(anyDocument, anyEdit, (document, edit) => {
        const before = structuredClone(document);
        const after = edit(document);
        expect(JSON.parse(JSON.stringify(parseDocument(after)))).toEqual(after);
        expect(document).toEqual(before);
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it('give the very same document where nothing changes', () => {
    const document = setMotion(setPoseValue(START, 'jawOpen', 0.5), { preset: 'talk', loop: true });
    const same = [
      setPoseValue(document, 'jawOpen', 0.5),
      setPoseValue(document, 'jawOpen', NaN),
      releasePoseValues(document, ['browInnerUp']),
      setCamera(document, { yaw: 0, zoom: Infinity }),
      resetCamera(document),
      setBackground(document, 'photo'),
      setBackground(document, '#12345'),
      setMotion(document, { preset: 'talk', loop: true }),
      renameDocument(document, '  '),
      renameDocument(document, ' Ada '),
    ];
    for (const one of same) expect(one).toBe(document);
    expect(resetPose(START)).toBe(START);
    expect(setMotion(START, undefined)).toBe(START);
  });

  it('clamp to what the target can do', () => {
    const values = { jawOpen: 3, 'head.yaw': -120, 'gaze.pitch': Infinity, cheekPuff: -1 };
    expect(setPoseValues(START, values).pose).toEqual({
      jawOpen: 1,
      'head.yaw': -90,
      'gaze.pitch': 60,
      cheekPuff: 0,
    });
    expect(() => setPoseValue(START, 'camera.yaw', 1)).toThrow(/camera.yaw/);
    expect(() => setPoseValue(START, 'jawOpenn', 1)).toThrow(/jawOpenn/);
  });

  it('let the camera go round, but not over the top', () => {
    const { camera } = setCamera(START, { yaw: 190, pitch: 100, roll: -725, zoom: 0.01 });
    expect(camera).toEqual({ yaw: -170, pitch: 89, roll: -5, zoom: 0.2 });
    expect(resetCamera({ ...START, camera }).camera).toEqual(RESTING_CAMERA);
  });

  it('take motion and held values away again', () => {
    const document = setMotion(setPoseValues(START, { jawOpen: 1, jawLeft: 1 }), {
      preset: 'nod',
      loop: false,
    });
    expect(releasePoseValues(document, ['jawOpen']).pose).toEqual({ jawLeft: 1 });
    expect(resetPose(document).pose).toEqual({});
    expect('motion' in setMotion(document, undefined)).toBe(false);
    expect(setBackground(document, '#ABCDEF').background).toBe('#abcdef');
  });
});
