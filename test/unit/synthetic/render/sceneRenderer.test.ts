import { describe, expect, it } from 'vitest';
import { canonicalCamera } from '#common/camera/canonicalCamera';
import { CANONICAL_DISTANCE, CANONICAL_FOCAL } from '#common/camera/pinholeCamera';
import { renderScene, SceneRenderer } from '#common/synthetic/render/SceneRenderer';
import type { SceneFrame } from '#common/synthetic/render/sceneFrame';
import { displayByte } from '#common/synthetic/render/resolve/toneCurve';
import { SCENE_PARTS } from '#common/synthetic/scene';
import { aScene, aSceneMesh, ball, flatMaterial, PLAIN_LIGHT, probeMaterial, quad, strandCards } from '#test/helpers/aScene'; // prettier-ignore

const SIZE = 96;
const MIDDLE = (SIZE / 2) * SIZE + SIZE / 2;

function partAt(frame: SceneFrame, pixel: number): string {
  return SCENE_PARTS[frame.parts[pixel]];
}

/** Pixel of a world point on the plane z = 0 seen by the canonical camera. */
function pixelOf(x: number, y: number): number {
  const scale = (CANONICAL_FOCAL * SIZE) / CANONICAL_DISTANCE;
  return Math.floor(SIZE / 2 - y * scale) * SIZE + Math.floor(SIZE / 2 + x * scale);
}

describe('depth and normals', () => {
  it('are those of a sphere', () => {
    const radius = 0.1;
    const frame = renderScene(aScene([aSceneMesh(ball(radius, 128, 64))]), SIZE);
    let seen = 0;
    for (let pixel = 0; pixel < SIZE * SIZE; pixel++) {
      if (frame.parts[pixel] === 0) continue;
      // Ray through the pixel's centre from (0, 0, distance) towards -z, per unit of depth.
      const dx = ((pixel % SIZE) + 0.5 - SIZE / 2) / (CANONICAL_FOCAL * SIZE);
      const dy = -(Math.floor(pixel / SIZE) + 0.5 - SIZE / 2) / (CANONICAL_FOCAL * SIZE);
      const a = dx * dx + dy * dy + 1;
      const root = CANONICAL_DISTANCE ** 2 - a * (CANONICAL_DISTANCE ** 2 - radius ** 2);
      if (root < 0.001) continue; // the rim, where a pixel sees a range of depths
      const depth = (CANONICAL_DISTANCE - Math.sqrt(root)) / a;
      expect(frame.depth[pixel]).toBeCloseTo(depth, 2.8);
      const normal = [dx * depth, dy * depth, CANONICAL_DISTANCE - depth].map((value) => value / radius);
      for (let axis = 0; axis < 3; axis++)
        expect(Math.abs(frame.normals[pixel * 3 + axis] - normal[axis])).toBeLessThan(0.06);
      seen++;
    }
    expect(seen).toBeGreaterThan(1500);
  });

  it('say nothing where less than half of a pixel is covered', () => {
    const frame = renderScene(aScene([aSceneMesh(ball(0.1))]), SIZE);
    for (let pixel = 0; pixel < SIZE * SIZE; pixel++) {
      expect(frame.parts[pixel] !== 0).toBe(frame.alpha[pixel] >= 127);
      expect(Number.isFinite(frame.depth[pixel])).toBe(frame.parts[pixel] !== 0);
    }
  });
});

describe('the part mask', () => {
  it('changes exactly where one surface comes before another', () => {
    const back = aSceneMesh(quad(-0.1, -0.1, 0.1, 0.1, 0), { part: 'cloth' });
    const front = aSceneMesh(quad(-0.1, -0.1, 0, 0.1, 0.0001), { part: 'hat' });
    const frame = renderScene(aScene([back, front]), SIZE);
    for (let y = -0.09; y < 0.09; y += 0.01) {
      expect(partAt(frame, pixelOf(-0.004, y))).toBe('hat');
      expect(partAt(frame, pixelOf(0.004, y))).toBe('cloth');
    }
    expect(partAt(frame, 0)).toBe('background');
  });
});

