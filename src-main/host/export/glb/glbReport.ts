import type { AvatarGeometry } from '#common/rig/avatarGeometry';
import type { GlbComparison } from '#host/export/glb/compareGlb';
import type { GlbMotion } from '#host/export/glb/glbMotion';
import type { GlbValidation } from '#host/export/glb/validateGlb';

/** What was written and how it was checked, for people and for programs. */
export interface GlbReport {
  readonly vertices: number;
  readonly triangles: number;
  readonly morphTargets: number;
  readonly joints: number;
  /** 0 without an animation. */
  readonly animationKeys: number;
  readonly validation: GlbValidation;
  readonly comparison: GlbComparison;
  /** The same in plain sentences. */
  readonly summary: readonly string[];
}

export function glbReport(
  geometry: AvatarGeometry,
  motion: GlbMotion | undefined,
  validation: GlbValidation,
  comparison: GlbComparison,
): GlbReport {
  const animationKeys = motion?.frames.length ?? 0;
  const facts = {
    vertices: geometry.positions.length / 3,
    triangles: geometry.indices.length / 3,
    morphTargets: geometry.morphs.length,
    joints: geometry.joints.length,
    animationKeys,
  };
  const summary = [
    `${facts.vertices} vertices, ${facts.triangles} triangles, ${facts.morphTargets} morph targets, ${facts.joints} joints.`,
    motion === undefined
      ? 'No animation.'
      : `Animation "${motion.name}": ${animationKeys} keys at ${motion.fps} per second.`,
    `The Khronos validator (${validation.validator}) found no errors and no warnings.`,
    `Read again and played at ${comparison.framesCompared} times, no vertex is off by more than ${micrometres(comparison.positionErrorMetres)}.`,
    correctiveLine(comparison.correctiveMetres),
  ];
  return { ...facts, validation, comparison, summary };
}

function correctiveLine(metres: number): string {
  const amount = (metres * 1000).toFixed(1);
  return amount === '0.0'
    ? 'Corrective shapes, which glTF cannot hold, change nothing in these frames.'
    : `Corrective shapes, which glTF cannot hold, would move vertices by up to ${amount} mm in these frames (mostly lips and lids).`;
}

function micrometres(metres: number): string {
  return `${(metres * 1e6).toFixed(1)} micrometres`;
}
