const INITIAL_CAPACITY = 256;
const FLOAT_SCRATCH = new DataView(new ArrayBuffer(4));

/**
 * Writes protobuf wire format into a growing buffer, fields in exactly the order of the calls, so that equal
 * calls give equal bytes. Only what ONNX needs: varints, 32-bit floats, length-delimited fields.
 */
export class ProtobufWriter {
  private bytes = new Uint8Array(INITIAL_CAPACITY);
  private length = 0;

  /** `value` is taken as a signed 64-bit integer (negative numbers take ten bytes, as protobuf's int64 does). */
  int64(field: number, value: number | bigint): void {
    this.tag(field, 0);
    this.varint(value);
  }

  float32(field: number, value: number): void {
    this.tag(field, 5);
    this.reserve(4);
    FLOAT_SCRATCH.setFloat32(0, value, true);
    for (let index = 0; index < 4; index++) this.bytes[this.length++] = FLOAT_SCRATCH.getUint8(index);
  }

  /** ASCII only: names of nodes and tensors are ours. */
  text(field: number, value: string): void {
    this.tag(field, 2);
    this.varint(value.length);
    this.reserve(value.length);
    for (let index = 0; index < value.length; index++) {
      this.bytes[this.length++] = value.charCodeAt(index) & 0x7f;
    }
  }

  raw(field: number, value: Uint8Array): void {
    this.tag(field, 2);
    this.varint(value.length);
    this.reserve(value.length);
    this.bytes.set(value, this.length);
    this.length += value.length;
  }

  packedInt64(field: number, values: readonly number[]): void {
    const packed = new ProtobufWriter();
    for (const value of values) packed.varint(value);
    this.raw(field, packed.finish());
  }

  message(field: number, write: (writer: ProtobufWriter) => void): void {
    const child = new ProtobufWriter();
    write(child);
    this.raw(field, child.finish());
  }

  /** A view of what was written; valid until the next write. */
  finish(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  private tag(field: number, wireType: number): void {
    this.varint((field << 3) | wireType);
  }

  private varint(value: number | bigint): void {
    this.reserve(10);
    if (typeof value === 'number' && value >= 0 && value < 0x7fffffff) {
      let rest = value;
      while (rest > 0x7f) {
        this.bytes[this.length++] = (rest & 0x7f) | 0x80;
        rest >>>= 7;
      }
      this.bytes[this.length++] = rest;
      return;
    }
    let rest = BigInt.asUintN(64, BigInt(value));
    while (rest > 0x7fn) {
      this.bytes[this.length++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    this.bytes[this.length++] = Number(rest);
  }

  private reserve(extra: number): void {
    const needed = this.length + extra;
    if (needed <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.bytes.length * 2));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }
}
