import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { strToU8, zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { accessible, shoot } from '../chromium'
import { PROJECTS, type World } from '../world'

export function failure(w: World) {
  describe('an archive', () => {
    it('is dropped; a launch that fails says why, and an agent can be told', async () => {
      const zip = zipSync({ 'server.js': strToU8(readFileSync(join(PROJECTS, 'broken/server.js'), 'utf8')) })
      await w.page.evaluate((content) => {
        const data = new DataTransfer()
        data.items.add(new File([new Uint8Array(content)], 'broken.zip', { type: 'application/zip' }))
        for (const type of ['dragenter', 'dragover', 'drop']) globalThis.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }))
      }, [...zip])
      await w.page.getByText('broken.zip').waitFor()
      await w.page.getByText('Limits and command').click()
      await w.page.getByLabel('Start command').fill('node server.js')
      await w.page.getByRole('button', { name: 'Launch', exact: true }).click()
      await w.pane('preview').getByText('APP_EXITED').waitFor({ timeout: 60_000 })
      await w.pane('preview').getByRole('heading', { name: /prot is not defined/ }).waitFor()
      await accessible(w.page, 'failed')
      await shoot(w.page, 'failed')
      await w.page.getByRole('button', { name: 'Copy for the agent' }).click()
      await w.page.getByText('Copied').first().waitFor()
      const told = await w.page.evaluate(() => navigator.clipboard.readText())
      expect(told).toContain('Reason: APP_EXITED')
      expect(told).toContain('ReferenceError: prot is not defined')
    })
  })
}
