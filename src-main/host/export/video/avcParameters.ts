import { invariant } from '#common/contract/errors';
import { BitReader, BitWriter, escapeNal, unescapeNal } from '#host/export/video/bitStream';
import { type FrameRate } from '#host/export/video/frameRate';

/** What a baseline sequence parameter set says (H.264 7.3.2.1), as far as minih264 writes it. */
export interface SequenceParameters {
  readonly profile: number;
  readonly level: number;
  readonly id: number;
  readonly log2MaxFrameNum: number;
  readonly referenceFrames: number;
  readonly widthInMacroblocks: number;
  readonly heightInMacroblocks: number;
  /** [left, right, top, bottom] in units of two pixels. */
  readonly crop: readonly [number, number, number, number];
}

/** Reads a sequence parameter set NAL unit (header byte included) of the kind minih264 writes. */
export function readSequenceParameters(nal: Uint8Array): SequenceParameters {
  const bits = new BitReader(unescapeNal(nal.subarray(1)));
  const profile = bits.bits(8);
  bits.bits(8);
  const level = bits.bits(8);
  const id = bits.unsigned();
  invariant(profile === 66, `the H.264 encoder writes baseline profile (it wrote ${profile})`);
  const log2MaxFrameNum = bits.unsigned() + 4;
  const orderType = bits.unsigned();
  invariant(orderType === 2, `pictures come in display order (order type ${orderType})`);
  const referenceFrames = bits.unsigned();
  bits.bits(1);
  const widthInMacroblocks = bits.unsigned() + 1;
  const heightInMacroblocks = bits.unsigned() + 1;
  invariant(bits.bits(1) === 1, 'pictures are whole frames');
  bits.bits(1);
  const hasCrop = bits.bits(1) === 1;
  const crop = [0, 0, 0, 0].map(() => (hasCrop ? bits.unsigned() : 0)) as [number, number, number, number];
  return {
    profile,
    level,
    id,
    log2MaxFrameNum,
    referenceFrames,
    widthInMacroblocks,
    heightInMacroblocks,
    crop,
  };
}

/**
 * The set as players should get it: constrained baseline (minih264 uses neither slice groups nor arbitrary
 * order, but does not say so), a level that the frame rate really needs, and the usability information the
 * encoder leaves out: BT.709 limited range, centre-sited chroma, exact timing, no reordering.
 */
export function writeSequenceParameters(parameters: SequenceParameters, fps: FrameRate): Uint8Array {
  const { widthInMacroblocks, heightInMacroblocks, crop } = parameters;
  const bits = new BitWriter();
  bits.bits(66, 8).bits(0b1100_0000, 8).bits(avcLevel(parameters, fps), 8);
  bits.unsigned(parameters.id).unsigned(parameters.log2MaxFrameNum - 4);
  bits.unsigned(2).unsigned(parameters.referenceFrames).bits(0, 1);
  bits.unsigned(widthInMacroblocks - 1).unsigned(heightInMacroblocks - 1);
  bits.bits(1, 1).bits(1, 1);
  const hasCrop = crop.some((side) => side > 0);
  bits.bits(hasCrop ? 1 : 0, 1);
  if (hasCrop) for (const side of crop) bits.unsigned(side);
  bits.bits(1, 1);
  writeUsability(bits, parameters, fps);
  const payload = escapeNal(bits.finish());
  return Uint8Array.from([0x67, ...payload]);
}

function writeUsability(bits: BitWriter, parameters: SequenceParameters, fps: FrameRate): void {
  bits.bits(0, 1); // no aspect ratio: pixels are square
  bits.bits(0, 1); // no overscan information
  bits.bits(1, 1).bits(5, 3).bits(0, 1); // video signal: unspecified format, limited range
  bits.bits(1, 1).bits(1, 8).bits(1, 8).bits(1, 8); // BT.709 primaries, transfer, matrix
  bits.bits(1, 1).unsigned(1).unsigned(1); // chroma in the centre of its 2 x 2 block
  bits
    .bits(1, 1)
    .bits(fps.denominator, 32)
    .bits(2 * fps.numerator, 32)
    .bits(1, 1); // two ticks a frame, fixed
  bits.bits(0, 1).bits(0, 1).bits(0, 1); // no HRD parameters, no picture structure messages
  bits.bits(1, 1).bits(1, 1).unsigned(0).unsigned(0).unsigned(16).unsigned(16);
  bits.unsigned(0).unsigned(parameters.referenceFrames); // nothing reordered, buffer = references
}

// [level_idc, macroblocks per second, macroblocks per frame], H.264 table A-1.
const AVC_LEVELS = [
  [10, 1485, 99], [11, 3000, 396], [12, 6000, 396], [13, 11_880, 396], [21, 19_800, 792], [22, 20_250, 1620],
  [30, 40_500, 1620], [31, 108_000, 3600], [32, 216_000, 5120], [40, 245_760, 8192], [42, 522_240, 8704],
  [50, 589_824, 22_080], [51, 983_040, 36_864], [52, 2_073_600, 36_864],
] as const; // prettier-ignore

function avcLevel(size: SequenceParameters, { numerator, denominator }: FrameRate): number {
  const perFrame = size.widthInMacroblocks * size.heightInMacroblocks;
  const perSecond = (perFrame * numerator) / denominator;
  return AVC_LEVELS.find(([, rate, frame]) => perSecond <= rate && perFrame <= frame)?.[0] ?? 62;
}

/** The `avcC` record of MP4 (ISO 14496-15 5.3.3.1), four-byte NAL lengths. */
export function avcConfiguration(sps: Uint8Array, pps: Uint8Array): Uint8Array {
  return Uint8Array.from([
    1, sps[1], sps[2], sps[3], 0xff,
    0xe1, sps.length >> 8, sps.length & 255, ...sps,
    1, pps.length >> 8, pps.length & 255, ...pps,
  ]); // prettier-ignore
}

/** `avc1.PPCCLL` of a sequence parameter set. */
export function avcCodecString(sps: Uint8Array): string {
  const hex = Array.from(sps.subarray(1, 4), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `avc1.${hex.toUpperCase()}`;
}
