import { ARKIT_CHANNELS, isArkitChannel } from '#common/head/arkitChannels';

/** What a motion can drive besides the 52 channels. In documents angles are degrees; in memory they are radians. */
export const ANGLE_TARGETS = [
  'head.yaw',
  'head.pitch',
  'head.roll',
  'neck.yaw',
  'neck.pitch',
  'neck.roll',
  'gaze.yaw',
  'gaze.pitch',
  'camera.yaw',
  'camera.pitch',
] as const;

/** The camera's optional zoom, a plain factor (2 = twice as large). */
export const ZOOM_TARGET = 'camera.zoom';

/** Every name a motion track or a pose setting may have. */
export const MOTION_TARGETS: readonly string[] = [...ARKIT_CHANNELS, ...ANGLE_TARGETS, ZOOM_TARGET];

export interface TargetRange {
  readonly low: number;
  readonly high: number;
  readonly unit: '' | 'degrees';
}

const ANGLE_LIMIT: Readonly<Record<string, number>> = {
  head: 90,
  neck: 90,
  gaze: 60,
  'camera.yaw': 180,
  'camera.pitch': 89,
};

/** Values a document may hold for a target, in document units; undefined where there is no such target. */
export function targetRange(target: string): TargetRange | undefined {
  if (isArkitChannel(target)) return { low: 0, high: 1, unit: '' };
  if (target === ZOOM_TARGET) return { low: 0.2, high: 5, unit: '' };
  if (!(ANGLE_TARGETS as readonly string[]).includes(target)) return undefined;
  const limit = ANGLE_LIMIT[target] ?? ANGLE_LIMIT[target.split('.')[0]];
  return { low: -limit, high: limit, unit: 'degrees' };
}

/** Document value to memory value: degrees become radians. */
export function targetScale(target: string): number {
  return targetRange(target)?.unit === 'degrees' ? Math.PI / 180 : 1;
}

/**
 * The known target most like a wrong name, for "did you mean". Spellings of other programs are met half way:
 * case, underscores and a final L or R do not count. Undefined where nothing is near.
 */
export function nearestTarget(name: string): string | undefined {
  const wanted = canonical(name);
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(wanted.length / 3)) + 1;
  for (const target of MOTION_TARGETS) {
    const distance = editDistance(wanted, canonical(target));
    if (distance < bestDistance) {
      best = target;
      bestDistance = distance;
    }
  }
  return best;
}

function canonical(name: string): string {
  return name
    .slice(0, 60)
    .replace(/[_\-\s]+l$|(?<=[a-z])L$/i, 'Left')
    .replace(/[_\-\s]+r$|(?<=[a-z])R$/, 'Right')
    .replace(/[^a-z0-9]/gi, '')
    .toLowerCase();
}

/** Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, k) => k);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitute = row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitute, row[j] + 1, next[j - 1] + 1));
    }
    row = next;
  }
  return row[b.length];
}
