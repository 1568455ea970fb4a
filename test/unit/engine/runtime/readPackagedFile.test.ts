import { readPackagedFile } from '#engine/runtime/readPackagedFile';
import { describe, expect, it } from 'vitest';

describe('readPackagedFile', () => {
  it('reads a file of an installed package', async () => {
    const bytes = await readPackagedFile('@mediapipe/selfie_segmentation', 'package.json');
    expect(JSON.parse(Buffer.from(bytes).toString())).toMatchObject({
      name: '@mediapipe/selfie_segmentation',
    });
  });

  it('names the package and the file that are missing, and what to do', async () => {
    await expect(readPackagedFile('@mediapipe/not-there', 'a.tflite')).rejects.toMatchObject({
      code: 'model.missing',
      message: expect.stringMatching(/a\.tflite.*@mediapipe\/not-there.*npm install/) as string,
    });
    await expect(readPackagedFile('@mediapipe/face_mesh', 'none.data')).rejects.toMatchObject({
      code: 'model.missing',
    });
  });
});
