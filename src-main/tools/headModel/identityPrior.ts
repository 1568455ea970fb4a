import { readFileSync } from 'node:fs';

import { createSeededRandom, type SeededRandom } from '#common/math/seededRandom';

import type { TargetReader } from './sourceTargets';

/** A person drawn from the prior: factors for the regression and weights of source targets. */
export interface SampledIdentity {
  /** Age slider of the source: 0 newborn, 0.19 child, 0.5 about 25 years, 1 old. */
  readonly age: number;
  /** 0 female, 1 male. */
  readonly sex: number;
  readonly ancestry: { readonly caucasian: number; readonly asian: number; readonly african: number };
  readonly weights: ReadonlyMap<string, number>;
}

/** A slider in [-1, 1]: the negative side is target `low`, the positive side `high`. */
export interface FaceSlider {
  readonly group: string;
  readonly key: string;
  readonly low: string | undefined;
  readonly high: string;
}

const GROUPS = ['head', 'forehead', 'eyebrows', 'eyes', 'nose', 'mouth', 'ears', 'chin', 'cheek', 'neck'];

interface ModifierGroup {
  readonly group: string;
  readonly modifiers: readonly { readonly target: string; readonly min?: string; readonly max?: string }[];
}

/** The source's face sliders, from `modeling_modifiers.json`. */
export function readFaceSliders(path: string, targets: TargetReader): FaceSlider[] {
  const groups = JSON.parse(readFileSync(path, 'utf8')) as readonly ModifierGroup[];
  return groups
    .filter(({ group }) => GROUPS.includes(group))
    .flatMap(({ group, modifiers }) =>
      modifiers.map(({ target, min, max }) => ({
        group,
        key: min === undefined ? target : `${target}:${min}|${max}`,
        low: min === undefined ? undefined : `${group}/${target}-${min}`,
        high: max === undefined ? `${group}/${target}` : `${group}/${target}-${max}`,
      })),
    )
    .filter(({ low, high }) => targets.has(high) && (low === undefined || targets.has(low)));
}

/** Standard deviation of a slider; larger values than 0.24 drift into caricature (synthetic-heads, section 2). */
const SLIDER_STD = 0.21;

/** Sliders that only move or tilt the whole head: the camera and the neck do that already. */
const SKIPPED = /^head-age|^head-trans|^head-angle/;

/**
 * Shifts (mean) and spreads (std factor) that move the source's faces towards landmark statistics of real
 * portraits: mouths are wider, brows higher, noses shorter, and long chins rarer than its sliders give.
 */
const PRIOR_SHIFTS: Readonly<Record<string, { readonly mean: number; readonly spread: number }>> = {
  'mouth-scale-horiz:decr|incr': { mean: 0.3, spread: 1.2 },
  'eyebrows-trans-vert:less|more': { mean: 0.5, spread: 1.2 },
  'nose-trans-vert:down|up': { mean: 0.2, spread: 0.9 },
  'nose-scale-vert:decr|incr': { mean: -0.2, spread: 0.9 },
  'chin-height:min|max': { mean: -0.12, spread: 0.8 },
  'chin-jaw-drop:less|more': { mean: -0.1, spread: 0.7 },
  'head-scale-vert:less|more': { mean: -0.08, spread: 0.8 },
};

/** Draws one identity; the same seed gives the same person. */
export function sampleIdentity(
  sliders: readonly FaceSlider[],
  asymmetry: readonly string[],
  seed: number,
): SampledIdentity {
  const random = createSeededRandom(seed);
  const ancestry = sampleAncestry(random);
  const sex = random.uniform() < 0.5 ? random.between(0.7, 1) : random.between(0, 0.3);
  const age = sampleAge(random);
  const weights = new Map<string, number>();
  const add = (name: string, weight: number): void => {
    if (weight !== 0) weights.set(name, (weights.get(name) ?? 0) + weight);
  };
  const body = { muscle: random.between(0.35, 0.7), weight: random.between(0.3, 0.75) };
  for (const [name, weight] of macroWeights({ sex, age, ancestry, ...body })) add(name, weight);
  const drawn = new Map<string, number>();
  for (const slider of sliders) {
    if (SKIPPED.test(slider.key)) continue;
    const value = sliderValue(random, slider, drawn);
    if (value > 0) add(slider.high, value);
    else if (slider.low !== undefined) add(slider.low, -value);
  }
  for (const name of asymmetry) if (random.uniform() < 0.2) add(name, random.between(0, 0.35));
  return { age, sex, ancestry, weights };
}

