import { defineConfig } from 'vite';

/** The browser's entry by itself, so that nothing of Node's is beside it. */
export default defineConfig({
  resolve: { conditions: ['@clew/source'] },
  build: {
    target: 'es2022',
    minify: false,
    sourcemap: true,
    emptyOutDir: false,
    lib: { entry: { browser: 'src/browser/index.ts' }, formats: ['es'] },
    rolldownOptions: { external: ['@opentelemetry/api'] },
  },
});
