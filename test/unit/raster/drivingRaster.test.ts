import { describe, expect, it } from 'vitest';
import { EG3D_UNITS_PER_METRE } from '#common/camera/cameraLabel';
import type { DrivingMesh } from '#common/raster/drivingRaster';
import { drivingRaster, enclosedHoles, headDrivingMesh, turnedMesh } from '#common/raster/drivingRaster';
import { aHeadModel } from '#test/helpers/aHeadModel';

const WINDOW = { planeSize: 16, faceRows: [2, 10], faceColumns: [4, 12] } as const;
const SIZE = 16;

/** A square that faces +z, in cells of the plane from its corner, with uv from (0, 0) at the top left. */
function square(
  first: readonly [number, number],
  end: readonly [number, number],
  z = 0,
  mask = 1,
): DrivingMesh {
  const metres = (cell: number): number => (cell / WINDOW.planeSize - 0.5) / EG3D_UNITS_PER_METRE;
  const [left, right, low, high] = [first[0], end[0], first[1], end[1]].map(metres);
  return {
    positions: Float32Array.of(left, high, z, right, high, z, left, low, z, right, low, z),
    indices: Uint32Array.of(0, 2, 1, 1, 2, 3),
    uvs: Float32Array.of(0, 0, 1, 0, 0, 1, 1, 1),
    mask: new Float32Array(4).fill(mask),
  };
}

function joined(...meshes: readonly DrivingMesh[]): DrivingMesh {
  const floats = (part: (mesh: DrivingMesh) => Float32Array): Float32Array =>
    Float32Array.from(meshes.flatMap((mesh) => [...part(mesh)]));
  let first = 0;
  const indices = meshes.flatMap((mesh) => {
    const moved = [...mesh.indices].map((index) => index + first);
    first += mesh.mask.length;
    return moved;
  });
  return {
    positions: floats((mesh) => mesh.positions),
    uvs: floats((mesh) => mesh.uvs),
    mask: floats((mesh) => mesh.mask),
    indices: Uint32Array.from(indices),
  };
}

const alphaAt = (raster: Float32Array, row: number, column: number): number =>
  raster[(row * SIZE + column) * 3 + 2];

describe('drivingRaster', () => {
  it('covers the window of the plane, rows running upwards', () => {
    const raster = drivingRaster(square([4, 2], [12, 10]), WINDOW, SIZE);
    for (let cell = 0; cell < SIZE * SIZE; cell++) {
      const [row, column] = [Math.floor(cell / SIZE), cell % SIZE];
      expect(raster[3 * cell]).toBeCloseTo((2 * column + 1) / SIZE - 1, 4);
      expect(raster[3 * cell + 1]).toBeCloseTo(1 - (2 * row + 1) / SIZE, 4);
      expect(raster[3 * cell + 2]).toBe(1);
    }
  });

  it('puts a cell of the plane where the window has it', () => {
    // Columns 6 and 7, row 3 of the plane: cells 4 to 7 of a raster twice as fine, rows 2 and 3.
    const raster = drivingRaster(square([6, 3], [8, 4]), WINDOW, SIZE);
    const covered = Array.from({ length: SIZE * SIZE }, (_, cell) => cell).filter(
      (cell) => raster[3 * cell + 2] > 0,
    );
    expect(covered).toEqual([2, 3].flatMap((row) => [4, 5, 6, 7].map((column) => row * SIZE + column)));
  });

  it('sees what is in front, and nothing of what the mask leaves out or shows its back', () => {
    const face = square([4, 2], [12, 10], 0);
    const hidden = drivingRaster(joined(face, square([6, 4], [8, 6], -0.1, 0)), WINDOW, SIZE);
    expect(alphaAt(hidden, 6, 6)).toBe(1);
    const cavity = drivingRaster(joined(face, square([6, 4], [8, 6], 0.1, 0)), WINDOW, SIZE);
    expect(alphaAt(cavity, 6, 6)).toBe(0);
    expect(alphaAt(cavity, 3, 3)).toBe(1);
    const turned = { ...face, indices: face.indices.slice().reverse() };
    expect(drivingRaster(turned, WINDOW, SIZE).every((value) => value === 0)).toBe(true);
  });
});

