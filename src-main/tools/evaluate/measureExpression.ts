import type { ArkitChannel } from '#common/head/arkitChannels';
import type { FaceTracker } from '#common/tracking/faceObservation';
import type { FaceMeasure, FaceMeasures } from '#tools/evaluate/faceMeasures';
import { eyeSpanOf, measureFace } from '#tools/evaluate/faceMeasures';
import { frameMaker, orbit, poseWith } from '#tools/evaluate/faceViews';
import type { Table } from '#tools/evaluate/printTable';
import { fixed } from '#tools/evaluate/printTable';
import { correlation, largestDrop, regressionSlope } from '#tools/evaluate/statistics';
import type { RenderableAvatar } from '#common/raster/avatarFrameRenderer';

interface Ramp {
  readonly channel: ArkitChannel;
  /** What should grow (sign 1) or shrink (-1) with the channel. */
  readonly measure: FaceMeasure;
  readonly sign: 1 | -1;
  /** The same measure on the other side, which should keep still. */
  readonly otherSide?: FaceMeasure;
}

const RAMPS: readonly Ramp[] = [
  { channel: 'jawOpen', measure: 'mouthOpening', sign: 1 },
  { channel: 'eyeBlinkLeft', measure: 'eyeOpennessLeft', sign: -1, otherSide: 'eyeOpennessRight' },
  { channel: 'eyeBlinkRight', measure: 'eyeOpennessRight', sign: -1, otherSide: 'eyeOpennessLeft' },
  { channel: 'mouthSmileLeft', measure: 'cornerPullLeft', sign: 1, otherSide: 'cornerPullRight' },
  { channel: 'mouthSmileRight', measure: 'cornerPullRight', sign: 1, otherSide: 'cornerPullLeft' },
  { channel: 'browInnerUp', measure: 'innerBrowHeight', sign: 1 },
  { channel: 'mouthPucker', measure: 'mouthWidth', sign: -1 },
  { channel: 'mouthFunnel', measure: 'mouthRoundness', sign: 1 },
];

const SIZE = 512;
const STEPS = 8;
const FRAMES_PER_SECOND = 25;
const LEAST_CORRELATION = 0.95;
/** Falls up to this share of the range are the tracker's noise. */
const MOST_DROP = 0.05;
const MOST_LEAK = 0.15;
const MOST_CLOSED = 0.25;

/** One channel of one avatar, ramped from 0 to 1 and tracked again. */
export interface RampFigures {
  readonly name: string;
  readonly channel: ArkitChannel;
  /** Frames in which the tracker lost the face. */
  readonly lost: number;
  /** The measure at each step, eye spans. */
  readonly series: readonly number[];
  readonly correlation: number;
  /** Largest fall against the direction, share of the range. */
  readonly drop: number;
  /** Change of the measure over the ramp in the right direction, eye spans. */
  readonly gain: number;
  /** How the other side goes along: its regression on this side's measure, in which jitter averages out. */
  readonly leak: number | undefined;
  /** Blinks: openness at 1 as a share of neutral. */
  readonly closed: number | undefined;
}

export async function measureExpression(
  { name, avatar }: { readonly name: string; readonly avatar: RenderableAvatar },
  tracker: FaceTracker,
): Promise<RampFigures[]> {
  const frame = frameMaker(avatar, SIZE, { kind: 'color', rgb: [128, 128, 128] });
  const figures: RampFigures[] = [];
  for (const ramp of RAMPS) {
    const seen: (FaceMeasures | undefined)[] = [];
    // As a video, which is what a ramp is: the region then follows the face instead of jumping with the detector.
    const video = tracker.startVideo();
    let eyeSpan: number | undefined;
    for (let step = 0; step <= STEPS; step++) {
      const picture = frame({ pose: poseWith({ [ramp.channel]: step / STEPS }), camera: orbit() });
      const face = await video.next(picture, step / FRAMES_PER_SECOND);
      eyeSpan ??= face && eyeSpanOf(face);
      seen.push(face && measureFace(face, eyeSpan));
    }
    figures.push(rampFigures(name, ramp, seen));
  }
  return figures;
}

/** @param seen one entry per step of equal size from 0 to 1, undefined where no face was found. */
export function rampFigures(
  name: string,
  ramp: Ramp,
  seen: readonly (FaceMeasures | undefined)[],
): RampFigures {
  const weights: number[] = [];
  const found: FaceMeasures[] = [];
  seen.forEach((measures, step) => {
    if (measures === undefined) return;
    weights.push(step / (seen.length - 1));
    found.push(measures);
  });
  const { channel, measure, sign, otherSide } = ramp;
  const series = found.map((measures) => measures[measure]);
  const rising = series.map((value) => value * sign);
  const gain = (rising.at(-1) ?? NaN) - rising[0];
  const other = otherSide && found.map((measures) => measures[otherSide]);
  return {
    name,
    channel,
    lost: seen.length - found.length,
    series,
    correlation: correlation(weights, rising),
    drop: largestDrop(rising),
    gain,
    leak: other && Math.abs(regressionSlope(series, other)),
    closed: channel.startsWith('eyeBlink') ? (series.at(-1) ?? NaN) / series[0] : undefined,
  };
}

export function rampFaults(figures: RampFigures): string[] {
  const { lost, correlation: r, drop, leak, closed } = figures;
  return [
    lost > 0 ? `lost ${lost}` : '',
    r >= LEAST_CORRELATION ? '' : 'correlation',
    drop <= MOST_DROP ? '' : 'not monotone',
    leak === undefined || leak < MOST_LEAK ? '' : 'leak',
    closed === undefined || closed < MOST_CLOSED ? '' : 'stays open',
  ].filter((fault) => fault !== '');
}

export function expressionTable(all: readonly RampFigures[]): Table {
  const share = (
    isGood: (figures: RampFigures) => boolean,
    of = all,
  ): Pick<Table['verdicts'][number], 'measured' | 'isMet'> => {
    const good = of.filter(isGood).length;
    return { measured: `${good} of ${of.length}`, isMet: good === of.length };
  };
  const blinks = all.filter(({ closed }) => closed !== undefined);
  const sided = all.filter(({ leak }) => leak !== undefined);
  return {
    title: 'Expression: single channels ramped, rendered and tracked again',
    head: ['portrait', 'channel', 'correlation', 'drop', 'gain', 'leak', 'closed', 'faults'],
    rows: all.map((row) => [
      row.name,
      row.channel,
      fixed(row.correlation, 3),
      percent(row.drop),
      fixed(row.gain, 3),
      percent(row.leak),
      percent(row.closed),
      rampFaults(row).join(', '),
    ]),
    verdicts: [
      { aim: `correlation >= ${LEAST_CORRELATION}`, ...share((row) => row.correlation >= LEAST_CORRELATION) },
      { aim: `monotone within ${percent(MOST_DROP)}`, ...share((row) => row.drop <= MOST_DROP) },
      {
        aim: `full blink < ${percent(MOST_CLOSED)} of neutral`,
        ...share((row) => row.closed! < MOST_CLOSED, blinks),
      },
      { aim: `left and right leak < ${percent(MOST_LEAK)}`, ...share((row) => row.leak! < MOST_LEAK, sided) },
    ],
  };
}

function percent(value: number | undefined): string {
  return value === undefined ? '' : `${fixed(value * 100, 0)} %`;
}
