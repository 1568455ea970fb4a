import { encodeSrgb, type ColorImage } from '#common/image/colorImage';
import type { HeadModel } from '#common/head/headModel';
import { hashNoise } from '#common/image/hashNoise';
import type { SeenTexels } from '#common/reconstruction/texture/head/bakeSeen';
import { sampleCrop } from '#common/reconstruction/texture/head/bakeSeen';
import type { HeadChart, PartTexels } from '#common/reconstruction/texture/head/headChart';
import { interpolateAtTexel, partNumber } from '#common/reconstruction/texture/head/headChart';
import type { EyeProfile, EyeSample } from '#common/reconstruction/texture/head/irisProfile';
import {
  defaultProfile,
  measureProfile,
  profileColor,
} from '#common/reconstruction/texture/head/irisProfile';
import { LEFT_EYE_OUTLINE, RIGHT_EYE_OUTLINE, outlinePoints, polygonArea, polygonTrust } from '#common/reconstruction/texture/view/landmarkPolygons'; // prettier-ignore
import { blendSeen } from '#common/reconstruction/texture/head/partSpread';
import type { PictureTone } from '#common/reconstruction/texture/view/pictureTone';
import { luminanceOf } from '#common/reconstruction/texture/view/pictureTone';
import { smoothStep } from '#common/math/smoothStep';
import type { SourceView } from '#common/reconstruction/texture/view/sourceView';
import type { PartCoverage, TextureInput } from '#common/reconstruction/texture/textureInput';
import { modelVertexOf } from '#common/reconstruction/texture/textureInput';
import { norm2, portableAngle } from '#common/math/portableMath';

export interface EyesTexture {
  readonly coverage: readonly PartCoverage[];
  readonly seen: { readonly left: boolean; readonly right: boolean };
}

/** What eye and mouth textures are made from. */
export interface BakeContext {
  readonly input: TextureInput;
  readonly chart: HeadChart;
  readonly view: SourceView;
  readonly pyramid: readonly ColorImage[];
  readonly tone: PictureTone;
  /** What was seen, S x S: shared by all parts, each writes and reads its own texels only. */
  readonly seen: SeenTexels;
  /** S x S, encoded: where the parts are painted. */
  readonly target: ColorImage;
}

type Side = 'left' | 'right';
/** First of an eye's five iris landmarks: centre, then four on the limbus. */
const IRIS = { right: 468, left: 473 } as const;
/** Share of the iris that must be seen for it to be believed. */
const IRIS_SEEN = 0.15;

interface Eye {
  readonly part: PartTexels;
  readonly name: 'eyeLeft' | 'eyeRight';
  /** Per texel of `part`: position in iris radii from the iris centre, x to the subject's left, y up. */
  readonly irisX: Float32Array;
  readonly irisY: Float32Array;
  readonly samples: readonly EyeSample[];
  readonly isSeen: boolean;
}

/**
 * Paints both eyeballs: seen pixels where the lids leave them free, rings completed about the iris centre, the
 * rest of the white from the seen white. An eye that is closed, covered or edge on in the picture takes the other's
 * mirrored; if both are, a brown default.
 */
export function paintEyes(context: BakeContext): EyesTexture {
  const [right, left] = dropEdgeOn(
    context,
    ...dropCovered(context.seen, readEye(context, 'right'), readEye(context, 'left')),
  );
  if (!right.isSeen && left.isSeen) mirrorEye(context, left, right);
  if (!left.isSeen && right.isSeen) mirrorEye(context, right, left);
  const fallback = defaultProfile(context.tone);
  const own = (eye: Eye) => (eye.isSeen ? measureProfile(eye.samples, fallback) : undefined);
  const profiles = { right: own(right), left: own(left) };
  const isUnknown = !right.isSeen && !left.isSeen;
  paintEye(context, right, profiles.right ?? profiles.left ?? fallback, isUnknown);
  paintEye(context, left, profiles.left ?? profiles.right ?? fallback, isUnknown);
  return {
    coverage: [left, right]
      .filter((eye) => eye.part.texels.length > 0)
      .map((eye) => coverageOf(eye, context.seen)),
    seen: { left: left.isSeen, right: right.isSeen },
  };
}

/** Of two eyes whose whites differ more than light explains, the darker is covered by hair or a frame. */
const COVERED = 0.55;

