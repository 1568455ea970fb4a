import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

// Runes everywhere: a component that still uses the old reactivity fails to compile.
export default { preprocess: vitePreprocess(), compilerOptions: { runes: true } };
