import { describe, expect, it } from 'vitest'
import { accessible, shoot } from '../chromium'
import { type World } from '../world'

export function end(w: World) {
  describe('the end', () => {
    it('stops a preview and launches it again', async () => {
      await w.page.goto(`${w.previewd.origin}/previews/echo`)
      await w.page.getByRole('button', { name: 'Stop' }).click()
      await w.pane('preview').getByText('This preview has ended').waitFor({ timeout: 30_000 })
      await accessible(w.page, 'stopped')
      await shoot(w.page, 'stopped')
      await w.page.getByRole('button', { name: 'Launch again' }).click()
      await w.app().getByRole('heading', { name: 'Echo' }).waitFor({ timeout: 60_000 })
    })

    it('asked nobody but previewd and the previews, and broke nothing', () => {
      expect([...w.window.hosts].filter((h) => h !== 'preview.localhost' && !h.endsWith('.preview.localhost'))).toEqual([])
      expect(w.window.problems).toEqual([])
    })
  })
}
