import { AppError } from '#common/contract/errors';

/**
 * One table of a FlatBuffer, read in place. Fields are addressed by their number in the schema; an absent
 * field gives the default. Offsets outside the buffer throw `model.unsupported`: a damaged file, not a crash.
 */
export class FlatTable {
  private readonly view: DataView;
  private readonly position: number;

  constructor(view: DataView, position: number) {
    this.view = view;
    this.position = position;
  }

  /** The root table of a whole file. */
  static root(bytes: Uint8Array): FlatTable {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return new FlatTable(
      view,
      guard(() => view.getUint32(0, true)),
    );
  }

  int8(field: number, fallback = 0): number {
    const at = this.fieldPosition(field);
    return at === undefined ? fallback : guard(() => this.view.getInt8(at));
  }

  int32(field: number, fallback = 0): number {
    const at = this.fieldPosition(field);
    return at === undefined ? fallback : guard(() => this.view.getInt32(at, true));
  }

  table(field: number): FlatTable | undefined {
    const at = this.target(field);
    return at === undefined ? undefined : new FlatTable(this.view, at);
  }

  tables(field: number): FlatTable[] {
    const at = this.target(field);
    if (at === undefined) return [];
    return this.elements(at).map((position) => {
      const offset = guard(() => this.view.getUint32(position, true));
      return new FlatTable(this.view, position + offset);
    });
  }

  int32s(field: number): number[] {
    const at = this.target(field);
    if (at === undefined) return [];
    return this.elements(at).map((position) => guard(() => this.view.getInt32(position, true)));
  }

  /** A view of a byte vector; undefined where the field is absent or empty. */
  bytes(field: number): Uint8Array | undefined {
    const at = this.target(field);
    if (at === undefined) return undefined;
    return guard(() => {
      const length = this.view.getUint32(at, true);
      return length === 0
        ? undefined
        : new Uint8Array(this.view.buffer, this.view.byteOffset + at + 4, length);
    });
  }

  text(field: number): string {
    const bytes = this.bytes(field);
    return bytes === undefined ? '' : String.fromCharCode(...bytes);
  }

  private elements(at: number): number[] {
    const count = guard(() => this.view.getUint32(at, true));
    if (at + 4 + 4 * count > this.view.byteLength) throw damaged();
    return Array.from({ length: count }, (_, index) => at + 4 + 4 * index);
  }

  private target(field: number): number | undefined {
    const at = this.fieldPosition(field);
    return at === undefined ? undefined : at + guard(() => this.view.getUint32(at, true));
  }

  private fieldPosition(field: number): number | undefined {
    return guard(() => {
      const vtable = this.position - this.view.getInt32(this.position, true);
      const slot = 4 + 2 * field;
      if (slot >= this.view.getUint16(vtable, true)) return undefined;
      const offset = this.view.getUint16(vtable + slot, true);
      return offset === 0 ? undefined : this.position + offset;
    });
  }
}

function guard<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) throw damaged();
    throw error;
  }
}

function damaged(): AppError {
  return new AppError('model.unsupported', 'The tflite file is damaged: an offset points outside of it.');
}
