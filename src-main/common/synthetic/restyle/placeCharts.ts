import { AppError } from '#common/contract/errors';
import type { HeadModel } from '#common/head/headModel';
import { linearColor } from '#common/synthetic/domains/domainValues';
import type { DomainRecipe } from '#common/synthetic/domains/domainRecipe';
import type { HeadPiece } from '#common/synthetic/heads/syntheticHead';
import {
  cellRows,
  chartByCells,
  chartByUvs,
  chartPlain,
  hasChart,
  packSquares,
  surfaceArea,
  type ChartedPiece,
  type Rectangle,
} from '#common/synthetic/restyle/chartLayout';

/** Texels kept for the outline's one colour in the atlas' last corner. */
const PLAIN_PATCH = 16;
/** Share of the right square that the portrait's shell keeps above what a look adds. */
const SHELL_SHARE = 0.8;

/**
 * Gives every piece its place in an atlas: parts of the head their chart in the left square, the shell its crop in the
 * right one, what the look adds squares by size in what is left.
 */
export function placeCharts(
  pieces: readonly HeadPiece[],
  { width, height }: { readonly width: number; readonly height: number },
  model: HeadModel,
  { outline, blocks }: DomainRecipe,
): ChartedPiece[] {
  const half = width / 2;
  const hasShell = pieces.some(({ name }) => name === 'shell');
  const top = hasShell ? Math.round(height * SHELL_SHARE) : 0;
  const free: Rectangle = { x: half, y: top, width: half, height: height - top - PLAIN_PATCH };
  const isOfHead = (piece: HeadPiece): boolean =>
    !blocks && model.parts.some(({ name }) => name === piece.name);
  const isOutline = (piece: HeadPiece): boolean => outline !== undefined && piece.name.endsWith('Outline');
  const added = pieces.filter((piece) => !isOfHead(piece) && !isOutline(piece) && piece.name !== 'shell');
  const boxes = placeAdded(added, free, blocks !== undefined);
  return pieces
    .filter((piece) => piece.indices.length > 0)
    .map((piece) => {
      if (outline && isOutline(piece))
        return chartPlain(
          piece,
          [width - PLAIN_PATCH / 2, height - PLAIN_PATCH / 2],
          linearColor(outline.color),
        );
      if (isOfHead(piece)) return chartByUvs(piece, { x: 0, y: 0, width: half, height }, true);
      if (piece.name === 'shell')
        return chartByUvs(fromAtlas(piece), { x: half, y: 0, width: half, height: top }, true);
      const box = boxes.get(piece) ?? free;
      return blocks || !hasChart(piece)
        ? chartByCells(piece, box, blocks !== undefined)
        : chartByUvs(piece, box, false);
    })
    .map((charted) =>
      charted.piece.name === 'shell' ? { ...charted, piece: shellOf(pieces, charted.piece) } : charted,
    );
}

/** The shell's uvs are the atlas' own: the right square alone, here as a square of its own. */
function fromAtlas(piece: HeadPiece): HeadPiece {
  return { ...piece, uvs: piece.uvs.map((value, k) => (k % 2 === 0 ? value * 2 - 1 : value)) };
}

function shellOf(pieces: readonly HeadPiece[], fallback: HeadPiece): HeadPiece {
  return pieces.find(({ name }) => name === 'shell') ?? fallback;
}

function placeAdded(
  added: readonly HeadPiece[],
  free: Rectangle,
  isBlocks: boolean,
): ReadonlyMap<HeadPiece, Rectangle> {
  const boxes = new Map<HeadPiece, Rectangle>();
  let { y } = free;
  const charted: HeadPiece[] = [];
  for (const piece of added) {
    if (!isBlocks && hasChart(piece)) {
      charted.push(piece);
      continue;
    }
    const rows = cellRows(piece, free.width, isBlocks);
    boxes.set(piece, { x: free.x, y, width: free.width, height: rows });
    y += rows;
  }
  const rest = { ...free, y, height: free.y + free.height - y };
  const squares = rest.height > 0 ? packSquares(charted.map(surfaceArea), rest) : undefined;
  if (rest.height < 0 || (squares === undefined && charted.length > 0))
    throw new AppError(
      'input.badOption',
      'The look adds more surfaces than the avatar’s atlas has room for.',
    );
  charted.forEach((piece, index) => boxes.set(piece, squares?.[index] ?? rest));
  return boxes;
}
