import { describe, expect, it } from 'vitest';
import { canonicalCamera } from '#common/camera/canonicalCamera';
import type { PinholeCamera } from '#common/camera/pinholeCamera';
import { linearToSrgbByte, SRGB_TO_LINEAR } from '#common/image/srgb';
import { createRgbaImage } from '#common/image/rasterImage';
import { buildMipTexture } from '#common/raster/shading/mipTexture';
import { renderMesh } from '#common/raster/renderMesh';
import type { RasterMesh } from '#common/raster/renderMesh';
import { createRenderTarget } from '#common/raster/renderTarget';
import { noisePicture, sphereMesh } from '#test/helpers/sphereMesh';

/** One pixel per metre at depth 1, the picture's top left corner at x = y = 0, camera axes = world axes. */
function plainCamera(width: number): PinholeCamera {
  return {
    focal: 1 / width,
    principalX: 0,
    principalY: 0,
    rotation: Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1),
    translation: new Float64Array(3),
  };
}

/** A rectangle in pixels at a depth, facing the plain camera (y down); `u` runs over a range of the texture. */
function quad(
  [x0, y0, x1, y1]: readonly [number, number, number, number],
  depth = 1,
  u: readonly [number, number] = [0, 1],
): RasterMesh {
  const corners = [x0, y0, x0, y1, x1, y1, x1, y0];
  return {
    positions: Float32Array.from(
      [0, 1, 2, 3].flatMap((k) => [corners[k * 2] * depth, corners[k * 2 + 1] * depth, depth]),
    ),
    uvs: Float32Array.of(u[0], 0.5, u[0], 0.5, u[1], 0.5, u[1], 0.5),
    indices: Uint32Array.of(0, 1, 2, 0, 2, 3),
  };
}

function join(...meshes: RasterMesh[]): RasterMesh {
  let vertices = 0;
  const indices = meshes.flatMap((mesh) => {
    const moved = Array.from(mesh.indices, (index) => index + vertices);
    vertices += mesh.positions.length / 3;
    return moved;
  });
  return {
    positions: Float32Array.from(meshes.flatMap((mesh) => [...mesh.positions])),
    uvs: Float32Array.from(meshes.flatMap((mesh) => [...mesh.uvs])),
    indices: Uint32Array.from(indices),
  };
}

/** Left half red, right half blue. */
function twoColours() {
  const image = createRgbaImage(64, 1);
  for (let x = 0; x < 64; x++) image.data.set(x < 32 ? [255, 0, 0, 255] : [0, 0, 255, 255], x * 4);
  return buildMipTexture(image);
}
const RED = [0.1, 0.1] as const;
const BLUE = [0.9, 0.9] as const;

