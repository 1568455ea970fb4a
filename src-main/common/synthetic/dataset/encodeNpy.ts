/** A float32 array as a numpy file (format 1.0, little endian, C order), the same bytes on any machine. */
export function encodeNpy(values: Float32Array, shape: readonly number[]): Uint8Array {
  const dimensions = shape.map((size) => `${size},`).join(' ');
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${dimensions}), }`;
  // Magic, version and length take 10 bytes; the data starts at a multiple of 64.
  const padding = 63 - ((10 + header.length) % 64);
  const text = `${header}${' '.repeat(padding)}\n`;
  const file = new Uint8Array(10 + text.length + values.length * 4);
  file.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  const view = new DataView(file.buffer);
  view.setUint16(8, text.length, true);
  for (let k = 0; k < text.length; k++) file[10 + k] = text.charCodeAt(k);
  values.forEach((value, k) => view.setFloat32(10 + text.length + k * 4, value, true));
  return file;
}
