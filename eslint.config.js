// Layers are mechanical: who may import whom (ARCHITECTURE.md, "The map") is checked here, and
// dependency-homes.json says in which layer each npm package may run.
import js from '@eslint/js';
import { readFileSync } from 'node:fs';
import svelte from 'eslint-plugin-svelte';
import tseslint from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

const homes = JSON.parse(readFileSync(new URL('./dependency-homes.json', import.meta.url), 'utf8'));

const layers = {
  'src-main/common': ['common'],
  'src-main/engine': ['common', 'engine'],
  'src-main/host': ['common', 'host'],
  'src-main/server': ['common', 'host', 'server'],
  'src-main/electron': ['common', 'host', 'server', 'electron'],
  'src-main/cli': ['common', 'host', 'server', 'engine', 'cli'],
  'src-main/tools': ['common', 'host', 'server', 'tools', 'engine'],
};
const allLayers = ['common', 'engine', 'host', 'server', 'electron', 'cli', 'tools', 'test'];

// Inside the page: folder -> which $folders it may import. All of it may import #common, nothing else of src-main.
const pageLayers = {
  ui: ['ui'],
  viewport: ['viewport'],
  platform: ['platform'],
  services: ['services', 'platform', 'viewport'],
  features: ['features', 'services', 'viewport', 'ui'],
  views: ['views', 'features', 'services', 'ui'],
};

function pageRestrictionsFor(folder, allowed) {
  return [
    ...Object.keys(pageLayers)
      .filter((name) => !allowed.includes(name))
      .map((name) => ({ group: [`$${name}/*`], message: `src-renderer/${folder} may not import ${name}.` })),
    ...restrictionsFor(`src-renderer/page`, ['common']),
  ];
}

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
  { ignores: ['dist/**', 'dist-desktop/**', 'node_modules/**', '.cache/**', 'test-results/**'] },
  js.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked.map((config) => ({
    ...config,
    files: ['**/*.ts', '**/*.svelte'],
  })),
  ...svelte.configs.recommended,
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: {
      parserOptions: { parser: tseslint.parser, extraFileExtensions: ['.svelte'], svelteConfig },
    },
    rules: {
      'svelte/no-unused-props': 'error',
      // One bindable prop makes the whole destructuring a `let`.
      'prefer-const': ['error', { destructuring: 'all' }],
    },
  },
  {
    // Services keep listeners and caches in plain maps and sets on purpose: what the page shows is $state.
    files: ['**/*.svelte.ts'],
    rules: { 'svelte/prefer-svelte-reactivity': 'off' },
  },
  {
    files: ['**/*.ts', '**/*.svelte'],
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['vitest.config.ts', 'vite.config.ts'] },
        extraFileExtensions: ['.svelte'],
      },
    },
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
  ...Object.entries(pageLayers).map(([folder, allowed]) => ({
    files: [`src-renderer/${folder}/**/*.{ts,svelte}`],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        { patterns: pageRestrictionsFor(folder, allowed) },
      ],
    },
  })),
  {
    // The same seed gives the same bytes on any machine: what no standard fixes to the bit is in portableMath.
    files: ['src-main/common/**/*.ts'],
    ignores: ['src-main/common/math/portableMath.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        ...['acos', 'asin', 'atan', 'atan2', 'cbrt', 'cos', 'exp', 'expm1', 'hypot', 'log', 'log10', 'log1p', 'log2', 'pow', 'sin', 'tan', 'tanh'].map((property) => ({ object: 'Math', property, message: 'Engines differ in its last bits: use #common/math/portableMath.' })), // prettier-ignore
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector:
            "BinaryExpression[operator='**']:not([left.type='Literal'][right.type=/Literal|UnaryExpression/])",
          message:
            'Engines differ in its last bits: use squared, cubed or a power of #common/math/portableMath.',
        },
      ],
    },
  },
  // ESLint's parser does not see the types of component props, so parameters of inline handlers are `any` to it;
  // svelte-check sees them.
  {
    files: ['**/*.svelte'],
    rules: {
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  // One component's script stays small; what is more goes to a .svelte.ts beside it. Markup repeats little.
  { files: ['**/*.svelte'], rules: { 'max-lines': ['error', 400], 'max-lines-per-function': 'off' } },
  {
    files: ['test/**/*.ts'],
    rules: { 'max-lines': ['error', 800], 'max-lines-per-function': 'off' },
  },
  { files: ['**/*.data.ts'], rules: { 'max-lines': 'off' } },
  {
    files: ['src-main/cli/**/*.ts', 'src-main/tools/**/*.ts', 'test/bench/**/*.ts', 'test/electron/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['**/*.mjs', '**/*.js'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } },
  },
);
