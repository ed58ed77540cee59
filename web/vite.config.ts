import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { precompress } from './precompress.ts'

// The page, into the folder that the Go program embeds. In `npm run dev` the API is that of a previewd beside it.
export default defineConfig({
  plugins: [react(), precompress()],
  build: {
    outDir: 'dist/app',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0, // the page's policy allows no data: but for images
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: { '/api': process.env['PREVIEW_API'] ?? 'http://127.0.0.1:8080' },
  },
})
