/** One square picture of an icon, as PNG. */
export interface IconPicture {
  /** Pixels a side. */
  readonly size: number;
  readonly png: Uint8Array;
}

/**
 * Windows ICO with PNG pictures (readable since Vista): a header of 6 bytes, an entry of 16 for each picture, then
 * the pictures. Sizes up to 256.
 */
export function encodeIco(pictures: readonly IconPicture[]): Uint8Array {
  const header = 6 + 16 * pictures.length;
  const total = pictures.reduce((sum, { png }) => sum + png.length, header);
  const bytes = new Uint8Array(total);
  const view = new DataView(bytes.buffer);
  view.setUint16(2, 1, true);
  view.setUint16(4, pictures.length, true);
  let offset = header;
  pictures.forEach(({ size, png }, index) => {
    const entry = 6 + 16 * index;
    // 256 does not fit in a byte and is written as 0.
    view.setUint8(entry, size % 256);
    view.setUint8(entry + 1, size % 256);
    view.setUint16(entry + 4, 1, true);
    view.setUint16(entry + 6, 32, true);
    view.setUint32(entry + 8, png.length, true);
    view.setUint32(entry + 12, offset, true);
    bytes.set(png, offset);
    offset += png.length;
  });
  return bytes;
}

/** Apple's names for PNG pictures by size: plain, and the doubled ones of high-resolution screens. */
const ICNS_TYPES: Readonly<Record<number, readonly string[]>> = {
  16: ['icp4'],
  32: ['icp5', 'ic11'],
  64: ['icp6', 'ic12'],
  128: ['ic07'],
  256: ['ic08', 'ic13'],
  512: ['ic09', 'ic14'],
  1024: ['ic10'],
};

/** macOS ICNS: "icns", the length, then type, length and PNG of each picture, all big-endian. */
export function encodeIcns(pictures: readonly IconPicture[]): Uint8Array {
  const parts = pictures.flatMap(({ size, png }) => (ICNS_TYPES[size] ?? []).map((type) => ({ type, png })));
  const total = parts.reduce((sum, { png }) => sum + 8 + png.length, 8);
  const bytes = new Uint8Array(total);
  const view = new DataView(bytes.buffer);
  writeName(bytes, 0, 'icns');
  view.setUint32(4, total);
  let offset = 8;
  for (const { type, png } of parts) {
    writeName(bytes, offset, type);
    view.setUint32(offset + 4, 8 + png.length);
    bytes.set(png, offset + 8);
    offset += 8 + png.length;
  }
  return bytes;
}

function writeName(bytes: Uint8Array, offset: number, name: string): void {
  for (let index = 0; index < 4; index++) bytes[offset + index] = name.charCodeAt(index);
}
