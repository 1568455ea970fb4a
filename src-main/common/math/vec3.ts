import { norm3 } from '#common/math/portableMath';

/** A point or direction; the name of the variable says in which space and unit. */
export type Vec3 = readonly [number, number, number];

export function add3(a: Vec3, b: Vec3): Vec3 {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
}

export function subtract3(a: Vec3, b: Vec3): Vec3 {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

export function scale3(a: Vec3, factor: number): Vec3 {
  return [a[0] * factor, a[1] * factor, a[2] * factor];
}

export function length3(a: Vec3): number {
  return norm3(a[0], a[1], a[2]);
}

export function distance3(a: Vec3, b: Vec3): number {
  return norm3(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

/** The point `index` of a packed array of xyz triples. */
export function pointAt(points: ArrayLike<number>, index: number): Vec3 {
  return [points[index * 3], points[index * 3 + 1], points[index * 3 + 2]];
}
