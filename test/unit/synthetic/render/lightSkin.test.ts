import { describe, expect, it } from 'vitest';
import { lightSkin, MARBLE_SCATTER } from '#common/synthetic/render/lighting/lightSkin';
import { bouncedOcclusion, highlight, wrappedCosine } from '#common/synthetic/render/lighting/shadingTerms';
import { createSurfaceLook } from '#common/synthetic/render/lighting/surfaceLook';
import { createSurfaceSamples } from '#common/synthetic/render/visibility/gatherSamples';
import { radianceShownAs, toneCurve } from '#common/synthetic/render/resolve/toneCurve';
import { PLAIN_LIGHT } from '#test/helpers/aScene';

/** One grey sample whose normal stands at `angle` to the key light, seen from the normal's side. */
function lit(
  angle: number,
  parts: { visibility?: number; curvature?: number; gloss?: number } = {},
): number[] {
  const samples = createSurfaceSamples(1);
  const look = createSurfaceLook(1);
  samples.count = 1;
  const normal = [Math.sin(angle), 0, Math.cos(angle)];
  samples.normals.set(normal);
  samples.views.set(normal);
  look.normals.set(normal);
  look.albedo.fill(0.5);
  look.roughness.fill(0.5);
  look.gloss.fill(parts.gloss ?? 0);
  samples.occlusion.fill(1);
  samples.keyVisibility.fill(parts.visibility ?? 1);
  samples.curvature.fill(parts.curvature ?? 10);
  const out = new Float32Array(4);
  const off = { ...PLAIN_LIGHT.fill, color: [0, 0, 0] as const };
  const light = { ...PLAIN_LIGHT, fill: off, rim: off, sky: [0, 0, 0] as const, ground: [0, 0, 0] as const };
  lightSkin(samples, look, light, out);
  return [...out.slice(0, 3)];
}

describe('lightSkin', () => {
  it('goes round edges in red before blue, the more the surface bends', () => {
    const [red, , blue] = lit(Math.PI / 2 + 0.05);
    expect(red).toBeGreaterThan(blue);
    expect(lit(Math.PI / 2 + 0.05, { curvature: 80 })[0]).toBeGreaterThan(red * 1.5);
    expect(lit(Math.PI / 2 + 0.05, { curvature: 80 })[1]).toBeLessThan(lit(0)[1] * 0.2);
  });

  it('makes shadow borders redder, not full light or full shade', () => {
    const ratio = (visibility: number) => lit(0.3, { visibility })[0] / lit(0.3, { visibility })[2];
    expect(ratio(0.5)).toBeGreaterThan(ratio(1) * 1.15);
    expect(lit(0.3, { visibility: 0 })).toEqual([0, 0, 0]);
  });

  it('shines where light is mirrored and little elsewhere', () => {
    const shine = (angle: number) => lit(angle, { gloss: 1 })[1] - lit(angle)[1];
    expect(shine(0)).toBeGreaterThan(0.02);
    expect(shine(0)).toBeLessThan(0.5);
    expect(shine(0.8)).toBeLessThan(shine(0) * 0.35);
  });

  it('is about as bright as matt paint in full light', () => {
    for (const value of lit(0)) expect(value).toBeCloseTo(0.5, 1);
  });

  it('lights marble alike in all channels', () => {
    expect(MARBLE_SCATTER.distance[0] / MARBLE_SCATTER.distance[2]).toBeLessThan(1.5);
  });
});

describe('shading terms', () => {
  it('keep their ends', () => {
    expect(wrappedCosine(1, 0.4)).toBeCloseTo(1, 6);
    expect(wrappedCosine(0.3, 0)).toBeCloseTo(0.3, 6);
    expect(wrappedCosine(-0.5, 0.4)).toBe(0);
    expect(bouncedOcclusion(1, 0.5)).toBeCloseTo(1, 2);
    expect(bouncedOcclusion(0.4, 0.8)).toBeGreaterThan(bouncedOcclusion(0.4, 0.1));
  });

  it('spread the highlight of a wide light', () => {
    const straight = { normalHalf: 1, lightHalf: 1, normalLight: 1 };
    const aside = { normalHalf: 0.9, lightHalf: 1, normalLight: 1 };
    expect(highlight(straight, 0.1, 0.4)).toBeLessThan(highlight(straight, 0.1, 0.02) * 0.5);
    expect(highlight(aside, 0.1, 0.4)).toBeGreaterThan(highlight(aside, 0.1, 0.02));
  });

  it('know which radiance is shown as a wanted value', () => {
    for (const wanted of [0, 0.001, 0.02, 0.2, 0.5, 0.7, 0.97])
      expect(toneCurve(radianceShownAs(wanted))).toBeCloseTo(wanted, 9);
  });

  it('shoulder highlights without clipping, rising all the way', () => {
    let previous = -1;
    for (let radiance = 0; radiance < 16; radiance += 0.01) {
      const shown = toneCurve(radiance);
      expect(shown).toBeGreaterThan(previous);
      expect(shown).toBeLessThan(1);
      previous = shown;
    }
  });
});
