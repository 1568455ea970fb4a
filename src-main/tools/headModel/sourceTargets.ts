import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

import { AppError } from '#common/contract/errors';

import { SOURCE_VERTICES, type SourceMesh } from './sourceMesh';

/** A sparse displacement field of the source mesh, decimetres. */
export interface SparseField {
  readonly vertices: Uint32Array;
  readonly deltas: Float32Array;
}

/** Reads single targets of `targets.bin` (int16 x 0.001 dm, rows in ASCII order of the target list). */
export interface TargetReader {
  readonly names: readonly string[];
  has(name: string): boolean;
  read(name: string): SparseField;
}

/**
 * One target, `eyes/r-eye-bag-max`, carries corrupt displacements of up to 20 dm on helper vertices; no local
 * target moves anything by 3 dm, so larger ones are dropped.
 */
const CORRUPT_DECIMETRES = 3;

export function openTargets(mesh: SourceMesh, binPath: string, listPath: string): TargetReader {
  const list = JSON.parse(readFileSync(listPath, 'utf8')) as { targets: Record<string, unknown> };
  const names = Object.keys(list.targets).sort();
  const short = names.map((name) => name.replace(/^data\/targets\/|\.target$/g, ''));
  const index = new Map(short.map((name, i) => [name, i]));
  const cache = new Map<string, SparseField>();
  const row = new Int16Array(SOURCE_VERTICES * 3);

  function load(name: string): SparseField {
    const position = index.get(name);
    if (position === undefined)
      throw new AppError('model.missing', `The source has no morph target named ${name}.`);
    const bytes = Buffer.from(row.buffer);
    const file = openSync(binPath, 'r');
    readSync(file, bytes, 0, bytes.length, position * bytes.length);
    closeSync(file);
    return sparseField(mesh, row, name.startsWith('macrodetails/') ? Infinity : CORRUPT_DECIMETRES);
  }

  return {
    names: short,
    has: (name) => index.has(name),
    read(name) {
      let field = cache.get(name);
      if (field === undefined) cache.set(name, (field = load(name)));
      return field;
    },
  };
}

function sparseField(mesh: SourceMesh, row: Int16Array, limit: number): SparseField {
  const vertices: number[] = [];
  const deltas: number[] = [];
  for (let v = 0; v < SOURCE_VERTICES; v++) {
    if (!mesh.kept[v]) continue;
    const x = row[v * 3] / 1000;
    const y = row[v * 3 + 1] / 1000;
    const z = row[v * 3 + 2] / 1000;
    if ((x === 0 && y === 0 && z === 0) || Math.hypot(x, y, z) > limit) continue;
    vertices.push(v);
    deltas.push(x, y, z);
  }
  return { vertices: Uint32Array.from(vertices), deltas: Float32Array.from(deltas) };
}

/** positions += weight * field. */
export function addField(positions: Float64Array, field: SparseField, weight: number): void {
  for (let i = 0; i < field.vertices.length; i++) {
    const at = field.vertices[i] * 3;
    for (let c = 0; c < 3; c++) positions[at + c] += weight * field.deltas[i * 3 + c];
  }
}
