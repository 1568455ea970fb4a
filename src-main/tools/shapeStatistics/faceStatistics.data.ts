import type { MeasureName } from '#tools/shapeStatistics/measureFace';

/** One measure over people, in eye distances. */
export interface MeasureStatistics {
  readonly name: MeasureName;
  readonly mean: number;
  readonly deviation: number;
  /** Mean of men less mean of women. */
  readonly sexes: number;
}

/**
 * Statistics of adults, no single person's measures. Heights and widths: the studio's head fit of 148 template photographs
 * (`portraitPhotographs`; 124 within 18 degrees of frontal for means and deviations), less what the same fit reads differently from synthetic people
 * of known shape. Nostrils, noses, lids and lips have deviations by judgement: fits tell them badly. Depths (against the nose's
 * tip, which no frontal picture shows) are anthropometry's, at an eye distance of 65 mm. The mouth's corners are a
 * little higher than measured, so that resting faces do not sulk.
 */
export const MEASURES: readonly MeasureStatistics[] = [
  { name: 'mouthHeight', mean: 1.01, deviation: 0.055, sexes: 0.022 },
  { name: 'noseTipHeight', mean: 0.564, deviation: 0.037, sexes: 0.016 },
  { name: 'noseBaseHeight', mean: 0.692, deviation: 0.042, sexes: 0.013 },
  { name: 'chinHeight', mean: 1.74, deviation: 0.096, sexes: 0.065 },
  { name: 'faceWidth', mean: 2.265, deviation: 0.08, sexes: 0.026 },
  { name: 'cheekWidth', mean: 2.001, deviation: 0.068, sexes: 0.007 },
  { name: 'jawWidth', mean: 1.752, deviation: 0.095, sexes: 0.061 },
  { name: 'chinWidth', mean: 0.963, deviation: 0.058, sexes: 0.067 },
  { name: 'mouthWidth', mean: 0.83, deviation: 0.042, sexes: 0.015 },
  { name: 'upperLip', mean: 0.121, deviation: 0.025, sexes: -0.013 },
  { name: 'lowerLip', mean: 0.179, deviation: 0.031, sexes: -0.024 },
  { name: 'nostrilWidth', mean: 0.563, deviation: 0.041, sexes: 0.021 },
  { name: 'noseWidth', mean: 0.688, deviation: 0.045, sexes: 0.016 },
  { name: 'bridgeWidth', mean: 0.239, deviation: 0.013, sexes: -0.004 },
  { name: 'eyeWidth', mean: 0.379, deviation: 0.022, sexes: -0.004 },
  { name: 'browHeight', mean: 0.378, deviation: 0.036, sexes: -0.031 },
  { name: 'browInner', mean: 0.18, deviation: 0.029, sexes: -0.007 },
  { name: 'browOuter', mean: 0.233, deviation: 0.034, sexes: -0.033 },
  { name: 'eyeTilt', mean: 0.027, deviation: 0.018, sexes: -0.025 },
  { name: 'eyeOpening', mean: 0.134, deviation: 0.018, sexes: -0.018 },
  { name: 'mouthCorners', mean: 0.007, deviation: 0.015, sexes: -0.006 },
  { name: 'foreheadHeight', mean: 0.898, deviation: 0.055, sexes: -0.008 },
  { name: 'noseBaseDepth', mean: -0.215, deviation: 0.03, sexes: -0.01 },
  { name: 'upperLipDepth', mean: -0.205, deviation: 0.035, sexes: -0.014 },
  { name: 'lowerLipDepth', mean: -0.3, deviation: 0.042, sexes: -0.018 },
  { name: 'chinDepth', mean: -0.37, deviation: 0.055, sexes: -0.014 },
  { name: 'browDepth', mean: -0.31, deviation: 0.04, sexes: 0.01 },
  { name: 'nasionDepth', mean: -0.335, deviation: 0.035, sexes: 0 },
  { name: 'eyeDepth', mean: -0.53, deviation: 0.045, sexes: -0.016 },
  { name: 'alarDepth', mean: -0.41, deviation: 0.035, sexes: -0.017 },
];

