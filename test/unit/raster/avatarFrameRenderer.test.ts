import { describe, expect, it } from 'vitest';
import { canonicalCamera } from '#common/camera/canonicalCamera';
import { channelIndex } from '#common/head/arkitChannels';
import type { RgbaImage } from '#common/image/rasterImage';
import { AvatarFrameRenderer, renderAvatarFrame } from '#common/raster/avatarFrameRenderer';
import { neutralPose } from '#common/rig/rigPose';
import { tinyAvatar } from '#test/helpers/tinyAvatar';

const avatar = tinyAvatar();
const size = { width: 96, height: 96 };
const rest = { pose: neutralPose(), camera: canonicalCamera() };
const pixel = (image: RgbaImage, x: number, y: number) => [
  ...image.data.slice((y * image.width + x) * 4).slice(0, 4),
];

describe('renderAvatarFrame', () => {
  it('shows the face from the front: skin, eyes over it, shoulders below, nothing around', () => {
    const image = renderAvatarFrame(avatar, rest, size);
    // The crop is 0.326 m wide at the head's centre; the eye stands at x = 0.03, y = 0.03.
    expect(pixel(image, 48, 52)).toEqual([220, 170, 140, 255]);
    expect(pixel(image, 57, 39)).toEqual([240, 240, 240, 255]);
    expect(pixel(image, 8, 92)).toEqual([60, 120, 80, 255]);
    expect(pixel(image, 8, 8)).toEqual([0, 0, 0, 0]);
  });

  it('keeps the photo still behind a moving head and camera', () => {
    const settings = { ...size, background: { kind: 'photo' } } as const;
    const first = renderAvatarFrame(avatar, rest, settings);
    const pose = { ...neutralPose(), head: { yaw: 0.5, pitch: 0, roll: 0 } };
    const turned = renderAvatarFrame(avatar, { pose, camera: canonicalCamera({ yaw: -0.4 }) }, settings);
    expect(turned.data.subarray(0, 10 * 96 * 4)).toEqual(first.data.subarray(0, 10 * 96 * 4));
    expect(Buffer.compare(turned.data, first.data)).not.toBe(0);
    expect(first.data.every((value, index) => index % 4 !== 3 || value === 255)).toBe(true);
    expect(pixel(first, 2, 2)).toEqual([40, 60, 90, 255]);
  });

  it('leaves the shoulders where they are when the head turns', () => {
    const pose = { ...neutralPose(), head: { yaw: 0.6, pitch: 0, roll: 0 } };
    const turned = renderAvatarFrame(avatar, { ...rest, pose }, size);
    const still = renderAvatarFrame(avatar, rest, size);
    expect(turned.data.subarray(86 * 96 * 4)).toEqual(still.data.subarray(86 * 96 * 4));
    expect(pixel(turned, 48, 48)).not.toEqual([0, 0, 0, 0]);
    expect(Buffer.compare(turned.data, still.data)).not.toBe(0);
  });

  it('follows the channels and does not remember earlier frames', () => {
    const renderer = new AvatarFrameRenderer(avatar, size);
    const first = renderer.render(rest).data.slice();
    const pose = neutralPose();
    pose.weights[channelIndex('eyeLookOutLeft')] = 1;
    const looking = renderer.render({ ...rest, pose }).data.slice();
    const again = renderer.render(rest).data.slice();
    expect(Buffer.compare(first, looking)).not.toBe(0);
    expect(Buffer.compare(first, again)).toBe(0);
  });
});
