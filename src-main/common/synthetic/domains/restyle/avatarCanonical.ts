import type { HeadModel } from '#common/head/headModel';
import type { AvatarGeometry } from '#common/rig/avatarGeometry';
import { NearestSkin } from '#common/synthetic/domains/rig/nearestSkin';
import { squared } from '#common/math/portableMath';

/** Cells of the look-up by chart place; vertices of one part are farther apart than that. */
const CHART_CELLS = 4096;

/**
 * Where each vertex of a fitted avatar is on the mean head, vertexCount * 3, metres: what warps and patterns are anchored
 * to. Head parts are found again by their place in the chart (the left half of the avatar's atlas); the shell (hair, hats,
 * clothes) is taken back by how far the person's skin near it differs from the mean's.
 */
export function avatarCanonical(geometry: AvatarGeometry, model: HeadModel): Float32Array {
  const canonical = new Float32Array(geometry.positions.length);
  const person = model.template.slice();
  const byChart = chartIndex(model);
  for (const part of geometry.parts) {
    if (part.name === 'shell') continue;
    for (let v = part.firstVertex; v < part.firstVertex + part.vertexCount; v++) {
      const source = byChart(geometry.uvs[v * 2] * 2, geometry.uvs[v * 2 + 1]);
      if (source === undefined) continue;
      canonical.set(model.template.subarray(source * 3, source * 3 + 3), v * 3);
      person.set(geometry.positions.subarray(v * 3, v * 3 + 3), source * 3);
    }
  }
  for (const part of geometry.parts) {
    if (part.name !== 'shell') continue;
    const shell = geometry.positions.subarray(
      part.firstVertex * 3,
      (part.firstVertex + part.vertexCount) * 3,
    );
    const back = new NearestSkin(model, person).carry(shell, model.template);
    shell.forEach((value, k) => (canonical[part.firstVertex * 3 + k] = value + back[k]));
  }
  return canonical;
}

/** The model's vertex at a place of the chart; charts do not overlap. Stored charts are rounded, so neighbours count. */
function chartIndex({ uvs, vertexCount }: HeadModel): (u: number, v: number) => number | undefined {
  const cells = new Map<number, number[]>();
  const keyOf = (column: number, row: number): number => column * CHART_CELLS + row;
  for (let vertex = 0; vertex < vertexCount; vertex++) {
    const key = keyOf(
      Math.floor(uvs[vertex * 2] * CHART_CELLS),
      Math.floor(uvs[vertex * 2 + 1] * CHART_CELLS),
    );
    const list = cells.get(key);
    if (list) list.push(vertex);
    else cells.set(key, [vertex]);
  }
  return (u, v) => {
    let best: number | undefined;
    let nearest = Infinity;
    for (let dx = -1; dx <= 1; dx++)
      for (let dy = -1; dy <= 1; dy++)
        for (const vertex of cells.get(
          keyOf(Math.floor(u * CHART_CELLS) + dx, Math.floor(v * CHART_CELLS) + dy),
        ) ?? []) {
          const distance = squared(uvs[vertex * 2] - u) + squared(uvs[vertex * 2 + 1] - v);
          if (distance < nearest) {
            nearest = distance;
            best = vertex;
          }
        }
    return best;
  };
}
