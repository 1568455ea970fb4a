/**
 * What is to be shaded: one entry for each surface that a pixel sees. Structure of arrays that grow and are kept from
 * frame to frame.
 */
export class FragmentList {
  count = 0;
  /** Index of the mesh in the scene. */
  mesh = new Uint16Array(0);
  /** Primitive of that mesh's DrawnMesh. */
  primitive = new Int32Array(0);
  pixel = new Int32Array(0);
  /** Where on the screen it is shaded, 1/256 pixel: inside the samples it covers. */
  x = new Float32Array(0);
  y = new Float32Array(0);
  /** Bit per sample of the pixel. */
  mask = new Uint8Array(0);
  /** 1 / depth in the middle of the samples it covers. */
  near = new Float32Array(0);

  clear(): void {
    this.count = 0;
  }

  /** Makes room for `extra` more entries. */
  reserve(extra: number): void {
    const needed = this.count + extra;
    if (this.pixel.length >= needed) return;
    const size = Math.max(needed, Math.ceil(this.pixel.length * 1.5), 4096);
    this.mesh = grown(this.mesh, new Uint16Array(size));
    this.primitive = grown(this.primitive, new Int32Array(size));
    this.pixel = grown(this.pixel, new Int32Array(size));
    this.x = grown(this.x, new Float32Array(size));
    this.y = grown(this.y, new Float32Array(size));
    this.mask = grown(this.mask, new Uint8Array(size));
    this.near = grown(this.near, new Float32Array(size));
  }
}

function grown<T extends Uint16Array | Int32Array | Float32Array | Uint8Array>(old: T, fresh: T): T {
  fresh.set(old);
  return fresh;
}
