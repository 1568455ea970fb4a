/**
 * Where a file of a packaged program lies on the real disk. Threads, native modules and files mapped into memory
 * cannot be read out of the archive; electron-builder.yml unpacks what they need beside it. Elsewhere unchanged.
 */
export function unpackedUrl(url: string): string {
  return url.replace(/\/app\.asar\//, '/app.asar.unpacked/');
}
