import { invariant } from '#common/contract/errors';
import type { DataSource } from '#engine/training/data/dataSource';
import { streamAt } from '#engine/training/randomStreams';

export interface ShuffledBatchesOptions {
  readonly batchSize: number;
  readonly seed: number;
  /** Items given out before, from the checkpoint of the run that goes on. */
  readonly position?: number;
  /** Batches that are being read before they are asked for. */
  readonly ahead?: number;
}

/**
 * Endless batches: every item once in each pass, each pass in an order of its own, batches across the seam. The
 * order follows from seed and pass alone, so one number, the count of items given out, is its whole state.
 */
export class ShuffledBatches<Item> {
  readonly #source: DataSource<Item>;
  readonly #options: Required<Omit<ShuffledBatchesOptions, 'position'>>;
  readonly #pending: Promise<readonly Item[]>[] = [];
  #position: number;
  #order: { readonly pass: number; readonly indices: Uint32Array } | undefined;

  constructor(source: DataSource<Item>, options: ShuffledBatchesOptions) {
    invariant(source.count > 0, 'a data source to draw from has items');
    const { batchSize, seed, position = 0, ahead = 2 } = options;
    this.#source = source;
    this.#options = { batchSize, seed, ahead };
    this.#position = position;
  }

  /** Items given out so far, whatever is being read ahead. */
  get position(): number {
    return this.#position;
  }

  async next(): Promise<readonly Item[]> {
    const { batchSize, ahead } = this.#options;
    while (this.#pending.length <= ahead) {
      const batch = this.#read(this.#position + this.#pending.length * batchSize);
      // A failure is told to whoever asks for this batch, not to the process.
      void batch.catch(() => undefined);
      this.#pending.push(batch);
    }
    const items = await this.#pending[0];
    void this.#pending.shift();
    this.#position += batchSize;
    return items;
  }

  async #read(from: number): Promise<readonly Item[]> {
    const indices = Array.from({ length: this.#options.batchSize }, (_, k) => this.#indexAt(from + k));
    return await Promise.all(indices.map((index) => this.#source.read(index)));
  }

  #indexAt(position: number): number {
    const { count } = this.#source;
    const pass = Math.floor(position / count);
    if (this.#order?.pass !== pass)
      this.#order = { pass, indices: shuffled(count, this.#options.seed, pass) };
    return this.#order.indices[position % count];
  }
}

/** Fisher-Yates. */
function shuffled(count: number, seed: number, pass: number): Uint32Array {
  const random = streamAt(seed, 'shuffle', pass);
  const indices = Uint32Array.from({ length: count }, (_, k) => k);
  for (let k = count - 1; k > 0; k--) {
    const other = random.integer(k + 1);
    [indices[k], indices[other]] = [indices[other], indices[k]];
  }
  return indices;
}
