/** Examples that training draws from; reading may be slow and must always give the same for an index. */
export interface DataSource<Item> {
  readonly count: number;
  read(index: number): Item | Promise<Item>;
}

/** Joins equally long arrays to one batch, first axis first. */
export function joinBatch(items: readonly Float32Array[]): Float32Array {
  const length = items[0]?.length ?? 0;
  const batch = new Float32Array(items.length * length);
  items.forEach((item, index) => batch.set(item, index * length));
  return batch;
}
