import { smoothStep } from '#common/math/smoothStep';
import { MILLIMETRE } from '#common/synthetic/domains/domainValues';
import type { MaskFactor } from '#common/synthetic/domains/paint/maskSchema';
import type { PaintPoints } from '#common/synthetic/domains/paint/paintPoints';
import { norm2, norm3 } from '#common/math/portableMath';

type Factor<Kind extends MaskFactor['kind']> = Extract<MaskFactor, { kind: Kind }>;

/** Distance over which shapes of the front end behind their `frontZ`, metres. */
const FRONT_FADE = 0.008;
/** x of the mean head's eye centres, metres; repeated discs keep their offset from it on both sides. */
const EYE_X = 0.0325;

function frontShare(z: number, frontZ: number): number {
  return smoothStep(frontZ * MILLIMETRE, frontZ * MILLIMETRE + FRONT_FADE, z);
}

/** Coverage of a shape from the signed distance to its outline (negative inside), softened by `soft` and the sample. */
function coverage(distance: number, soft: number, footprint: number): number {
  const width = Math.max(soft, footprint * 0.7, 1e-6);
  return smoothStep(width, -width, distance);
}

export function fieldFactor(factor: Factor<'field'>, points: PaintPoints, out: Float32Array): void {
  const from = factor.from * MILLIMETRE;
  const to = factor.to * MILLIMETRE;
  const { canonical, footprint, fields } = points;
  const direction = to > from ? 1 : -1;
  for (let i = 0; i < points.count; i++) {
    const k = i * 3;
    const front = frontShare(canonical[k + 2], factor.frontZ);
    const distance = fields.distance(factor.field, canonical[k], canonical[k + 1]);
    // An edge finer than the sample would sparkle.
    const widen = direction * Math.max(0, footprint[i] * 0.7 - Math.abs(to - from)) * 0.5;
    out[i] = front > 0 ? front * smoothStep(from - widen, to + widen, distance) : 0;
  }
}

export function discFactor(factor: Factor<'disc'>, points: PaintPoints, out: Float32Array): void {
  const [cx, cy] = factor.center.map((value) => value * MILLIMETRE);
  const [rx, ry] = factor.radius.map((value) => value * MILLIMETRE);
  const scale = Math.min(rx, ry);
  const { canonical, footprint } = points;
  for (let i = 0; i < points.count; i++) {
    const k = i * 3;
    let x = factor.isMirrored ? Math.abs(canonical[k]) : canonical[k];
    if (factor.isRepeated && x < 0) x += 2 * EYE_X;
    const distance = (norm2((x - cx) / rx, (canonical[k + 1] - cy) / ry) - 1) * scale;
    out[i] =
      coverage(distance, factor.soft * scale, footprint[i]) * frontShare(canonical[k + 2], factor.frontZ);
  }
}

export function ballFactor(factor: Factor<'ball'>, points: PaintPoints, out: Float32Array): void {
  const [cx, cy, cz] = factor.center.map((value) => value * MILLIMETRE);
  const [rx, ry, rz] = factor.radius.map((value) => value * MILLIMETRE);
  const scale = Math.min(rx, ry, rz);
  const { canonical, footprint } = points;
  for (let i = 0; i < points.count; i++) {
    const k = i * 3;
    const x = factor.isMirrored ? Math.abs(canonical[k]) : canonical[k];
    const radii = norm3((x - cx) / rx, (canonical[k + 1] - cy) / ry, (canonical[k + 2] - cz) / rz);
    out[i] = coverage((radii - 1) * scale, factor.soft * scale, footprint[i]);
  }
}

export function axisFactor(factor: Factor<'axis'>, points: PaintPoints, out: Float32Array): void {
  const from = factor.from * MILLIMETRE;
  const to = factor.to * MILLIMETRE;
  const column = factor.axis === 'y' ? 1 : factor.axis === 'z' ? 2 : 0;
  for (let i = 0; i < points.count; i++) {
    const value = points.canonical[i * 3 + column];
    out[i] = smoothStep(from, to, factor.axis === 'ax' ? Math.abs(value) : value);
  }
}

export function strokeFactor(factor: Factor<'stroke'>, points: PaintPoints, out: Float32Array): void {
  const line = factor.points.flat().map((value) => value * MILLIMETRE);
  const half = (factor.width * MILLIMETRE) / 2;
  const { canonical, footprint } = points;
  for (let i = 0; i < points.count; i++) {
    const k = i * 3;
    const front = frontShare(canonical[k + 2], factor.frontZ);
    out[i] = 0;
    if (front === 0) continue;
    const x = factor.isMirrored ? Math.abs(canonical[k]) : canonical[k];
    const distance = taperedDistance(line, x, canonical[k + 1], half, factor.taper);
    out[i] = front * coverage(distance, factor.soft * half, footprint[i]);
  }
}

/** Distance to a polyline that is `half` thick in its middle and `taper` of it at its ends. */
function taperedDistance(line: number[], x: number, y: number, half: number, taper: number): number {
  const segments = line.length / 2 - 1;
  let nearest = Infinity;
  for (let s = 0; s < segments; s++) {
    const at = s * 2;
    const dx = line[at + 2] - line[at];
    const dy = line[at + 3] - line[at + 1];
    const px = x - line[at];
    const py = y - line[at + 1];
    const along = Math.min(1, Math.max(0, (px * dx + py * dy) / (dx * dx + dy * dy)));
    const position = (s + along) / segments;
    const width = half * (taper + (1 - taper) * Math.sqrt(Math.max(0, 4 * position * (1 - position))));
    const distance = norm2(px - along * dx, py - along * dy) - width;
    if (distance < nearest) nearest = distance;
  }
  return nearest;
}

export function polygonFactor(factor: Factor<'polygon'>, points: PaintPoints, out: Float32Array): void {
  const corners = factor.points.flat().map((value) => value * MILLIMETRE);
  const { canonical, footprint } = points;
  for (let i = 0; i < points.count; i++) {
    const k = i * 3;
    const front = frontShare(canonical[k + 2], factor.frontZ);
    out[i] = 0;
    if (front === 0) continue;
    const x = factor.isMirrored ? Math.abs(canonical[k]) : canonical[k];
    out[i] =
      front * coverage(polygonDistance(corners, x, canonical[k + 1]), factor.soft * MILLIMETRE, footprint[i]);
  }
}

/** Metres to the outline, negative inside (even-odd). */
function polygonDistance(corners: number[], x: number, y: number): number {
  let nearest = Infinity;
  let isInside = false;
  for (let i = 0; i < corners.length; i += 2) {
    const j = (i + 2) % corners.length;
    const dx = corners[j] - corners[i];
    const dy = corners[j + 1] - corners[i + 1];
    const px = x - corners[i];
    const py = y - corners[i + 1];
    const along = Math.min(1, Math.max(0, (px * dx + py * dy) / (dx * dx + dy * dy + 1e-12)));
    nearest = Math.min(nearest, norm2(px - along * dx, py - along * dy));
    if (corners[i + 1] > y !== corners[j + 1] > y && px < (py * dx) / dy) isInside = !isInside;
  }
  return isInside ? -nearest : nearest;
}
