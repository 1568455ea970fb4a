import type { SceneMesh } from '#common/synthetic/scene';

/** A row of a sheet. */
export interface SheetSubject {
  readonly name: string;
  /** @param weights 52 channel weights */
  pose(weights: Float32Array): SceneMesh[];
}

/** Where rows come from; register new ones in main.ts. */
export interface SheetSource {
  /**
   * @param names which ones (domains), all or any when empty
   * @param library name of the third-party library people are mixed from
   */
  subjects(seed: number, count: number, names: readonly string[], library: string): Promise<SheetSubject[]>;
}
