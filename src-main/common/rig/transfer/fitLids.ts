import type { ArkitChannel } from '#common/head/arkitChannels';
import type { HeadModel } from '#common/head/headModel';
import { closeEdge } from '#common/rig/transfer/closeEdge';
import {
  findLids,
  fromPolar,
  lidShare,
  measureLids,
  toPolar,
  valueAt,
  type LidColumns,
} from '#common/rig/transfer/lidColumns';
import { heightOverEyeball, type EyeballShape } from '#common/rig/transfer/eyeballShape';
import type { RigDeltas } from '#common/rig/transfer/rigDeltas';
import type { WeldedMesh } from '#common/rig/transfer/weldedMesh';
import { norm3, portableCubeRoot, squared } from '#common/math/portableMath';

/** Room between lid and eyeball on a 12 mm eyeball, metres; scales with the eye. */
const LID_CLEARANCE = 3e-4;
/** Skin deeper than this under the eyeball at rest is the fold behind the lid and stays out of it. */
const BURIED = 2e-4;
/** How far above the margin the skin comes along when a lid is closed further, radians about the eye. */
const LID_REACH = (35 * Math.PI) / 180;
/** How far the upper margin goes past the lower one, radians about the eye. */
const OVERLAP = (1.2 * Math.PI) / 180;

/** Columns open less than this at rest belong to the corners, radians; and how many columns those fade over. */
const LEAST_OPENING = (2 * Math.PI) / 180;
const CORNER_COLUMNS = 5;

type Side = 'Left' | 'Right';

/** What the lid steps need of one eye. */
export interface LidScene {
  readonly model: HeadModel;
  readonly mesh: WeldedMesh;
  readonly neutral: Float32Array;
  readonly deltas: RigDeltas;
  readonly side: Side;
  readonly eye: EyeballShape;
  /** `lidRings` of the model. */
  readonly rings: Float32Array;
}

/** Channels that move lids over the eyeball; each is kept outside it at its half and at its end. */
const LID_CHANNELS = [
  'eyeSquint', 'eyeWide', 'eyeLookUp', 'eyeLookDown', 'eyeLookIn', 'eyeLookOut', 'cheekSquint', 'browDown', 'noseSneer', 'mouthSmile',
] as const; // prettier-ignore

/** What a closed lid no longer follows: its own motion is cancelled by a corrective with the blink. */
const CANCELLED_BY_BLINK = [
  'eyeLookUp',
  'eyeLookDown',
  'eyeLookIn',
  'eyeLookOut',
  'eyeSquint',
  'eyeWide',
] as const;

/**
 * Makes one eye's lids work on the person's own eyeball, in place: a full blink brings the upper margin onto the
 * lower one, no lid enters the eyeball at the half or at the end of a channel, and a closed lid stays closed
 * whatever gaze or squint is added.
 */
export function fitLids(scene: LidScene): void {
  const { deltas, side, model, mesh, eye, neutral } = scene;
  const lids = lidVertices(scene);
  const blink = deltas.morph(`eyeBlink${side}`);
  const columns = findLids(model, mesh, eye, neutral);
  if (columns !== undefined) {
    for (let round = 0; round < 3; round++) {
      keepOut(scene, lids, blink, undefined);
      closeBlink(scene, columns, blink);
    }
    closeEdge({ ...scene, lids: columns, inward: side === 'Left' ? -1 : 1 }, blink);
    bendBlink(scene, columns, blink, deltas.half(`eyeBlink${side}`));
  }
  keepOut(scene, lids, blink, deltas.half(`eyeBlink${side}`));
  for (const base of LID_CHANNELS) {
    const channel = `${base}${side}` as ArkitChannel;
    keepOut(scene, lids, deltas.morph(channel), undefined);
    keepOut(scene, lids, deltas.morph(channel), deltas.half(channel));
  }
  for (const base of CANCELLED_BY_BLINK) cancelWithBlink(scene, `${base}${side}` as ArkitChannel);
}

/** Skin near the eyeball that lies on or over it at rest. */
function lidVertices({ model, mesh, neutral, eye }: LidScene): Uint32Array {
  const reach = 0.012 * eyeScale(eye);
  const direction = new Float64Array(3);
  const skin = model.parts.find((part) => part.name === 'skin')!;
  const last = skin.firstVertex + skin.vertexCount;
  return mesh.representatives.filter((v) => {
    if (v < skin.firstVertex || v >= last) return false;
    if (neutral[v * 3 + 2] < eye.centre[2]) return false;
    const height = heightOverEyeball(eye, neutral[v * 3], neutral[v * 3 + 1], neutral[v * 3 + 2], direction);
    return height > -BURIED * eyeScale(eye) && height < reach;
  });
}

function eyeScale(eye: EyeballShape): number {
  return portableCubeRoot(eye.stretch[0] * eye.stretch[1] * eye.stretch[2]) * (eye.profile[0] / 0.012);
}

/**
 * Pushes lid vertices out of the eyeball: at the channel's end by changing `delta`, or, with `half`, at its
 * middle by changing the half corrective. A vertex that rests lower than the clearance keeps its own height.
 */
