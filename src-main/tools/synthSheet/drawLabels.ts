import type { SceneFrame } from '#common/synthetic/render/sceneFrame';

/** A colour for each of SCENE_PARTS. */
const PART_COLORS = [
  [0, 0, 0], [224, 172, 136], [96, 56, 24], [40, 20, 60], [120, 200, 255], [120, 20, 30], [255, 255, 240], [230, 80, 110],
  [140, 90, 30], [90, 120, 40], [60, 60, 220], [240, 190, 20], [40, 150, 120], [200, 60, 220],
] as const; // prettier-ignore

/** Three RGB pictures of a frame's labels: depth (near is bright), parts and normals. */
export function drawLabels(frame: SceneFrame): Uint8Array[] {
  const pixels = frame.size * frame.size;
  const depth = new Uint8Array(pixels * 3);
  const parts = new Uint8Array(pixels * 3);
  const normals = new Uint8Array(pixels * 3);
  for (let pixel = 0; pixel < pixels; pixel++) {
    const near = 255 - ((frame.depth[pixel] - 1.2) / 0.35) * 255;
    depth.fill(Math.min(255, Math.max(0, near)), pixel * 3, pixel * 3 + 3);
    parts.set(PART_COLORS[frame.parts[pixel]], pixel * 3);
    for (let axis = 0; axis < 3; axis++)
      normals[pixel * 3 + axis] =
        frame.parts[pixel] === 0 ? 0 : 127.5 + 127.5 * frame.normals[pixel * 3 + axis];
  }
  return [depth, parts, normals];
}
