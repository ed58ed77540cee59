import { createServer } from 'node:http'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import react from '@vitejs/plugin-react'
import { build } from 'vite'
import { describe, expect, it } from 'vitest'
import { accessible, openWindow, shoot } from '../chromium'
import type { World } from '../world'

const WEB = join(import.meta.dirname, '../..')

/** The package is built, then a product that uses it as it would from the registry. */
async function buildHost(out: string): Promise<void> {
  await build({ root: WEB, configFile: join(WEB, 'vite.lib.config.ts'), logLevel: 'error' })
  await build({
    root: join(WEB, 'browser/host'),
    configFile: false,
    logLevel: 'error',
    plugins: [react()],
    resolve: { alias: { 'previewd-web/style.css': join(WEB, 'lib/style.css'), 'previewd-web': join(WEB, 'lib/index.js') } },
    build: { outDir: out, emptyOutDir: true },
  })
}

const TYPES: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' }

export function host(w: World) {
  describe('a product of one’s own', () => {
    it('shows the tab in its page', async () => {
      const out = mkdtempSync(join(tmpdir(), 'previewd-host-'))
      await buildHost(out)
      const server = createServer((req, res) => {
        const path = new URL(req.url ?? '/', 'http://host').pathname
        const file = path === '/' ? '/index.html' : path
        if (!existsSync(join(out, file))) return res.writeHead(404).end()
        res.writeHead(200, { 'Content-Type': TYPES[extname(file)] ?? 'text/plain' }).end(readFileSync(join(out, file)))
      }).listen(w.hostPort, '127.0.0.1')
      const { context, page, problems } = await openWindow(w.browser)
      const api = encodeURIComponent(w.previewd.api)
      await page.goto(`http://127.0.0.1:${w.hostPort}/?generation=echo&api=${api}#${await w.previewd.token()}`)
      await page.frameLocator('iframe').getByRole('heading', { name: 'Echo' }).waitFor()
      await page.getByRole('log').getByText('INFO').first().waitFor()
      await page.getByRole('heading', { name: 'A product' }).waitFor()
      await accessible(page, 'host')
      await shoot(page, 'host')
      expect(problems).toEqual([])
      await context.close()
      server.close()
      rmSync(out, { recursive: true, force: true })
    })
  })
}
