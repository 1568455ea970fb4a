import { createYuvFrame } from '#host/export/video/yuvFrame';
import { openEncoder } from '#host/export/video/videoSession';
import type { VideoSettings } from '#host/export/video/videoSettings';

const FRAMES = 4;

/** Encodes a few grey pictures and counts the packets, to know that an encoder works here. Writes no file. */
export async function tryEncoder(
  settings: VideoSettings,
): Promise<{ readonly packets: number; readonly milliseconds: number }> {
  const start = performance.now();
  const encoder = await openEncoder(settings);
  try {
    const picture = createYuvFrame(settings.width, settings.height);
    picture.data.fill(128);
    let packets = 0;
    for (let frame = 0; frame < FRAMES; frame++) {
      packets += (await encoder.encode(picture, settings.alpha ? picture : undefined)).length;
    }
    packets += (await encoder.finish()).length;
    return { packets, milliseconds: performance.now() - start };
  } finally {
    await encoder.dispose();
  }
}
