import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'vitest'
import { shoot } from '../chromium'
import { EXAMPLES, type World } from '../world'

export function hotReload(w: World) {
  describe('hot reload', () => {
    it('shows an edit of a Vite app without a reload', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'previewd-vite-'))
      cpSync(join(EXAMPLES, 'vite-react'), folder, { recursive: true })
      // Files of a running preview cannot be changed through the API: so the app changes its own when it is asked to.
      writeFileSync(
        join(folder, 'vite.config.js'),
        `import react from '@vitejs/plugin-react'
  import { readFileSync, writeFileSync } from 'node:fs'
  const edit = { name: 'edit', configureServer: (s) => { s.middlewares.use('/edit', (q, r) => {
    const file = readFileSync('src/App.jsx', 'utf8'); writeFileSync('src/App.jsx', file.replace('Counter', 'Edited')); r.end('done') }) } }
  export default { plugins: [react(), edit] }
  `,
      )
      await w.page.goto(w.previewd.origin)
      await w.page.getByLabel('Project folder').setInputFiles(folder)
      await w.page.getByRole('textbox', { name: 'Name' }).fill('vite')
      await w.page.getByRole('button', { name: 'Launch', exact: true }).click()
      await w.app().getByRole('heading', { name: 'Counter' }).waitFor({ timeout: 150_000 })
      await w.app().getByRole('button').click()
      await w.app().getByText('clicked 1 times').waitFor()
      await w.ask('vite', '/edit')
      await w.app().getByRole('heading', { name: 'Edited' }).waitFor()
      await w.app().getByText('clicked 1 times').waitFor() // what the page knew is still there
      await shoot(w.page, 'vite')
      rmSync(folder, { recursive: true })
    })
  })
}
