import type { ChannelRegionData, ChannelRowData } from '$features/channels/channelRegions.data';
import { targetsOf } from '$features/channels/channelRegions.data';

/**
 * The regions that hold what is searched for. Every word must be found in the row's own name, its ARKit names or
 * its region; a region whose name says it all is shown whole.
 */
export function filterRegions(
  regions: readonly ChannelRegionData[],
  query: string,
): readonly ChannelRegionData[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return regions;
  return regions
    .map((region) => ({
      ...region,
      rows: region.rows.filter((row) => words.every((word) => textOf(region, row).includes(word))),
    }))
    .filter((region) => region.rows.length > 0);
}

function textOf(region: ChannelRegionData, row: ChannelRowData): string {
  return [region.name, row.name, ...targetsOf(row)].join(' ').toLowerCase();
}
