import { CHANNEL_REGIONS, targetsOf } from '$features/channels/channelRegions.data';

const NAMES: ReadonlyMap<string, string> = new Map(
  CHANNEL_REGIONS.flatMap((region) =>
    region.rows.flatMap((row) =>
      targetsOf(row).map((target) => {
        const side = row.kind === 'single' ? '' : target === row.left ? ', left' : ', right';
        return [target, `${fullName(region.name, row.name)}${side}`] as const;
      }),
    ),
  ),
);

/** `Smile, left`, `Brows down, right`, `Head turn`: what a target is called outside its region. */
export function channelLabel(target: string): string {
  return NAMES.get(target) ?? target;
}

/** The history's words for moving a row: "Move smile", "Move head turn". */
export function moveLabel(name: string): string {
  return `Move ${name.charAt(0).toLowerCase()}${name.slice(1)}`;
}

/** Names of rows that mean nothing without their region. */
export function fullName(regionName: string, rowName: string): string {
  const needsRegion = ['Brows', 'Gaze', 'Head', 'Neck', 'Camera'].includes(regionName);
  return needsRegion ? `${regionName} ${rowName.charAt(0).toLowerCase()}${rowName.slice(1)}` : rowName;
}