function dropCovered(seen: SeenTexels, right: Eye, left: Eye): [Eye, Eye] {
  const white = (eye: Eye) => {
    const ring = eye.samples.filter((sample) => sample.radius > 1.2).map((sample) => sample.color[1]);
    return ring.length === 0 ? 0 : ring.sort((a, b) => a - b)[Math.floor(ring.length * 0.7)];
  };
  if (!right.isSeen || !left.isSeen) return [right, left];
  if (white(right) < COVERED * white(left)) return [dropEye(seen, right), left];
  return [right, white(left) < COVERED * white(right) ? dropEye(seen, left) : left];
}

function dropEye(seen: SeenTexels, eye: Eye): Eye {
  for (const texel of eye.part.texels) seen.weight[texel] = 0;
  return { ...eye, isSeen: false };
}

/** An eye whose opening is this much smaller than the other's is seen from its side, or half shut. */
const EDGE_ON = 0.45;

function dropEdgeOn(context: BakeContext, right: Eye, left: Eye): [Eye, Eye] {
  const { observation } = context.input;
  const rightArea = polygonArea(outlinePoints(observation, RIGHT_EYE_OUTLINE));
  const leftArea = polygonArea(outlinePoints(observation, LEFT_EYE_OUTLINE));
  if (right.isSeen && left.isSeen && rightArea < EDGE_ON * leftArea) {
    return [dropEye(context.seen, right), left];
  }
  if (right.isSeen && left.isSeen && leftArea < EDGE_ON * rightArea) {
    return [right, dropEye(context.seen, left)];
  }
  return [right, left];
}

/** Gives an unseen eye what was seen of the other, mirrored: the eyes' charts mirror about the square's middle. */
function mirrorEye(context: BakeContext, from: Eye, to: Eye): void {
  const { seen, chart } = context;
  for (const texel of to.part.texels) {
    const x = texel % chart.size;
    const other = texel - x + chart.size - 1 - x;
    if (chart.part[other] !== from.part.number || seen.weight[other] === 0) continue;
    seen.weight[texel] = seen.weight[other];
    for (let c = 0; c < 3; c++) seen.color.data[texel * 3 + c] = seen.color.data[other * 3 + c];
  }
}

function coverageOf(eye: Eye, seen: SeenTexels): PartCoverage {
  const texels = eye.part.texels.length;
  let sum = 0;
  for (const texel of eye.part.texels) sum += seen.weight[texel];
  const share = sum / texels;
  const [own, mirrored] = eye.isSeen ? [share, 0] : [0, share];
  return { part: eye.name, texels, seen: own, mirrored, filled: 1 - share };
}

function readEye(context: BakeContext, side: Side): Eye {
  const { input, chart, seen } = context;
  const name = side === 'left' ? 'eyeLeft' : 'eyeRight';
  const part = chart.parts[partNumber(input.geometry, name)];
  const { irisX, irisY } = irisCoordinates(context, part, side);
  const samples: EyeSample[] = [];
  sampleEye(context, part, side);
  let irisTexels = 0;
  let irisSeen = 0;
  part.texels.forEach((texel, index) => {
    const radius = norm2(irisX[index], irisY[index]);
    if (radius < 1) irisTexels++;
    const weight = seen.weight[texel];
    if (radius < 1) irisSeen += weight;
    if (weight < 0.5) return;
    const { data } = seen.color;
    samples.push({ radius, color: [data[texel * 3], data[texel * 3 + 1], data[texel * 3 + 2]] });
  });
  const isSeen = irisSeen > IRIS_SEEN * irisTexels && irisTexels > 0 && isDarkInside(samples, context.tone);
  if (!isSeen) for (const texel of part.texels) seen.weight[texel] = 0;
  return { part, name, irisX, irisY, samples, isSeen };
}

/** A pupil is darker than this share of the skin, else what was taken for an eye is a shut lid. */
const PUPIL_DARK = 0.8;
/** Iris radii within which pixels are the pupil's. */
const PUPIL_REACH = 0.45;

/** Whether what was seen at the pupil's place can be one; true where nothing was seen there. */
function isDarkInside(samples: readonly EyeSample[], tone: PictureTone): boolean {
  const inside = samples
    .filter(({ radius }) => radius < PUPIL_REACH)
    .map(({ color }) => luminance(color, 0))
    .sort((a, b) => a - b);
  if (inside.length === 0) return true;
  return inside[Math.floor(inside.length / 4)] < PUPIL_DARK * encodeSrgb(luminanceOf(tone.skin));
}

