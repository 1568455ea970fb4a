import type { HeadModel } from '#common/head/headModel';
import { heightOverEyeball, measureEyeball } from '#common/rig/transfer/eyeballShape';
import { spreadOverSeams, type WeldedMesh } from '#common/rig/transfer/weldedMesh';
import { norm3, portableCubeRoot } from '#common/math/portableMath';

/** Skin that should lie on the eyeball keeps at least this above it on a 12 mm eyeball, metres. */
const ROOM = 4e-4;
/** Eyeball radii about its centre in which skin is looked at. */
const REACH = 1.6;

/**
 * The person's neutral with the lids on the eyeballs: skin that lay outside the eyeball on the template, but lies in
 * it (or closer than its own height, up to ROOM) on the person, is moved straight out. Fits and identity modes move
 * skin and eyeballs apart from each other, so eyeballs come through thin lids. The fold behind the lids, inside on
 * the template too, stays where it is. Returns a copy.
 */
export function settleLids(model: HeadModel, mesh: WeldedMesh, neutral: Float32Array): Float32Array {
  const settled = neutral.slice();
  const skin = model.parts.find((part) => part.name === 'skin')!;
  const direction = new Float64Array(3);
  for (const name of ['eyeLeft', 'eyeRight'] as const) {
    const part = model.parts.find((candidate) => candidate.name === name);
    const joint = model.joints.find((candidate) => candidate.name === name);
    if (part === undefined || joint === undefined) continue;
    const before = measureEyeball(part, model.template, model.template, joint.position);
    const after = measureEyeball(part, model.template, neutral, joint.position);
    const size = portableCubeRoot(after.stretch[0] * after.stretch[1] * after.stretch[2]);
    const radius = before.profile[0];
    const room = ROOM * (radius / 0.012) * size;
    for (const v of mesh.representatives) {
      const k = v * 3;
      if (v < skin.firstVertex || v >= skin.firstVertex + skin.vertexCount) continue;
      const [x, y, z] = [model.template[k], model.template[k + 1], model.template[k + 2]];
      if (norm3(x - joint.position[0], y - joint.position[1], z - joint.position[2]) > REACH * radius)
        continue;
      const wanted = Math.min(room, size * heightOverEyeball(before, x, y, z, direction));
      if (wanted <= 0 || z < joint.position[2]) continue;
      const height = heightOverEyeball(after, neutral[k], neutral[k + 1], neutral[k + 2], direction);
      for (let c = 0; c < 3; c++) settled[k + c] += Math.max(0, wanted - height) * direction[c];
    }
  }
  spreadOverSeams(mesh, settled);
  return settled;
}
