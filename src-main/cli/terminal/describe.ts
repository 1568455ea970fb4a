import type { WrittenOutput } from '#common/contract/avatarResults';

/** `1.2 MB`, `34 kB`, `12 bytes`. */
export function fileSize(bytes: number): string {
  if (bytes >= 1e6) return `${(bytes / 1e6).toFixed(1)} MB`;
  return bytes >= 1e3 ? `${Math.round(bytes / 1e3)} kB` : `${bytes} bytes`;
}

export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

/** One line for each thing a job wrote. */
export function outputLines(outputs: readonly WrittenOutput[]): string[] {
  return outputs.map(({ kind, path, bytes, details = {} }) => {
    const facts = Object.entries(details).map(([name, value]) => `${name} ${value}`);
    return `${kind.padEnd(9)} ${path} (${[fileSize(bytes), ...facts].join(', ')})`;
  });
}
