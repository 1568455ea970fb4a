// Layers are mechanical: who may import whom (ARCHITECTURE.md, "The map") is checked here, and
// dependency-homes.json says in which layer each npm package may run.
import js from '@eslint/js';
import { readFileSync } from 'node:fs';
import tseslint from 'typescript-eslint';

const homes = JSON.parse(readFileSync(new URL('./dependency-homes.json', import.meta.url), 'utf8'));

const layers = {
  'src-main/common': ['common'],
  'src-main/engine': ['common', 'engine'],
  'src-main/host': ['common', 'host'],
  'src-main/cli': ['common', 'host', 'cli'],
  'src-main/tools': ['common', 'host', 'tools', 'engine'],
};
const allLayers = ['common', 'engine', 'host', 'cli', 'tools', 'test'];

function restrictionsFor(folder, allowed) {
  const layer = folder.split('/').at(-1);
  const packages = Object.entries(homes)
    .filter(([, home]) => !home.layers.includes(layer))
    .map(([name]) => ({
      group: [name, `${name}/*`],
      message: `dependency-homes.json does not list ${layer} for ${name}.`,
    }));
  return [
    ...allLayers
      .filter((name) => !allowed.includes(name))
      .map((name) => ({ group: [`#${name}/*`], message: `${folder} may not import ${name}.` })),
    { group: ['../../*'], message: 'Climb no further than one folder: use the # aliases.' },
    ...packages,
  ];
}

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', '.cache/**', 'test-results/**'] },
  js.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked.map((config) => ({ ...config, files: ['**/*.ts'] })),
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: { allowDefaultProject: ['vitest.config.ts'] } } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'off',
      'no-console': 'error',
      'max-lines': ['error', { max: 500, skipBlankLines: false, skipComments: false }],
      'max-lines-per-function': ['error', { max: 80, skipBlankLines: true, skipComments: true }],
      complexity: ['error', 20],
      'max-params': ['error', 5],
    },
  },
  ...Object.entries(layers).map(([folder, allowed]) => ({
    files: [`${folder}/**/*.ts`],
    rules: {
      '@typescript-eslint/no-restricted-imports': ['error', { patterns: restrictionsFor(folder, allowed) }],
    },
  })),
  {
    files: ['test/**/*.ts'],
    rules: { 'max-lines': ['error', 800], 'max-lines-per-function': 'off' },
  },
  { files: ['**/*.data.ts'], rules: { 'max-lines': 'off' } },
  {
    files: ['src-main/cli/**/*.ts', 'src-main/tools/**/*.ts', 'test/bench/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['**/*.mjs', '**/*.js'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } },
  },
);
