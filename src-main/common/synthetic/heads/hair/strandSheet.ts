import { portablePower, portableSine } from '#common/math/portableMath';
import type { SeededRandom } from '#common/math/seededRandom';
import { createSeededRandom } from '#common/math/seededRandom';
import { createByteTexture } from '#common/synthetic/heads/texture/byteTexture';
import type { ByteTexture } from '#common/synthetic/heads/texture/byteTexture';

/** What the columns of the sheet show; a lock is one of them. */
export type StrandKind =
  'full' | 'medium' | 'sparse' | 'wisp' | 'curlFull' | 'curlMedium' | 'curlSparse' | 'short';

const COLUMN = 128;
const HEIGHT = 512;
/** Share of the sheet in which strands come out of the skin one by one. */
export const ROOT_SHARE = 0.1;
/** Empty texels at a column's edges, so that coarse levels do not mix neighbours much. */
const MARGIN = 5;

interface ColumnPlan {
  readonly kind: StrandKind;
  readonly strands: number;
  /** Texels, half a strand's breadth. */
  readonly breadth: number;
  /** Groups of strands that run together to their tips. */
  readonly clumps: number;
  readonly gather: number;
  /** Strands end between this share of the length and 1. */
  readonly ends: number;
  /** Opaque ground under the strands, to this share of the length. */
  readonly ground: number;
  readonly waves: number;
  readonly swing: number;
}

const PLANS: readonly ColumnPlan[] = [
  { kind: 'full', strands: 130, breadth: 1.5, clumps: 7, gather: 0.35, ends: 0.8, ground: 0.8, waves: 0.6, swing: 3 },
  { kind: 'medium', strands: 92, breadth: 1.25, clumps: 6, gather: 0.6, ends: 0.72, ground: 0.3, waves: 0.8, swing: 4 },
  { kind: 'sparse', strands: 46, breadth: 1.1, clumps: 5, gather: 0.65, ends: 0.6, ground: 0, waves: 0.9, swing: 5 },
  { kind: 'wisp', strands: 15, breadth: 0.95, clumps: 4, gather: 0.4, ends: 0.5, ground: 0, waves: 1.2, swing: 8 },
  { kind: 'curlFull', strands: 120, breadth: 1.5, clumps: 5, gather: 0.5, ends: 0.85, ground: 0.8, waves: 8, swing: 12 },
  { kind: 'curlMedium', strands: 80, breadth: 1.3, clumps: 4, gather: 0.65, ends: 0.75, ground: 0, waves: 9, swing: 17 },
  { kind: 'curlSparse', strands: 30, breadth: 1.1, clumps: 4, gather: 0.4, ends: 0.55, ground: 0, waves: 7, swing: 24 },
  { kind: 'short', strands: 40, breadth: 1.3, clumps: 9, gather: 0.25, ends: 0.35, ground: 0, waves: 0.5, swing: 4 },
]; // prettier-ignore

/** Where a kind of strands lies on the sheet. */
export const STRAND_COLUMN = Object.fromEntries(PLANS.map(({ kind }, column) => [kind, column])) as Readonly<
  Record<StrandKind, number>
>;
export const STRAND_COLUMNS = PLANS.length;

let shared: ByteTexture | undefined;

/**
 * Strands of hair from root (v 0) to tip (v 1), drawn once for all heads: coverage, lightness (128 = the lock's), place
 * across the strand's clump (128 = its middle), a number of the strand. About 60 ms.
 */
export function strandSheet(): ByteTexture {
  shared ??= createByteTexture(COLUMN * PLANS.length, HEIGHT, drawSheet());
  return shared;
}

