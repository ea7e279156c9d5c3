import { defineConfig } from 'vite';

/** ES modules with the model and the protocol inside; only Node, the OpenTelemetry API and OpenTracing's stay outside. */
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
      },
      formats: ['es'],
    },
    rolldownOptions: { external: [/^node:/, '@opentelemetry/api', 'opentracing'] },
  },
});
