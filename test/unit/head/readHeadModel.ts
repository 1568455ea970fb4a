import { readFileSync } from 'node:fs';

import { channelIndex, type ArkitChannel } from '#common/head/arkitChannels';
import type { HeadModel } from '#common/head/headModel';
import { decodeHeadModel } from '#common/head/headModelCodec';

export const HEAD_MODEL_PATH = 'assets/head/head-v1.bin';

let model: HeadModel | undefined;

/** The committed model, decoded once per test file. */
export function readHeadModel(): HeadModel {
  return (model ??= decodeHeadModel(readFileSync(HEAD_MODEL_PATH)));
}

/** 52 weights from named ones. */
export function weightsOf(named: Partial<Record<ArkitChannel, number>>): Float32Array {
  const weights = new Float32Array(52);
  for (const [name, weight] of Object.entries(named)) weights[channelIndex(name as ArkitChannel)] = weight;
  return weights;
}

/** Millimetres between two points of a triple array. */
export function distanceMm(points: ArrayLike<number>, a: number, b: number): number {
  return 1000 * Math.hypot(...[0, 1, 2].map((c) => points[a * 3 + c] - points[b * 3 + c]));
}

/** The left eye opening: its loop (hidden inside the eyeball) and the ring around, the lids' margin. */
export function lidMargin(head: HeadModel): { loop: Set<number>; margin: number[] } {
  const [skin] = head.parts;
  const { position } = head.joints.find(({ name }) => name === 'eyeLeft')!;
  const directed = new Set<string>();
  const each = (visit: (a: number, b: number, t: number) => void): void => {
    for (let t = 0; t < skin.indexCount; t += 3)
      for (let k = 0; k < 3; k++) visit(head.indices[t + k], head.indices[t + ((k + 1) % 3)], t);
  };
  each((a, b) => directed.add(`${a} ${b}`));
  const loop = new Set<number>();
  each((a, b) => {
    const away = Math.hypot(...[0, 1, 2].map((c) => head.template[a * 3 + c] - position[c]));
    if (!directed.has(`${b} ${a}`) && away < 0.025) loop.add(a);
  });
  const margin = new Set<number>();
  each((a, b) => {
    if (loop.has(a) && !loop.has(b)) margin.add(b);
    if (loop.has(b) && !loop.has(a)) margin.add(a);
  });
  return { loop, margin: [...margin] };
}