function keepOut(
  scene: LidScene,
  lids: Uint32Array,
  delta: Float32Array,
  half: Float32Array | undefined,
): void {
  const { neutral, eye } = scene;
  const clearance = LID_CLEARANCE * eyeScale(eye);
  const share = half === undefined ? 1 : 0.5;
  const target = half ?? delta;
  const direction = new Float64Array(3);
  const at = new Float64Array(3);
  for (const v of lids) {
    const k = v * 3;
    if (delta[k] === 0 && delta[k + 1] === 0 && delta[k + 2] === 0) continue;
    for (let c = 0; c < 3; c++) at[c] = neutral[k + c] + share * delta[k + c] + (half?.[k + c] ?? 0);
    const rest = heightOverEyeball(eye, neutral[k], neutral[k + 1], neutral[k + 2], direction);
    const height = heightOverEyeball(eye, at[0], at[1], at[2], direction);
    const missing = Math.min(clearance, Math.max(0, rest)) - height;
    if (!(missing > 0)) continue;
    for (let c = 0; c < 3; c++) target[k + c] += direction[c] * missing;
  }
}

/** Turns the upper lid down about the eye (or back up) until its margin lies just past the lower one. */
function closeBlink({ mesh, eye, neutral }: LidScene, lids: LidColumns, blink: Float32Array): void {
  const now = measureLids(mesh, eye, lids, neutral, blink);
  const missing = missingTurns(lids, now);
  let largest = 0;
  for (const angle of missing) largest = Math.max(largest, Math.abs(angle));
  const reach = Math.max(LID_REACH, 1.7 * largest);
  const polar = new Float64Array(3);
  const at = new Float64Array(3);
  lids.vertices.forEach((v, i) => {
    const azimuth = lids.polar[i * 3];
    const elevation = lids.polar[i * 3 + 1];
    const over = elevation - valueAt(lids.upper, azimuth);
    // Half way between the margins parts upper from lower lid.
    const isLower = elevation < (valueAt(lids.upper, azimuth) + valueAt(lids.lower, azimuth)) / 2;
    if (isLower || over > reach) return;
    const weight =
      (over <= 0 ? 1 : squared(1 - squared(over / reach))) * lidShare(lids.polar[i * 3 + 2] / lids.radius);
    if (weight === 0) return;
    for (let c = 0; c < 3; c++) at[c] = neutral[v * 3 + c] + blink[v * 3 + c];
    toPolar(eye, at, polar);
    fromPolar(eye, polar[0], polar[1] + weight * valueAt(missing, azimuth), polar[2], at);
    for (let c = 0; c < 3; c++) blink[v * 3 + c] = at[c] - neutral[v * 3 + c];
  });
}

/**
 * What each column's upper margin has still to turn, radians about the eye, + up. In the corners both lids' triangles
 * share columns and their margins cross; those columns say nothing and take their neighbours' value, fading out.
 */
function missingTurns(lids: LidColumns, now: ReturnType<typeof measureLids>): Float64Array {
  const missing = new Float64Array(lids.upper.length);
  const isSound = (k: number): boolean =>
    lids.upper[k] - lids.lower[k] > LEAST_OPENING && Number.isFinite(now.lower[k] - now.upper[k]);
  let first = lids.first;
  let last = lids.last;
  while (first < last && !isSound(first)) first++;
  while (last > first && !isSound(last)) last--;
  for (let k = first; k <= last; k++)
    // Turning back ends where the lid rests: a blink opens nothing.
    missing[k] = isSound(k)
      ? Math.min(now.lower[k] - now.upper[k] - OVERLAP, Math.max(0, lids.upper[k] - now.upper[k]))
      : missing[k - 1];
  for (let beyond = 1; beyond < CORNER_COLUMNS; beyond++) {
    const share = 1 - beyond / CORNER_COLUMNS;
    if (first - beyond >= 0) missing[first - beyond] = share * missing[first];
    if (last + beyond < missing.length) missing[last + beyond] = share * missing[last];
  }
  return missing;
}

/** Half way through a blink the lid is half way round the eye, not on the chord: sets the half corrective. */
function bendBlink(
  { eye, neutral }: LidScene,
  lids: LidColumns,
  blink: Float32Array,
  half: Float32Array,
): void {
  const open = new Float64Array(3);
  const shut = new Float64Array(3);
  const at = new Float64Array(3);
  lids.vertices.forEach((v) => {
    const k = v * 3;
    for (let c = 0; c < 3; c++) at[c] = neutral[k + c] + blink[k + c];
    toPolar(eye, neutral.subarray(k, k + 3), open);
    toPolar(eye, at, shut);
    fromPolar(eye, (open[0] + shut[0]) / 2, (open[1] + shut[1]) / 2, (open[2] + shut[2]) / 2, at);
    for (let c = 0; c < 3; c++) half[k + c] = at[c] - neutral[k + c] - blink[k + c] / 2;
  });
}

function cancelWithBlink({ model, deltas, side }: LidScene, channel: ArkitChannel): void {
  const moved = deltas.morph(channel);
  const blink = deltas.morph(`eyeBlink${side}`);
  const target = deltas.product(channel, `eyeBlink${side}`);
  const lids = model.regions.eyelids;
  const skin = model.parts.find((part) => part.name === 'skin')!;
  let largest = 0;
  const sizeOf = (delta: Float32Array, v: number): number =>
    norm3(delta[v * 3], delta[v * 3 + 1], delta[v * 3 + 2]);
  for (let v = 0; v < deltas.vertexCount; v++) largest = Math.max(largest, sizeOf(blink, v));
  if (largest === 0) return;
  for (let v = skin.firstVertex; v < skin.firstVertex + skin.vertexCount; v++) {
    const mask = Math.max(lids[v], Math.min(1, (3 * sizeOf(blink, v)) / largest));
    // Replaces what the model's own corrective of the two does there.
    for (let k = v * 3; k < v * 3 + 3; k++) target[k] = (1 - mask) * target[k] - mask * moved[k];
  }
}
