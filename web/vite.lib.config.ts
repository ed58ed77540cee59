import react from '@vitejs/plugin-react'
import { defineConfig, esmExternalRequirePlugin } from 'vite'

// The package, for products that put the tab into a page of their own. React is theirs; all else is brought along.
const external = ['react', 'react-dom', 'react-dom/client', 'react/jsx-runtime']

export default defineConfig({
  plugins: [react(), esmExternalRequirePlugin({ external })], // some of what is brought along still says require
  build: {
    outDir: 'lib',
    emptyOutDir: true,
    target: 'es2022',
    lib: { entry: 'src/lib/index.ts', formats: ['es'], fileName: 'index', cssFileName: 'style' },
  },
})
