import type { FaceZone } from '#common/reconstruction/shell/faceZone';
import type { Shell } from '#common/reconstruction/shell/buildShell';
import type { AvatarGeometry, AvatarPart, SparseDelta } from '#common/rig/avatarGeometry';

export interface AssembledGeometry {
  readonly geometry: AvatarGeometry;
  /** The same vertices in the source pose, world metres. */
  readonly posedPositions: Float32Array;
  /** Head-model vertex of each vertex, -1 on the shell: carries region masks and mirror maps over. */
  readonly headVertex: Int32Array;
}

/**
 * Joins head and shell into one mesh with one atlas: the head's chart becomes the left square, the shell's
 * (which is the crop itself) the right one. Head vertices that only replaced triangles used are dropped.
 */
export function assembleGeometry(
  head: AvatarGeometry,
  posedHead: Float32Array,
  zone: FaceZone,
  shell: Shell,
): AssembledGeometry {
  const selection = selectVertices(head, zone);
  const headCount = selection.vertices.length;
  const shellCount = shell.positions.length / 3;
  const count = headCount + shellCount;
  const positions = new Float32Array(count * 3);
  const posedPositions = new Float32Array(count * 3);
  const uvs = new Float32Array(count * 2);
  const skinJoints = new Uint8Array(count * 4);
  const skinWeights = new Float32Array(count * 4);
  selection.vertices.forEach((source, vertex) => {
    positions.set(head.positions.subarray(source * 3, source * 3 + 3), vertex * 3);
    posedPositions.set(posedHead.subarray(source * 3, source * 3 + 3), vertex * 3);
    uvs.set([head.uvs[source * 2] * 0.5, head.uvs[source * 2 + 1]], vertex * 2);
    skinJoints.set(head.skinJoints.subarray(source * 4, source * 4 + 4), vertex * 4);
    skinWeights.set(head.skinWeights.subarray(source * 4, source * 4 + 4), vertex * 4);
  });
  positions.set(shell.positions, headCount * 3);
  posedPositions.set(shell.posedPositions, headCount * 3);
  for (let vertex = 0; vertex < shellCount; vertex++) {
    const offset = (headCount + vertex) * 2;
    uvs[offset] = 0.5 + 0.5 * shell.uvs[vertex * 2];
    uvs[offset + 1] = shell.uvs[vertex * 2 + 1];
  }
  skinJoints.set(shell.skin.skinJoints, headCount * 4);
  skinWeights.set(shell.skin.skinWeights, headCount * 4);
  const { indices, parts } = joinParts(selection, shell, headCount);
  const join = (own: SparseDelta, added: SparseDelta): SparseDelta =>
    joinDeltas(own, added, selection.renumbered, headCount);
  const headVertex = new Int32Array(count).fill(-1);
  headVertex.set(selection.vertices);
  return {
    geometry: {
      positions,
      uvs,
      indices,
      parts,
      joints: head.joints,
      skinJoints,
      skinWeights,
      morphs: head.morphs.map((morph, i) => ({ name: morph.name, ...join(morph, shell.morphs[i]) })),
      correctives: head.correctives.map((corrective, i) => ({
        name: corrective.name,
        drivers: corrective.drivers,
        ...join(corrective, shell.correctives[i]),
      })),
    },
    posedPositions,
    headVertex,
  };
}

interface Selection {
  /** Head vertices in their new order. */
  readonly vertices: Uint32Array;
  /** New number of each head vertex, -1 where dropped. */
  readonly renumbered: Int32Array;
  readonly parts: readonly AvatarPart[];
  readonly indices: readonly number[];
}

function selectVertices(head: AvatarGeometry, zone: FaceZone): Selection {
  const replaced = triangleKeys(zone.replaced);
  const renumbered = new Int32Array(head.positions.length / 3).fill(-1);
  const vertices: number[] = [];
  const indices: number[] = [];
  const parts: AvatarPart[] = [];
  for (const part of head.parts) {
    const firstIndex = indices.length;
    const firstVertex = vertices.length;
    for (let i = part.firstIndex; i < part.firstIndex + part.indexCount; i += 3) {
      const corners = [head.indices[i], head.indices[i + 1], head.indices[i + 2]];
      if (replaced.has(corners.join())) continue;
      for (const corner of corners) {
        if (renumbered[corner] < 0) renumbered[corner] = vertices.push(corner) - 1;
        indices.push(renumbered[corner]);
      }
    }
    parts.push({
      name: part.name,
      firstIndex,
      indexCount: indices.length - firstIndex,
      firstVertex,
      vertexCount: vertices.length - firstVertex,
    });
  }
  return { vertices: Uint32Array.from(vertices), renumbered, parts, indices };
}

function triangleKeys(triangles: Uint32Array): Set<string> {
  const keys = new Set<string>();
  for (let i = 0; i < triangles.length; i += 3) keys.add(triangles.subarray(i, i + 3).join());
  return keys;
}

function joinParts(
  selection: Selection,
  shell: Shell,
  headCount: number,
): { indices: Uint32Array; parts: AvatarPart[] } {
  const indices = new Uint32Array(selection.indices.length + shell.indices.length);
  indices.set(selection.indices);
  shell.indices.forEach((vertex, i) => (indices[selection.indices.length + i] = vertex + headCount));
  const parts = [
    ...selection.parts,
    {
      name: 'shell' as const,
      firstIndex: selection.indices.length,
      indexCount: shell.indices.length,
      firstVertex: headCount,
      vertexCount: shell.positions.length / 3,
    },
  ];
  return { indices, parts };
}

function joinDeltas(
  own: SparseDelta,
  added: SparseDelta,
  renumbered: Int32Array,
  headCount: number,
): SparseDelta {
  const kept: { vertex: number; source: number }[] = [];
  own.vertices.forEach((vertex, source) => {
    if (renumbered[vertex] >= 0) kept.push({ vertex: renumbered[vertex], source });
  });
  kept.sort((a, b) => a.vertex - b.vertex);
  const vertices = new Uint32Array(kept.length + added.vertices.length);
  const deltas = new Float32Array(vertices.length * 3);
  kept.forEach(({ vertex, source }, i) => {
    vertices[i] = vertex;
    deltas.set(own.deltas.subarray(source * 3, source * 3 + 3), i * 3);
  });
  added.vertices.forEach((vertex, i) => (vertices[kept.length + i] = vertex + headCount));
  deltas.set(added.deltas, kept.length * 3);
  return { vertices, deltas };
}
