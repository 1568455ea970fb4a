import { invariant } from '#common/contract/errors';
import { BitReader, BitWriter, escapeNal, unescapeNal } from '#host/export/video/bitStream';

const LENGTH_BYTES = 4;
const IDR_SLICE = 5;

/** `26 + pic_init_qp_minus26` of a picture parameter set NAL unit without slice groups (H.264 7.3.2.2). */
export function initialQuantizer(pps: Uint8Array): number {
  const bits = new BitReader(unescapeNal(pps.subarray(1)));
  bits.unsigned();
  bits.unsigned();
  invariant(bits.bits(1) === 0, 'baseline profile codes with CAVLC');
  bits.bits(1);
  invariant(bits.unsigned() === 0, 'there are no slice groups');
  bits.unsigned();
  bits.unsigned();
  bits.bits(3);
  return 26 + bits.signed();
}

/**
 * The same slice, made for a picture parameter set whose initial quantiser is lower by `steps`: adds them to
 * `slice_qp_delta` (H.264 7.3.3) and moves the rest of the bits along. An MP4 track has one parameter set, while
 * minih264 writes a new one for every quantiser. `sample` carries its four-byte length, and so does the result.
 */
export function shiftSliceQuantizer(sample: Uint8Array, log2MaxFrameNum: number, steps: number): Uint8Array {
  if (steps === 0) return sample;
  const header = sample[LENGTH_BYTES];
  const payload = unescapeNal(sample.subarray(LENGTH_BYTES + 1));
  const bits = new BitReader(payload);
  const isIdr = (header & 31) === IDR_SLICE;
  const isReference = (header & 0x60) !== 0;
  skipToQuantizer(bits, isIdr, isReference, log2MaxFrameNum);
  const before = bits.position;
  const delta = bits.signed();
  const after = bits.position;
  const end = lastSetBit(payload);
  const writer = new BitWriter();
  copyBits(payload, 0, before, writer);
  writer.signed(delta + steps);
  copyBits(payload, after, end, writer);
  const nal = escapeNal(writer.finish());
  const out = new Uint8Array(LENGTH_BYTES + 1 + nal.length);
  new DataView(out.buffer).setUint32(0, nal.length + 1);
  out[LENGTH_BYTES] = header;
  out.set(nal, LENGTH_BYTES + 1);
  return out;
}

/** Slice header up to slice_qp_delta, for frames in display order (order type 2) and one reference. */
function skipToQuantizer(
  bits: BitReader,
  isIdr: boolean,
  isReference: boolean,
  log2MaxFrameNum: number,
): void {
  bits.unsigned();
  const isPredicted = bits.unsigned() % 5 === 0;
  bits.unsigned();
  bits.bits(log2MaxFrameNum);
  if (isIdr) bits.unsigned();
  if (isPredicted) {
    if (bits.bits(1) === 1) bits.unsigned();
    invariant(bits.bits(1) === 0, 'references keep their order');
  }
  if (!isReference) return;
  if (isIdr) bits.bits(2);
  else invariant(bits.bits(1) === 0, 'references slide');
}

function copyBits(bytes: Uint8Array, from: number, to: number, writer: BitWriter): void {
  for (let at = from; at < to; at++) writer.bits((bytes[at >> 3] >> (7 - (at & 7))) & 1, 1);
}

/** Position of the stop bit. */
function lastSetBit(bytes: Uint8Array): number {
  let last = bytes.length - 1;
  while (last > 0 && bytes[last] === 0) last--;
  let bit = 7;
  while (bit > 0 && ((bytes[last] >> (7 - bit)) & 1) === 0) bit--;
  return last * 8 + bit;
}
