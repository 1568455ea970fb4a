import type { TensorEntry } from '#engine/checkpoints/tensorEntry';
import { elementCount } from '#engine/checkpoints/tensorEntry';

/** What a network asks for. */
export interface WantedTensor {
  readonly name: string;
  readonly shape: readonly number[];
}

export interface MatchedTensor {
  /** The network's name for it. */
  readonly name: string;
  /** The network's shape for it; the file may write a single number as one of one element. */
  readonly shape: readonly number[];
  readonly tensor: TensorEntry;
}

/** How the tensors of a file fit a network, one by one. */
export interface NameMatch {
  /** What the file puts before the network's names: `state_dict_ema.`, `G_ema.`, `state_dict.module.` or nothing. */
  readonly prefix: string;
  readonly matched: readonly MatchedTensor[];
  readonly missing: readonly WantedTensor[];
  readonly misshaped: readonly { readonly name: string; readonly expected: readonly number[]; readonly found: readonly number[] }[];
  /** Under the prefix, and no part of the network. */
  readonly unexpected: readonly string[];
  /** Under the prefix, and known to carry nothing: a second name of a matched tensor, keys the definition names. */
  readonly ignored: readonly string[];
  /** Tensors under other prefixes: `G`, `D`, `state_dict`, with their number. */
  readonly elsewhere: readonly (readonly [string, number])[];
} // prettier-ignore

export interface MatchOptions {
  /** Only look under this part of the file: `G_ema`. */
  readonly part?: string | undefined;
  readonly ignoredKeys?: readonly RegExp[];
}

/**
 * Fits the tensors of a file to a network's parameters. The prefix is the one under which most names are found; of
 * equals a moving average wins (`state_dict_ema`, `G_ema`), as the published programs choose.
 */
export function matchNames(
  tensors: readonly TensorEntry[],
  wanted: readonly WantedTensor[],
  { part, ignoredKeys = [] }: MatchOptions = {},
): NameMatch {
  const prefix = findPrefix(tensors, wanted, part);
  const under = new Map(
    tensors.filter(({ name }) => name.startsWith(prefix)).map((tensor) => [tensor.name.slice(prefix.length), tensor]),
  );
  const matched: MatchedTensor[] = [];
  const missing: WantedTensor[] = [];
  const misshaped: NameMatch['misshaped'][number][] = [];
  for (const { name, shape } of wanted) {
    const tensor = under.get(name);
    under.delete(name);
    if (tensor === undefined) missing.push({ name, shape });
    else if (!sameSizes(tensor.shape, shape)) misshaped.push({ name, expected: shape, found: tensor.shape });
    else matched.push({ name, shape, tensor });
  }
  const places = new Set(matched.map(({ tensor }) => placeOf(tensor)));
  const isIgnored = ([name, tensor]: readonly [string, TensorEntry]): boolean =>
    places.has(placeOf(tensor)) || ignoredKeys.some((pattern) => pattern.test(name));
  const rest = [...under];
  return {
    prefix,
    matched,
    missing,
    misshaped,
    unexpected: rest.filter((each) => !isIgnored(each)).map(([name]) => name),
    ignored: rest.filter(isIgnored).map(([name]) => name),
    elsewhere: countElsewhere(tensors, prefix),
  };
} // prettier-ignore

/** Share of a network's elements that a file has, in [0, 1]; 0 for a network without weights. */
export function shareMatched({ matched, missing, misshaped }: NameMatch): number {
  const count = (shapes: readonly { readonly shape: readonly number[] }[]): number =>
    shapes.reduce((total, { shape }) => total + elementCount(shape), 0);
  const all = count(matched) + count(missing) + count(misshaped.map(({ expected }) => ({ shape: expected })));
  return all === 0 ? 0 : count(matched) / all;
}

function findPrefix(
  tensors: readonly TensorEntry[],
  wanted: readonly WantedTensor[],
  part: string | undefined,
): string {
  const names = new Set(wanted.map(({ name }) => name));
  const votes = new Map<string, number>();
  for (const { name } of tensors) {
    if (part !== undefined && !name.startsWith(`${part}.`)) continue;
    // Every place where a name of the network could begin.
    for (let start = 0; start >= 0; start = nextStart(name, start)) {
      if (!names.has(name.slice(start))) continue;
      const prefix = name.slice(0, start);
      votes.set(prefix, (votes.get(prefix) ?? 0) + 1);
    }
  }
  const ranked = [...votes].sort(
    ([a, votesA], [b, votesB]) =>
      votesB - votesA || Number(isAverage(b)) - Number(isAverage(a)) || a.length - b.length,
  );
  return ranked[0]?.[0] ?? (part === undefined ? '' : `${part}.`);
}

function nextStart(name: string, start: number): number {
  const dot = name.indexOf('.', start);
  return dot < 0 ? -1 : dot + 1;
}

function isAverage(prefix: string): boolean {
  return /(^|[._])ema([._]|$)/i.test(prefix);
}

function sameSizes(a: readonly number[], b: readonly number[]): boolean {
  if (elementCount(a) === 1 && elementCount(b) === 1) return true;
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

/** Equal for two names of the same values. */
function placeOf({ storage, offset, shape, strides, type }: TensorEntry): string {
  return JSON.stringify([storage.key, storage.position, offset, shape, strides, type]);
}

function countElsewhere(tensors: readonly TensorEntry[], prefix: string): NameMatch['elsewhere'] {
  const groups = new Map<string, number>();
  for (const { name } of tensors) {
    if (name.startsWith(prefix)) continue;
    const group = name.split('.', 1)[0];
    groups.set(group, (groups.get(group) ?? 0) + 1);
  }
  return [...groups];
}