function luminance(colors: ArrayLike<number>, at: number): number {
  return 0.3 * colors[at] + 0.6 * colors[at + 1] + 0.1 * colors[at + 2];
}

/** Iris coordinates of each texel on the model's own eyeball, where the rings are exact circles. */
function irisCoordinates(context: BakeContext, part: PartTexels, side: Side) {
  const { input, chart } = context;
  const { model, geometry } = input;
  const { angleOf, centre } = irisFrame(model, side);
  const attribute = new Float32Array((geometry.positions.length / 3) * 2);
  for (const [vertex, modelVertex] of partVertices(input, part.number)) {
    const at = modelVertex * 3;
    const x = model.template[at] - centre[0];
    const y = model.template[at + 1] - centre[1];
    const radius = angleOf(model.template.subarray(at, at + 3));
    const length = norm2(x, y) || 1;
    attribute[vertex * 2] = (radius * x) / length;
    attribute[vertex * 2 + 1] = (radius * y) / length;
  }
  const irisX = new Float32Array(part.texels.length);
  const irisY = new Float32Array(part.texels.length);
  const at = new Float64Array(2);
  part.texels.forEach((texel, index) => {
    interpolateAtTexel(chart, geometry.indices, { values: attribute, stride: 2 }, texel, at);
    irisX[index] = at[0];
    irisY[index] = at[1];
  });
  return { irisX, irisY };
}

function partVertices(input: TextureInput, number: number): [number, number][] {
  if (number === 0) return [];
  const { firstVertex, vertexCount } = input.geometry.parts[number - 1];
  return Array.from({ length: vertexCount }, (_, index) => [
    firstVertex + index,
    modelVertexOf(input, firstVertex + index),
  ]);
}

/** The model eye's centre, and the angle of a point from the gaze axis in units of the limbus' angle. */
function irisFrame(model: HeadModel, side: Side) {
  const joint = model.joints.find(
    (candidate) => candidate.name === (side === 'left' ? 'eyeLeft' : 'eyeRight'),
  );
  const centre = joint?.position ?? [0, 0, 0];
  const angle = (point: ArrayLike<number>) => {
    const x = point[0] - centre[0];
    const y = point[1] - centre[1];
    return portableAngle(norm2(x, y), point[2] - centre[2]);
  };
  let limbus = 0;
  for (let rim = 1; rim <= 4; rim++)
    limbus += angle(landmarkPoint(model, IRIS[side] + rim, model.template)) / 4;
  return { centre, angleOf: (point: ArrayLike<number>) => angle(point) / (limbus || 1) };
}

function landmarkPoint(
  model: HeadModel,
  landmark: number,
  values: ArrayLike<number>,
): [number, number, number] {
  const point: [number, number, number] = [0, 0, 0];
  for (let corner = 0; corner < 3; corner++) {
    const vertex = model.landmarkVertices[landmark * 3 + corner];
    for (let c = 0; c < 3; c++)
      point[c] += model.landmarkWeights[landmark * 3 + corner] * values[vertex * 3 + c];
  }
  return point;
}

/**
 * Samples the crop inside the lids' outline. The fitted iris may stand a pixel or two off the seen one, so
 * texels are carried onto it: shifted and scaled about the iris centre as the landmarks say.
 */
function sampleEye(context: BakeContext, part: PartTexels, side: Side): void {
  const { input, chart, view, pyramid, seen } = context;
  const { geometry, crop, observation } = input;
  const unit = crop.width / 512;
  const outline = loweredOutline(
    outlinePoints(observation, side === 'left' ? LEFT_EYE_OUTLINE : RIGHT_EYE_OUTLINE),
  );
  const trust = polygonTrust(outline, crop, 0.5 * unit, 1.6 * unit);
  const carry = irisCarry(context, side);
  const projected = { values: view.projected, stride: 3 };
  const facing = { values: view.facing, stride: 1 };
  const at = new Float64Array(3);
  for (const texel of part.texels) {
    interpolateAtTexel(chart, geometry.indices, facing, texel, at);
    const cosine = at[0];
    if (cosine < 0.2) continue;
    interpolateAtTexel(chart, geometry.indices, projected, texel, at);
    const x = carry.toX + (at[0] - carry.fromX) * carry.scale;
    const y = carry.toY + (at[1] - carry.fromY) * carry.scale;
    const column = Math.floor(x);
    const row = Math.floor(y);
    if (!(column >= 0 && row >= 0 && column < crop.width && row < crop.height)) continue;
    const weight = trust.data[row * crop.width + column] * smoothStep(0.2, 0.4, cosine);
    if (weight < 0.02) continue;
    seen.weight[texel] = weight;
    sampleCrop(pyramid, [x, y], 1, seen.color.data, texel * 3);
  }
}

