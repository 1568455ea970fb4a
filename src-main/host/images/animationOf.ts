const PNG_HEADER_BYTES = 8;
const CHUNK_OVERHEAD = 12;

/**
 * The animated format of a file that libvips opens as a still picture: animated PNG (`apng`) and AVIF image
 * sequences (`avis`). Undefined for stills.
 */
export function animationOf(bytes: Uint8Array): 'apng' | 'avis' | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (tagAt(bytes, 1) === 'PNG\r') return hasAnimationChunk(bytes, view) ? 'apng' : undefined;
  return tagAt(bytes, 4) === 'ftyp' && tagAt(bytes, 8) === 'avis' ? 'avis' : undefined;
}

/** An APNG has its `acTL` chunk before the first picture data (PNG third edition, 11.3.6.1). */
function hasAnimationChunk(bytes: Uint8Array, view: DataView): boolean {
  let at = PNG_HEADER_BYTES;
  while (at + CHUNK_OVERHEAD <= bytes.length) {
    const tag = tagAt(bytes, at + 4);
    if (tag === 'acTL') return true;
    if (tag === 'IDAT') return false;
    at += CHUNK_OVERHEAD + view.getUint32(at, false);
  }
  return false;
}

function tagAt(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}