describe('blended layers', () => {
  const red = (z: number, coverage: number) =>
    aSceneMesh(quad(-0.1, -0.1, 0.1, 0.1, z), {
      part: 'hair',
      layer: 'blended',
      material: flatMaterial([1, 0, 0], coverage),
    });
  const blue = (z: number, coverage: number) => ({
    ...red(z, coverage),
    part: 'beard' as const,
    material: flatMaterial([0, 0, 1], coverage),
  });
  const wall = aSceneMesh(quad(-0.1, -0.1, 0.1, 0.1, 0), { material: flatMaterial([0, 0.4, 0]) });

  it.each([
    ['near first', true],
    ['far first', false],
  ])('lie over one another by depth, listed %s', (_, isNearFirst) => {
    const layers = isNearFirst ? [red(0.02, 0.5), blue(0.01, 0.5)] : [blue(0.01, 0.5), red(0.02, 0.5)];
    const { color, parts, depth } = renderScene(aScene([...layers, wall]), SIZE);
    expect([...color.slice(MIDDLE * 3, MIDDLE * 3 + 3)]).toEqual([0.5, 0.1, 0.25].map(displayByte));
    expect(SCENE_PARTS[parts[MIDDLE]]).toBe('hair');
    expect(depth[MIDDLE]).toBeCloseTo(CANONICAL_DISTANCE - 0.02, 4);
  });

  it('are hidden by what is solid before them', () => {
    const { color, parts } = renderScene(aScene([red(-0.01, 0.9), wall]), SIZE);
    expect([...color.slice(MIDDLE * 3, MIDDLE * 3 + 3)]).toEqual([0, 0.4, 0].map(displayByte));
    expect(SCENE_PARTS[parts[MIDDLE]]).toBe('skin');
  });

  it('leave the label to the solid surface while they cover less than half', () => {
    const { parts } = renderScene(aScene([red(0.01, 0.3), wall]), SIZE);
    expect(SCENE_PARTS[parts[MIDDLE]]).toBe('skin');
  });

  it('join without a seam along shared edges', () => {
    const { alpha } = renderScene(aScene([red(0.01, 0.6)]), SIZE);
    const inside = [-0.08, -0.03, 0, 0.03, 0.08].map((at) => alpha[pixelOf(at, at)]);
    expect(inside).toEqual(Array(5).fill(153));
  });
});

describe('light', () => {
  it('leaves the shadow of a plate on the wall behind it and nowhere else', () => {
    const wall = aSceneMesh(quad(-0.15, -0.15, 0.15, 0.15, -0.05), {
      material: probeMaterial('keyVisibility', 0.4),
    });
    const plate = aSceneMesh(quad(-0.02, -0.02, 0.02, 0.02, 0.05), {
      part: 'prop',
      material: flatMaterial([0, 0, 0]),
    });
    // The light comes from the subject's left: the shadow falls 0.1 to the other side.
    const key = { ...PLAIN_LIGHT.key, direction: [Math.SQRT1_2, 0, Math.SQRT1_2] as const, softness: 0 };
    const scene = aScene([wall, plate], { light: { ...PLAIN_LIGHT, key } });
    const { color } = renderScene(scene, SIZE);
    const scale = CANONICAL_DISTANCE / (CANONICAL_DISTANCE + 0.05);
    const greyAt = (x: number, y: number): number => color[pixelOf(x * scale, y * scale) * 3];
    expect(greyAt(-0.1, 0)).toBe(0);
    expect(greyAt(-0.1, 0.05)).toBe(displayByte(0.4));
    expect(greyAt(0.08, 0)).toBe(displayByte(0.4));
    expect(greyAt(-0.145, -0.1)).toBe(displayByte(0.4));
  });

  it('reaches less of the bottom of a cup than of its outside', () => {
    const cup = ball(0.1, 64, 32);
    // The front half pushed in: a bowl that opens to the camera.
    for (let k = 0; k < cup.positions.length; k += 3)
      if (cup.positions[k + 2] > 0) cup.positions[k + 2] = -cup.positions[k + 2] * 0.8;
    const material = probeMaterial('occlusion', 0.45);
    const inside = renderScene(aScene([aSceneMesh(cup, { material })]), SIZE).color[MIDDLE * 3];
    const outside = renderScene(
      aScene([aSceneMesh(cup, { material })], { camera: canonicalCamera({ yaw: Math.PI }) }),
      SIZE,
    ).color[MIDDLE * 3];
    expect(outside).toBeGreaterThan(displayByte(0.43));
    expect(inside).toBeLessThan(displayByte(0.3));
    expect(inside).toBeGreaterThan(displayByte(0.05));
  });

  it('knows how strongly a sphere bends', () => {
    const material = probeMaterial('curvature', 0.02);
    const { color } = renderScene(aScene([aSceneMesh(ball(0.08), { material })]), SIZE);
    expect(Math.abs(color[MIDDLE * 3] - displayByte(0.02 / 0.08))).toBeLessThan(4);
  });
});

