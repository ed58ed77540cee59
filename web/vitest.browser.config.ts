import { defineConfig } from 'vitest/config'

// Tests in a real browser against a real previewd with real previews. They build on one another, in this order.
export default defineConfig({
  test: {
    include: ['browser/**/*.test.ts'],
    environment: 'node',
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 180_000,
    bail: 1,
    sequence: { concurrent: false },
  },
})
