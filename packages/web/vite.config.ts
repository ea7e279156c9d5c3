import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/**
 * The build is relative throughout, so that one build works under any base path: the server only rewrites
 * `<base href>`. In development, API calls go to a Clew on its usual port.
 */
export default defineConfig({
  base: './',
  plugins: [react()],
  resolve: { conditions: ['@clew/source', 'module', 'browser', 'development|production'] },
  worker: { format: 'es' },
  build: { target: 'es2022', assetsInlineLimit: 0, chunkSizeWarningLimit: 500 },
  server: { proxy: { '/api': 'http://127.0.0.1:16686' } },
});
