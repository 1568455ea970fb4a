/** Pieces of a pickle: bytes, a text of single-byte characters, or more pieces. */
export type Piece = string | Uint8Array | number | readonly Piece[];

/** Joins pieces: numbers are bytes, texts Latin-1. `pickle('(', 'i', 'os\nsystem\n', '.')` */
export function pickle(...pieces: readonly Piece[]): Uint8Array {
  return new Uint8Array(Buffer.concat(pieces.map(bytesOf)));
}

function bytesOf(piece: Piece): Buffer {
  if (typeof piece === 'string') return Buffer.from(piece, 'latin1');
  if (typeof piece === 'number') return Buffer.from([piece]);
  if (piece instanceof Uint8Array) return Buffer.from(piece);
  return Buffer.concat(piece.map(bytesOf));
}

/** BINUNICODE. */
export function text(value: string): Piece {
  const bytes = Buffer.from(value);
  return ['X', u32(bytes.length), bytes];
}

/** BININT, or LONG1 where that is too small. */
export function integer(value: number): Piece {
  if (Math.abs(value) < 2 ** 31) {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32LE(value);
    return ['J', bytes];
  }
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(BigInt(value));
  return [0x8a, 8, bytes];
}

export function tuple(...items: readonly Piece[]): Piece {
  return ['(', ...items, 't'];
}

/** GLOBAL. */
export function global(module: string, name: string): Piece {
  return `c${module}\n${name}\n`;
}

/** REDUCE of a name. */
export function call(module: string, name: string, ...items: readonly Piece[]): Piece {
  return [global(module, name), tuple(...items), 'R'];
}

export function dict(...entries: readonly (readonly [Piece, Piece])[]): Piece {
  return ['}', '(', ...entries.flat(), 'u'];
}

export function u32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

export function u64(value: number | bigint): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