/** Of the first measures, heights and widths: lower triangle without the diagonal, row by row. */
export const CORRELATED = 22;
export const CORRELATIONS: readonly number[] = [
  0.71, 0.81, 0.95, 0.8, 0.71, 0.78, 0.41, 0.41, 0.43, 0.7, 0.3, 0.27, 0.32, 0.59, 0.92, 0.28, 0.3, 0.29, 0.65, 0.9,
  0.88, 0.34, 0.34, 0.28, 0.66, 0.76, 0.62, 0.87, 0.31, 0.16, 0.24, 0.53, 0.55, 0.64, 0.58, 0.41, 0.29, 0.07, 0.16,
  0.11, 0.04, 0.1, -0.08, -0.22, 0.17, 0.22, -0.05, 0.07, 0.16, 0.12, 0.24, 0.04, -0.13, 0.33, 0.8, 0.28, 0.31, 0.31,
  0.54, 0.5, 0.53, 0.57, 0.51, 0.57, 0.1, 0.14, 0.26, 0.21, 0.23, 0.52, 0.55, 0.63, 0.61, 0.49, 0.64, 0.13, 0.25,
  0.96, -0.2, -0.15, -0.17, -0.44, -0.62, -0.6, -0.63, -0.56, -0.37, -0.02, -0.15, -0.21, -0.27, 0.28, 0.07, 0.19,
  0.25, 0.23, 0.23, 0.16, 0.21, 0.08, 0.02, 0.07, -0.19, -0.18, -0.4, 0.24, -0.02, 0.14, -0.02, -0.12, -0.04, -0.3,
  -0.45, -0.03, 0.36, 0.32, -0.3, -0.23, 0.15, 0.25, 0.31, 0.07, 0.21, 0.14, 0.02, 0.05, -0.18, -0.29, 0.05, 0.34,
  0.32, 0, 0.04, -0.03, 0.15, 0.77, 0.05, -0.18, -0.09, -0.09, -0.05, 0.05, -0.13, -0.29, 0.02, 0.22, 0.24, -0.33,
  -0.19, 0.08, 0.16, 0.84, 0.49, 0.11, 0.05, 0.16, -0.11, -0.17, -0.08, -0.29, -0.46, -0.09, 0.37, 0.26, -0.33,
  -0.34, 0.23, 0.33, 0.55, 0.21, 0.4, 0.26, 0.15, 0.26, 0.02, -0.22, -0.26, -0.34, -0.26, -0.27, 0.21, 0.07, -0.46,
  -0.53, 0.11, 0.58, 0.36, 0.17, 0.11, 0.63, 0.22, 0.14, 0.21, 0.04, -0.13, -0.05, -0.17, -0.27, 0.09, 0.04, -0.02,
  0.03, 0.01, 0.13, 0.07, 0.35, 0.28, 0.17, 0.33, 0.17, 0.52, 0.36, 0.55, 0.49, 0.32, 0.34, 0.12, -0.08, 0.25, 0.26,
  0.25, 0.09, 0.1, -0.15, 0.37, 0.55, 0.55, 0.27, 0.44, 0.42, 0.26,
]; // prettier-ignore

/** Between any two depths: all are measured from the nose's tip. */
export const DEPTH_CORRELATION = 0.5;

/**
 * What an ancestry at its fullest changes against its lack, in eye distances, by anthropometry; the model's own factors push lips and
 * eyes forward about twice as far. What is not named changes by 0.8 of what the model says.
 */
export const BY_ANCESTRY: Readonly<
  Record<'african' | 'asian', Readonly<Partial<Record<MeasureName, number>>>>
> = {
  african: {
    upperLipDepth: 0.06, lowerLipDepth: 0.08, noseBaseDepth: 0.05, upperLip: 0.03, lowerLip: 0.045, nostrilWidth: 0.085,
    noseWidth: 0.085, noseTipHeight: 0, noseBaseHeight: 0, browDepth: 0.04, nasionDepth: 0.04, eyeDepth: 0.05,
    alarDepth: 0.05, chinDepth: 0.04,
  },
  asian: {
    eyeDepth: 0.09, upperLipDepth: 0.04, lowerLipDepth: 0.05, noseBaseDepth: 0.03, chinDepth: 0.04, mouthHeight: 0.03,
    noseTipHeight: 0.02, noseBaseHeight: 0.02, chinHeight: 0.03, faceWidth: 0.06, cheekWidth: 0.06, upperLip: 0.012,
    alarDepth: 0.05, nostrilWidth: 0.03, noseWidth: 0.03, chinWidth: -0.03, eyeWidth: -0.02, foreheadHeight: -0.01,
    browHeight: 0,
  },
}; // prettier-ignore