describe('enclosedHoles', () => {
  it('finds what is surrounded, not what opens to the border', () => {
    const face = square([5, 2], [12, 10]);
    const hole = square([7, 4], [9, 6], 0.1, 0);
    const raster = drivingRaster(joined(face, hole, square([7, 8], [9, 10], 0.1, 0)), WINDOW, SIZE);
    const holes = enclosedHoles(raster, SIZE);
    const found = Array.from({ length: SIZE * SIZE }, (_, cell) => cell).filter((cell) => holes[cell] > 0);
    expect(found).toEqual([4, 5, 6, 7].flatMap((row) => [6, 7, 8, 9].map((column) => row * SIZE + column)));
  });
});

describe('headDrivingMesh', () => {
  it('textures eyeballs and face', () => {
    const model = aHeadModel();
    const { mask } = headDrivingMesh(model);
    for (const { name, firstVertex, vertexCount } of model.parts) {
      const own = mask.subarray(firstVertex, firstVertex + vertexCount);
      if (name === 'skin')
        expect(own).toEqual(model.regions.face.subarray(firstVertex, firstVertex + vertexCount));
      else expect(own.every((value) => value === (name.startsWith('eye') ? 1 : 0))).toBe(true);
    }
  });
});

describe('turnedMesh', () => {
  const WHOLE = { planeSize: SIZE, faceRows: [0, SIZE], faceColumns: [0, SIZE] } as const;
  const metres = (cell: number): number => (cell / SIZE - 0.5) / EG3D_UNITS_PER_METRE;

  /** A square in the plane (z, y) at x = 0, columns 2 to 6 and rows 9 to 13, that faces +x; or -x turned. */
  function sideSquare(facesRight: boolean): DrivingMesh {
    const [low, high, back, front] = [9, 13, 2, 6].map(metres);
    const flat = square([2, 9], [6, 13]);
    return {
      ...flat,
      positions: Float32Array.of(0, high, front, 0, high, back, 0, low, front, 0, low, back),
      indices: facesRight ? flat.indices.slice().reverse() : flat.indices,
    };
  }

  it.each([
    ['left', false],
    ['right', true],
  ] as const)('sees the side plane from the %s', (view, facesRight) => {
    const mesh = sideSquare(facesRight);
    const seen = drivingRaster(turnedMesh(mesh, view), WHOLE, SIZE);
    for (let cell = 0; cell < SIZE * SIZE; cell++) {
      const [row, column] = [Math.floor(cell / SIZE), cell % SIZE];
      const isThere = row >= 9 && row < 13 && column >= 2 && column < 6;
      expect(seen[3 * cell + 2]).toBe(isThere ? 1 : 0);
    }
    const other = view === 'left' ? 'right' : 'left';
    expect(drivingRaster(turnedMesh(mesh, other), WHOLE, SIZE).every((value) => value === 0)).toBe(true);
  });

  it('sees the top plane from above', () => {
    const flat = square([2, 9], [6, 13]);
    const lying = flat.positions.map((_, at) => (at % 3 === 0 ? flat.positions[at] : at % 3 === 1 ? 0 : -flat.positions[at - 1])); // prettier-ignore
    // Tipped backwards: what was up lies at the back, rows 3 to 7 of the plane (x, z).
    const seen = drivingRaster(turnedMesh({ ...flat, positions: lying }, 'top'), WHOLE, SIZE);
    expect([alphaAt(seen, 3, 2), alphaAt(seen, 6, 5), alphaAt(seen, 2, 2), alphaAt(seen, 7, 5)]).toEqual([
      1, 1, 0, 0,
    ]);
  });
});
