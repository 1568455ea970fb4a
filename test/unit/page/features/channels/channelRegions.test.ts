import { describe, expect, it } from 'vitest';
import { CHANNEL_REGIONS, targetsOf } from '$features/channels/channelRegions.data';
import { channelLabel } from '$features/channels/channelLabel';
import { filterRegions } from '$features/channels/filterRegions';
import { POSE_TARGETS } from '$services/pose/poseValues';

const rows = CHANNEL_REGIONS.flatMap((region) => region.rows);

describe('channel regions', () => {
  it('have every channel and angle of a pose exactly once', () => {
    expect(rows.flatMap(targetsOf).sort()).toEqual([...POSE_TARGETS].sort());
  });

  it('give every target a name of its own', () => {
    const names = POSE_TARGETS.map(channelLabel);
    expect(new Set(names).size).toBe(names.length);
    expect(channelLabel('browDownRight')).toBe('Brows down, right');
  });
});

describe('filterRegions', () => {
  const found = (query: string): string[] =>
    filterRegions(CHANNEL_REGIONS, query).flatMap((region) => region.rows.flatMap(targetsOf));

  it('finds rows by name, by ARKit name and within a region', () => {
    expect(found('smile')).toEqual(['mouthSmileLeft', 'mouthSmileRight']);
    expect(found('jawOp')).toEqual(['jawOpen']);
    expect(found('mouth left')).toContain('mouthLeft');
    expect(found('  BROWS outer ')).toEqual(['browOuterUpLeft', 'browOuterUpRight']);
    expect(found('tail')).toEqual([]);
  });

  it('gives everything for nothing', () => {
    expect(filterRegions(CHANNEL_REGIONS, ' ')).toBe(CHANNEL_REGIONS);
  });
});