function drawSheet(): Uint8Array {
  const width = COLUMN * PLANS.length;
  const data = new Uint8Array(width * HEIGHT * 4);
  const random = createSeededRandom(0x57a1d);
  PLANS.forEach((plan, column) => {
    const sheet = new Float32Array(COLUMN * HEIGHT * 4);
    for (let k = 0; k < sheet.length; k += 4) sheet.set([0, 0.5, 0.5, 0.5], k);
    drawGround(sheet, plan);
    const clumps = Array.from({ length: plan.clumps }, (_, k) => ({
      centre: (k + 0.5 + 0.3 * random.normal()) / plan.clumps,
      phase: random.between(0, 6.28),
      lightness: 0.06 * random.normal(),
      waves: plan.waves * random.between(0.85, 1.15),
      end: random.between(0.85, 1),
    }));
    for (let strand = 0; strand < plan.strands; strand++) drawStrand(sheet, plan, clumps, random);
    for (let y = 0; y < HEIGHT; y++)
      for (let x = 0; x < COLUMN; x++)
        for (let c = 0; c < 4; c++)
          data[(y * width + column * COLUMN + x) * 4 + c] = Math.min(
            255,
            Math.max(0, Math.round(255 * sheet[(y * COLUMN + x) * 4 + c])),
          );
  });
  return data;
}

function drawGround(sheet: Float32Array, { ground }: ColumnPlan): void {
  if (ground === 0) return;
  for (let y = 0; y < HEIGHT; y++) {
    const t = y / HEIGHT;
    const along =
      Math.min(1, Math.max(0, t / ROOT_SHARE - 0.25)) * Math.min(1, Math.max(0, (ground - t) * 5));
    for (let x = 0; x < COLUMN; x++) {
      const across = Math.min(1, Math.max(0, (Math.min(x, COLUMN - 1 - x) - MARGIN - 6) / 9));
      const k = (y * COLUMN + x) * 4;
      sheet[k] = along * across;
      sheet[k + 1] = 0.36;
    }
  }
}

interface Clump {
  readonly centre: number;
  readonly phase: number;
  readonly lightness: number;
  readonly waves: number;
  readonly end: number;
}

function drawStrand(
  sheet: Float32Array,
  plan: ColumnPlan,
  clumps: readonly Clump[],
  random: SeededRandom,
): void {
  const start = random.uniform();
  let clump = clumps[0];
  for (const other of clumps)
    if (Math.abs(other.centre - start) < Math.abs(clump.centre - start)) clump = other;
  const inside = start - clump.centre;
  const lightness = 0.5 + clump.lightness + 0.085 * random.normal();
  const id = random.uniform();
  const end = (plan.ends + (1 - plan.ends) * random.uniform()) * clump.end;
  const begin = random.between(0, ROOT_SHARE * 0.8);
  const drift = 3 * random.normal();
  const stray = random.uniform() < 0.12 ? 1.6 : 1;
  const room = COLUMN / 2 - MARGIN - plan.swing * 0.7 - 2;
  for (let y = 0; y < HEIGHT; y++) {
    const t = y / HEIGHT;
    if (t < begin || t > end) continue;
    const together = 1 - plan.gather * portablePower(Math.min(1, t * 1.3), 1.5);
    const wave = portableSine(clump.phase + t * 6.2832 * clump.waves + inside * 5) * plan.swing * stray;
    const at =
      COLUMN / 2 +
      (2 * (clump.centre + inside * together) - 1) * room +
      wave * Math.min(1, t * 5) +
      drift * t;
    const left = (end - t) / (end - plan.ends * 0.45);
    const breadth = plan.breadth * (0.35 + 0.65 * Math.min(1, left * 2.2));
    const cover = Math.min(1, (t - begin) * 40) * Math.min(1, 0.25 + left * 3);
    stampRow(sheet, y, at, { breadth, cover, values: [lightness, 0.5 + inside * plan.clumps * 0.9, id] });
  }
}

interface Stamp {
  readonly breadth: number;
  readonly cover: number;
  readonly values: readonly number[];
}

function stampRow(sheet: Float32Array, y: number, at: number, { breadth, cover, values }: Stamp): void {
  const from = Math.max(0, Math.floor(at - breadth - 1));
  const to = Math.min(COLUMN - 1, Math.ceil(at + breadth + 1));
  for (let x = from; x <= to; x++) {
    const share = cover * Math.min(1, Math.max(0, breadth + 0.5 - Math.abs(x + 0.5 - at)));
    if (share <= 0) continue;
    const k = (y * COLUMN + x) * 4;
    sheet[k] += (1 - sheet[k]) * share;
    for (let c = 0; c < 3; c++) sheet[k + 1 + c] += (values[c] - sheet[k + 1 + c]) * share;
  }
}