/** Left and right sliders of a pair share their value up to a small difference. */
function sliderValue(random: SeededRandom, slider: FaceSlider, drawn: Map<string, number>): number {
  const shift = PRIOR_SHIFTS[slider.key] ?? { mean: 0, spread: 1 };
  const group = slider.group === 'ears' || slider.group === 'eyes' ? 0.8 : 1;
  const fresh = shift.mean + random.normal() * SLIDER_STD * shift.spread * group;
  let value = fresh;
  if (slider.key.startsWith('l-')) drawn.set(slider.key.slice(2), fresh);
  if (slider.key.startsWith('r-')) value = (drawn.get(slider.key.slice(2)) ?? fresh) + random.normal() * 0.04;
  if (slider.low === undefined) value = Math.abs(value) * 0.8;
  return Math.max(-1, Math.min(1, value));
}

function sampleAge(random: SeededRandom): number {
  const draw = random.uniform();
  if (draw < 0.12) return random.between(0.24, 0.42);
  return draw < 0.4 ? random.between(0.68, 0.98) : random.between(0.45, 0.68);
}

function sampleAncestry(random: SeededRandom): SampledIdentity['ancestry'] {
  const shares = [random.uniform(), random.uniform(), random.uniform()];
  const main = Math.floor(random.uniform() * 4);
  const rest = random.between(0, 0.3);
  const total = shares[0] + shares[1] + shares[2];
  const [caucasian, asian, african] = shares.map((share, i) =>
    main === 3 ? share / total : i === main ? 1 - rest : rest / 2,
  );
  return { caucasian, asian, african };
}

interface Macro {
  readonly sex: number;
  readonly age: number;
  readonly ancestry: SampledIdentity['ancestry'];
  readonly muscle: number;
  readonly weight: number;
}

/** The source's macro targets are products of factors (synthetic-heads, section 1.4). */
function macroWeights({ sex, age, ancestry, muscle, weight }: Macro): [string, number][] {
  const young = age < 0.5 ? Math.max(0, 3.2 * (age - 0.1875)) : 2 - 2 * age;
  const ages = {
    baby: Math.max(0, 1 - 5.333 * age),
    child: age < 0.5 ? Math.max(0, Math.min(1, 5.333 * age) - young) : 0,
    young,
    old: Math.max(0, 2 * age - 1),
  };
  const sexes = { male: sex, female: 1 - sex };
  const out: [string, number][] = [];
  const push = (name: string, value: number): void => {
    if (value > 1e-4) out.push([`macrodetails/${name}`, value]);
  };
  for (const [sexName, s] of Object.entries(sexes))
    for (const [ageName, a] of Object.entries(ages)) {
      for (const [name, share] of Object.entries(ancestry))
        push(`${name}-${sexName}-${ageName}`, s * a * share);
      for (const [m, muscles] of triple(muscle, 'muscle'))
        for (const [w, weights] of triple(weight, 'weight'))
          push(`universal-${sexName}-${ageName}-${m}-${w}`, s * a * muscles * weights);
    }
  return out;
}

function triple(value: number, name: string): [string, number][] {
  const low = Math.max(0, 1 - 2 * value);
  const high = Math.max(0, 2 * value - 1);
  return [
    [`min${name}`, low],
    [`max${name}`, high],
    [`average${name}`, 1 - low - high],
  ];
}
