import { landmarkPositions } from '#common/head/evaluateHead';
import type { HeadModel } from '#common/head/headModel';
import { smoothStep } from '#common/math/smoothStep';
import type { EyesRecipe } from '#common/synthetic/heads/identityRecipe';
import { norm2, norm3, portableCosine, portableSine } from '#common/math/portableMath';

/** Inner and outer corner, middle of the upper and lower lid: landmarks of the subject's left and right eye. */
const EYES = [
  { joint: 'eyeLeft', corners: [362, 263], side: 1 },
  { joint: 'eyeRight', corners: [133, 33], side: -1 },
] as const;

/** Half axes of the lids on the mean head, metres: what lies within moves whole, beyond REACH times them nothing does. */
const HALF = { x: 0.0135, y: 0.007 };
const REACH = 2.3;
/** Skin further behind the eyes' front than this is not lid, metres. */
const BEHIND = 0.03;

interface Eye {
  readonly side: 1 | -1;
  /** Middle between the corners on the mean head. */
  readonly mean: readonly [number, number];
  /** The same of the person. */
  readonly middle: readonly [number, number];
  readonly ball: readonly [number, number, number];
}

/**
 * Makes a person's lids wider, taller or tilted about the middle of each eye, in place: the model's own modes change
 * them by a third of what people show, and its eyes are a sixth narrower than photographs'. Lids slide on the
 * eyeball, which stays.
 *
 * @param neutral vertexCount * 3, the person's neutral vertices.
 * @param joints joints * 3, the person's rest positions in the model's order.
 */
export function shapeLids(
  model: HeadModel,
  neutral: Float32Array,
  joints: ArrayLike<number>,
  { width, height, tilt }: EyesRecipe,
): void {
  const skin = model.parts.find(({ name }) => name === 'skin');
  if (skin === undefined) return;
  const means = landmarkPositions(model, model.template);
  const points = landmarkPositions(model, neutral);
  for (const { joint, corners, side } of EYES) {
    const at = model.joints.findIndex(({ name }) => name === joint) * 3;
    const eye: Eye = {
      side,
      mean: middleOf(means, corners),
      middle: middleOf(points, corners),
      ball: [joints[at], joints[at + 1], joints[at + 2]],
    };
    const front = means[corners[0] * 3 + 2] - BEHIND;
    for (let v = skin.firstVertex; v < skin.firstVertex + skin.vertexCount; v++) {
      if (model.template[v * 3 + 2] < front) continue;
      const share = lidShare(model.template[v * 3], model.template[v * 3 + 1], eye);
      if (share > 0) moveLid(neutral, v * 3, eye, [width, height, tilt * side], share);
    }
  }
}

function middleOf(points: Float32Array, [a, b]: readonly [number, number]): [number, number] {
  return [(points[a * 3] + points[b * 3]) / 2, (points[a * 3 + 1] + points[b * 3 + 1]) / 2];
}

/** 1 on the lids, falling to 0 at REACH half axes from their middle. */
function lidShare(x: number, y: number, { mean }: Eye): number {
  const distance = norm2((x - mean[0]) / HALF.x, (y - mean[1]) / HALF.y);
  return smoothStep(REACH, 1.05, distance);
}

function moveLid(
  neutral: Float32Array,
  at: number,
  { middle, ball }: Eye,
  [width, height, tilt]: readonly [number, number, number],
  share: number,
): void {
  const x = neutral[at] - middle[0];
  const y = neutral[at + 1] - middle[1];
  const [wide, tall] = [x * width, y * height];
  const dx = share * (wide * portableCosine(tilt) - tall * portableSine(tilt) - x);
  const dy = share * (wide * portableSine(tilt) + tall * portableCosine(tilt) - y);
  const [bx, by, bz] = [neutral[at] - ball[0], neutral[at + 1] - ball[1], neutral[at + 2] - ball[2]];
  // To second order as far from the eyeball's centre as before; not where the ball turns away.
  const depth = Math.max(bz, 0.6 * norm3(bx, by, bz));
  neutral[at] += dx;
  neutral[at + 1] += dy;
  neutral[at + 2] -= (share * (bx * dx + by * dy + 0.5 * (dx * dx + dy * dy))) / depth;
}
