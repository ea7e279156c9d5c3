import { defineConfig } from 'vite';

/** ES modules with the model and the protocol inside; only Node and the APIs that the spans are made through stay outside. */
export default defineConfig({
  resolve: { conditions: ['@clew/source'] },
  build: {
    target: 'node20',
    minify: false,
    sourcemap: true,
    lib: {
      entry: {
        index: 'src/index.ts',
        register: 'src/register.ts',
        opentracing: 'src/opentracing/index.ts',
        sampling: 'src/sampling/index.ts',
      },
      formats: ['es'],
    },
    rolldownOptions: { external: [/^node:/, '@opentelemetry/api', 'opentracing'] },
  },
});
