/** Where the renderer's film curve leaves its straight part; see render/resolve/toneCurve.ts. */
const SHOULDER = 0.42;
/** Brightest wanted value: white would need infinite light. */
const BRIGHTEST = 0.975;

/**
 * The radiance that the renderer's film curve shows as `wanted`: drawn looks want paper white and ink colours as they are,
 * not as film would take them.
 */
export function drawnRadiance(wanted: number): number {
  if (wanted <= SHOULDER) return wanted > 0 ? wanted : 0;
  const q = ((wanted < BRIGHTEST ? wanted : BRIGHTEST) - SHOULDER) / (1 - SHOULDER);
  return SHOULDER + (1 - SHOULDER) * (q / (1 - q));
}