describe('renderMesh', () => {
  const camera = plainCamera(4);
  const pixel = (data: Uint8Array, x: number, y: number) => [
    ...data.slice((y * 4 + x) * 4, (y * 4 + x) * 4 + 4),
  ];

  it('gives a half-covered pixel its colour and half the alpha', () => {
    const target = createRenderTarget(4, 4);
    renderMesh(quad([0.5, 0, 4, 2.5], 1, RED), twoColours(), camera, target);
    const { data } = target.image;
    expect([pixel(data, 0, 0), pixel(data, 1, 1), pixel(data, 2, 2), pixel(data, 0, 3)]).toEqual([
      [255, 0, 0, 128],
      [255, 0, 0, 255],
      [255, 0, 0, 128],
      [0, 0, 0, 0],
    ]);
    expect([63, 64, 65]).toContain(pixel(data, 0, 2)[3]); // a quarter
  });

  it('mixes two surfaces in one pixel in linear light, opaque', () => {
    const target = createRenderTarget(4, 4);
    renderMesh(
      join(quad([0, 0, 1.5, 4], 1, RED), quad([1.5, 0, 4, 4], 1, BLUE)),
      twoColours(),
      camera,
      target,
    );
    const half = linearToSrgbByte(0.5);
    expect(pixel(target.image.data, 1, 2)).toEqual([half, 0, half, 255]);
  });

  it('shows the nearer surface whatever the order, per sample', () => {
    const near = quad([0, 0, 2.5, 4], 1, RED);
    const far = quad([0, 0, 4, 4], 2, BLUE);
    const row = [near, far].map((_, index, both) => {
      const target = createRenderTarget(4, 4);
      renderMesh(index ? join(both[1], both[0]) : join(both[0], both[1]), twoColours(), camera, target);
      return [0, 1, 2, 3].map((x) => pixel(target.image.data, x, 1));
    });
    const half = linearToSrgbByte(0.5);
    expect(row[0]).toEqual([[255, 0, 0, 255], [255, 0, 0, 255], [half, 0, half, 255], [0, 0, 255, 255]]); // prettier-ignore
    expect(row[1]).toEqual(row[0]);
  });

  it('interpolates the texture perspective-correct on a slanted plane', () => {
    const size = 64;
    // A ramp from depth 1 to depth 4: halfway across the screen u is far from one half.
    const ramp = createRgbaImage(256, 1);
    for (let x = 0; x < 256; x++) ramp.data.set([x, x, x, 255], x * 4);
    const mesh: RasterMesh = {
      positions: Float32Array.of(0, 0, 1, 0, 64, 1, 256, 256, 4, 256, 0, 4),
      uvs: Float32Array.of(0, 0, 0, 1, 1, 1, 1, 0),
      indices: Uint32Array.of(0, 1, 2, 0, 2, 3),
    };
    const target = createRenderTarget(size, size);
    renderMesh(mesh, buildMipTexture(ramp), plainCamera(size), target);
    for (const x of [4, 16, 32, 48, 60]) {
      // Pixel p at depth z: x_world = p z with z = 1 + 3u and x_world = 256u.
      const p = x + 0.5;
      const u = p / (256 - 3 * p);
      const [red] = target.image.data.slice((20 * size + x) * 4);
      const index = u * 256 - 0.5;
      const expected =
        SRGB_TO_LINEAR[Math.floor(index)] * (1 - (index % 1)) +
        SRGB_TO_LINEAR[Math.ceil(index)] * (index % 1);
      expect(Math.abs(red - linearToSrgbByte(expected))).toBeLessThanOrEqual(2);
    }
  });

  it('culls the inside of a part unless it is double-sided, and hides parts', () => {
    const covered = (part: object) => {
      const turned = quad([0, 0, 4, 4]);
      const indices = turned.indices.toReversed();
      const target = createRenderTarget(4, 4);
      renderMesh(
        { ...turned, indices, parts: [{ firstIndex: 0, indexCount: 6, ...part }] },
        twoColours(),
        camera,
        target,
      );
      return target.image.data[3];
    };
    expect([
      covered({}),
      covered({ isDoubleSided: true }),
      covered({ isDoubleSided: true, isHidden: true }),
    ]).toEqual([0, 255, 0]);
  });

  it('gives the same bytes for the same input, also in a target used before', () => {
    const mesh = sphereMesh(40, 20);
    const texture = buildMipTexture(noisePicture(64));
    const view = canonicalCamera({ yaw: 0.3 });
    const first = createRenderTarget(96, 96);
    renderMesh(mesh, texture, view, first);
    const used = createRenderTarget(96, 96);
    renderMesh(sphereMesh(10, 8), texture, canonicalCamera({ pitch: 1 }), used, { mode: 'shaded' });
    renderMesh(mesh, texture, view, used);
    expect(Buffer.compare(first.image.data, used.image.data)).toBe(0);
  });

  it('has no pin-holes inside a closed surface', () => {
    const target = createRenderTarget(128, 128);
    renderMesh(
      sphereMesh(60, 30),
      buildMipTexture(noisePicture(64)),
      canonicalCamera({ yaw: 0.4, roll: 0.3 }),
      target,
    );
    const { data } = target.image;
    const alpha = (x: number, y: number) => data[(y * 128 + x) * 4 + 3];
    for (let y = 0; y < 128; y++) {
      const row = Array.from({ length: 128 }, (_, x) => alpha(x, y));
      const first = row.indexOf(255);
      const last = row.lastIndexOf(255);
      if (first >= 0) expect(new Set(row.slice(first, last + 1))).toEqual(new Set([255]));
    }
  });

  it('fills auxiliary buffers: depth, outward world normals, part', () => {
    const target = createRenderTarget(33, 33, { hasAuxiliary: true });
    const mesh = sphereMesh(48, 24, [0.1, 0.1, 0.1]);
    renderMesh(
      { ...mesh, parts: [{ firstIndex: 0, indexCount: mesh.indices.length }] },
      undefined,
      canonicalCamera(),
      target,
      { mode: 'normals' },
    );
    const { depths, normals, parts } = target.auxiliary!;
    const middle = 16 * 33 + 16;
    expect(depths[middle]).toBeCloseTo(1.39 - 0.1, 2);
    expect(normals[middle * 3 + 2]).toBeGreaterThan(0.95);
    expect([parts[middle], parts[0], depths[0]]).toEqual([0, 255, Infinity]);
    // The normal map's middle looks at the viewer: about half, half, full (the ball has bumps).
    const [red, green, blue] = target.image.data.slice(middle * 4);
    expect([Math.abs(red - 128) < 40, Math.abs(green - 128) < 40, blue > 245]).toEqual([true, true, true]);
  });

  it('renders a mesh the camera stands in without folding or missing texture', () => {
    const room = sphereMesh(24, 12, [2, 2, 2]);
    const texture = buildMipTexture(noisePicture(64));
    const target = createRenderTarget(64, 64);
    const parts = [{ firstIndex: 0, indexCount: room.indices.length, isDoubleSided: true }];
    renderMesh({ ...room, parts }, texture, canonicalCamera({ zoom: 0.05 }), target);
    const { data } = target.image;
    expect(data.every((value, index) => index % 4 !== 3 || value === 255)).toBe(true);
    expect(data.every((value, index) => index % 4 !== 0 || value >= 25)).toBe(true);
  });

  it('draws every geometry view', () => {
    const mesh = sphereMesh(24, 12);
    const spread = (['uv', 'normals', 'depth', 'shaded', 'wireframe'] as const).map((mode) => {
      const target = createRenderTarget(64, 64);
      renderMesh(mesh, undefined, canonicalCamera(), target, { mode });
      const greens = target.image.data.filter(
        (_, index) => index % 4 === 1 && target.image.data[index + 2] === 255,
      );
      return Math.max(...greens) - Math.min(...greens);
    });
    expect(spread.every((range) => range > 60)).toBe(true);
  });
});