describe('SceneRenderer', () => {
  const scene = () => {
    const hair = aSceneMesh(strandCards(120, 4, 0.1), {
      part: 'hair',
      layer: 'blended',
      isDoubleSided: true,
      material: probeMaterial('keyVisibility', 0.3),
    });
    return aScene([aSceneMesh(ball(0.09), { material: probeMaterial('occlusion', 0.4) }), hair], {
      orbit: { yaw: 0.4 },
    });
  };
  const copyOf = (frame: SceneFrame) => structuredClone(frame);

  it('gives the same bytes again, also after other scenes and from a fresh renderer', () => {
    const renderer = new SceneRenderer(SIZE);
    const once = copyOf(renderer.render(scene()));
    renderer.render(aScene([aSceneMesh(quad(-0.2, -0.2, 0.2, 0.2, 0.1))]));
    expect(renderer.render(scene())).toEqual(once);
    expect(renderScene(scene(), SIZE)).toEqual(once);
  });

  it('gives each view of one pose what a renderer of its own would give', () => {
    const renderer = new SceneRenderer(SIZE);
    const { meshes } = scene();
    for (const yaw of [-0.6, 0.5]) {
      const view = { ...scene(), meshes, camera: canonicalCamera({ yaw }) };
      expect(copyOf(renderer.render(view))).toEqual(renderScene(view, SIZE));
    }
  });

  it('notices that only the light has moved', () => {
    const renderer = new SceneRenderer(SIZE);
    const { meshes, ...rest } = scene();
    const before = copyOf(renderer.render({ ...rest, meshes }));
    const key = { ...PLAIN_LIGHT.key, direction: [0, 1, 0] as const };
    const moved = { ...rest, meshes, light: { ...PLAIN_LIGHT, key } };
    expect(renderer.render(moved)).not.toEqual(before);
    expect(renderer.render(moved)).toEqual(renderScene(moved, SIZE));
  });

  it('lends the same frame each time', () => {
    const renderer = new SceneRenderer(SIZE);
    expect(renderer.render(scene()).color).toBe(renderer.render(scene()).color);
  });

  it('lays the picture over the background by coverage', () => {
    const half = aSceneMesh(quad(-0.1, -0.1, 0.1, 0.1, 0), {
      layer: 'blended',
      material: flatMaterial([0, 0, 0], 0.5),
    });
    const background = { paint: (_: number, out: Float32Array) => void out.fill(0.4) };
    const { color, alpha } = renderScene(aScene([half], { background }), SIZE);
    expect(color[MIDDLE * 3]).toBe(displayByte(0.2));
    expect(alpha[MIDDLE]).toBe(128);
    expect(color[0]).toBe(displayByte(0.4));
  });
});
