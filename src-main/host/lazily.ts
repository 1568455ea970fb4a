/** A part that is opened when first needed and closed only if it was. */
export interface Lazy<Part> {
  get(): Part;
  dispose(): Promise<void>;
}

export function lazily<Part extends { dispose(): Promise<void> }>(open: () => Part): Lazy<Part> {
  let part: Part | undefined;
  return {
    get: () => (part ??= open()),
    async dispose() {
      const opened = part;
      part = undefined;
      await opened?.dispose();
    },
  };
}
