import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [svelte()],
  build: { target: 'safari15', assetsInlineLimit: 0, chunkSizeWarningLimit: 1200 },
  server: { port: 5173, strictPort: true },
  resolve: process.env.VITEST ? { conditions: ['browser'] } : undefined,
  // One worker for each processor: the usual is one less, which is half of two.
  test: { environment: 'happy-dom', include: ['src/**/*.test.ts'], maxWorkers: '100%' },
});
