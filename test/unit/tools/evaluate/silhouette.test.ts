import { describe, expect, it } from 'vitest';
import { analyseSilhouette } from '#tools/evaluate/silhouette';

/** '#' is covered. */
function maskOf(rows: readonly string[]): { covered: Uint8Array; width: number; height: number } {
  const covered = Uint8Array.from(rows.join(''), (mark) => (mark === '#' ? 1 : 0));
  return { covered, width: rows[0].length, height: rows.length };
}

function disc(size: number, holds: (distance: number, x: number, y: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: size * size }, (_, pixel) => {
    const x = pixel % size;
    const y = Math.floor(pixel / size);
    return holds(Math.hypot(x - size / 2, y - size / 2), x, y) ? 1 : 0;
  });
}

describe('analyseSilhouette', () => {
  it('finds a hole but not the background, nor a bay that opens to it', () => {
    const { covered, width, height } = maskOf([
      '.........', //
      '.#######.',
      '.#..#..#.',
      '.#..##.#.',
      '.#####.#.',
      '.........',
    ]);
    const { holes, pieces } = analyseSilhouette(covered, width, height, 1);
    expect(holes).toEqual([{ pixels: 4, x: 2, y: 2 }]);
    expect(pieces).toEqual([{ pixels: 20, x: 1, y: 1 }]);
  });

  it('takes background at the border for background', () => {
    const { covered, width, height } = maskOf(['###.#', '#.#.#', '###.#']);
    const { holes } = analyseSilhouette(covered, width, height, 1);
    expect(holes.map(({ pixels }) => pixels)).toEqual([1]);
  });

  it('joins the figure over corners and counts what floats, largest first', () => {
    const { covered, width, height } = maskOf(['#....', '.#...', '....#', '.....']);
    expect(analyseSilhouette(covered, width, height, 1).pieces.map(({ pixels }) => pixels)).toEqual([2, 1]);
  });

  it('leaves out what is smaller than the limit', () => {
    const { covered, width, height } = maskOf(['#####', '#.#.#', '#####', '.....', '#....']);
    const { holes, pieces } = analyseSilhouette(covered, width, height, 2);
    expect({ holes: holes.length, pieces: pieces.length }).toEqual({ holes: 0, pieces: 1 });
  });

  it('sees a narrow tear from the edge as a cleft, a round outline as none', () => {
    const whole = disc(96, (distance) => distance < 40);
    const torn = disc(96, (distance, x, y) => distance < 40 && !(Math.abs(x - 48) < 2 && y > 40));
    expect(analyseSilhouette(whole, 96, 96).cleftShare).toBeLessThan(0.002);
    expect(analyseSilhouette(torn, 96, 96).cleftShare).toBeGreaterThan(0.015);
  });
});