/** Lashes and the upper lid's shade hang into the opening: its upper edge comes down a little. */
function loweredOutline(points: Float64Array): Float64Array {
  const ys = points.filter((_, index) => index % 2 === 1);
  const top = Math.min(...ys);
  const height = Math.max(...ys) - top;
  return points.map((value, index) =>
    index % 2 === 0 ? value : value + 0.14 * height * smoothStep(0.6, 0, (value - top) / (height || 1)),
  );
}

interface IrisCarry {
  readonly fromX: number;
  readonly fromY: number;
  readonly toX: number;
  readonly toY: number;
  readonly scale: number;
}

function irisCarry(context: BakeContext, side: Side): IrisCarry {
  const { input, view } = context;
  const { landmarks } = input.observation;
  const vertexOf = geometryVertices(input);
  const projectedPoint = (landmark: number): [number, number] => {
    let [x, y] = [0, 0];
    for (let corner = 0; corner < 3; corner++) {
      const weight = input.model.landmarkWeights[landmark * 3 + corner];
      const vertex = vertexOf(input.model.landmarkVertices[landmark * 3 + corner]);
      x += weight * view.projected[vertex * 3];
      y += weight * view.projected[vertex * 3 + 1];
    }
    return [x, y];
  };
  const seenPoint = (landmark: number): [number, number] => [
    landmarks[landmark * 3],
    landmarks[landmark * 3 + 1],
  ];
  const first = IRIS[side];
  const from = projectedPoint(first);
  const to = seenPoint(first);
  const meanRadius = (point: (landmark: number) => [number, number], centre: readonly [number, number]) => {
    let sum = 0;
    for (let rim = first + 1; rim <= first + 4; rim++) {
      const [x, y] = point(rim);
      sum += norm2(x - centre[0], y - centre[1]) / 4;
    }
    return sum;
  };
  const ratio = meanRadius(seenPoint, to) / meanRadius(projectedPoint, from);
  const scale = Number.isFinite(ratio) ? Math.min(1.5, Math.max(0.65, ratio)) : 1;
  return { fromX: from[0], fromY: from[1], toX: to[0], toY: to[1], scale };
}

function geometryVertices(input: TextureInput): (modelVertex: number) => number {
  const { modelVertices } = input;
  if (modelVertices === undefined) return (vertex) => vertex;
  const inverse = new Map<number, number>();
  modelVertices.forEach((modelVertex, vertex) => inverse.set(modelVertex, vertex));
  return (vertex) => inverse.get(vertex) ?? 0;
}

function paintEye(context: BakeContext, eye: Eye, profile: EyeProfile, isUnknown: boolean): void {
  const { target, chart } = context;
  const color = new Float64Array(3);
  eye.part.texels.forEach((texel, index) => {
    const x = eye.irisX[index];
    const y = eye.irisY[index];
    const radius = norm2(x, y);
    profileColor(profile, radius, color);
    const fibre = 1 + fibres(x, y, radius);
    const light = isUnknown ? catchLight(x, y) : 0;
    for (let c = 0; c < 3; c++) target.data[texel * 3 + c] = color[c] * fibre + (0.92 - color[c]) * light;
  });
  blendSeen(eye.part, chart.size, target, context.seen);
}

/** Radial streaks of the iris stroma, relative brightness. */
function fibres(x: number, y: number, radius: number): number {
  const band = smoothStep(0.36, 0.5, radius) * (1 - smoothStep(0.85, 1, radius));
  if (band === 0) return 0;
  const turn = ((portableAngle(y, x) / (2 * Math.PI) + 1) % 1) * 72;
  const cell = Math.floor(turn);
  const t = turn - cell;
  const low = hashNoise(cell, 0, 11);
  return band * 0.16 * (low + (hashNoise((cell + 1) % 72, 0, 11) - low) * t - 0.5);
}

/** A small soft window light, up and to the subject's left, for eyes nobody saw open. */
function catchLight(x: number, y: number): number {
  return 0.75 * (1 - smoothStep(0.1, 0.24, norm2(x - 0.3, y - 0.34)));
}
