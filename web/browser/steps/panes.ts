import { describe, expect, it } from 'vitest'
import { accessible, openWindow, shoot } from '../chromium'
import { until } from '../previewd'
import { type World } from '../world'

/** What is there in a pane once it has what it shows. */
const FILLED = { preview: 'iframe[src]', logs: '[data-index]', endpoints: '[role="region"]', status: 'figure path[d^="M"]' }

export function panes(w: World) {
  describe('every pane', () => {
    it.each(['light', 'dark'] as const)('is accessible, and looks well, in the %s theme', async (theme) => {
      const other = await openWindow(w.browser, theme)
      await other.page.goto(`${w.previewd.origin}/previews/echo#token=${await w.previewd.token()}`)
      await other.page.frameLocator('iframe').getByRole('heading', { name: 'Echo' }).waitFor()
      await other.page.locator('figure path[d^="M"]').first().waitFor({ state: 'attached' }) // two readings make a line
      await shoot(other.page, `all-${theme}`)
      await accessible(other.page, `all, ${theme}`)
      for (const [name, shown] of Object.entries(FILLED)) {
        await other.page.goto(`${w.previewd.origin}/previews/echo?pane=${name}`)
        await other.page.locator(`[data-pane="${name}"]`).locator(shown).first().waitFor({ state: 'attached' })
        await shoot(other.page, `${name}-${theme}`)
        await accessible(other.page, `${name}, ${theme}`)
      }
      expect(other.problems).toEqual([])
      await other.context.close()
    })

    it('has room on a telephone', async () => {
      const phone = await openWindow(w.browser, 'light', 390)
      await phone.page.goto(`${w.previewd.origin}/#token=${await w.previewd.token()}`)
      await phone.page.getByRole('button', { name: /^echo/ }).click()
      await phone.page.getByRole('tab', { name: 'Logs' }).click()
      await phone.page.getByRole('log').waitFor()
      expect(await phone.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
      await accessible(phone.page, 'telephone')
      await shoot(phone.page, 'telephone')
      await phone.page.goto(`${w.previewd.origin}/previews/${'a_long_name_'.repeat(10)}`)
      await phone.page.getByText('There is no such project').waitFor()
      expect(await phone.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
      await phone.context.close()
    })

    it('is reached by keys', async () => {
      await w.page.locator('body').click({ position: { x: 700, y: 20 } })
      await w.page.keyboard.press('?')
      await w.page.getByRole('heading', { name: 'Keyboard shortcuts' }).waitFor()
      await accessible(w.page, 'help')
      await w.page.keyboard.press('Escape')
      await w.page.getByRole('heading', { name: 'Keyboard shortcuts' }).waitFor({ state: 'detached' })
      await w.page.keyboard.press('2')
      await w.page.keyboard.press('m')
      await until('the log has the whole room', async () => w.page.url().endsWith('?pane=logs'))
      await w.page.keyboard.press('m')
      await w.page.keyboard.press('/')
      expect(await w.page.evaluate(() => document.activeElement?.id)).toBe('search-logs')
      await w.page.keyboard.press('Tab')
    })

    it('keeps its size', async () => {
      const handle = w.page.getByRole('separator', { name: 'Height of the log' })
      const before = await w.pane('logs').boundingBox()
      await handle.focus()
      for (let i = 0; i < 3; i++) await w.page.keyboard.press('ArrowUp')
      await until('the log is higher', async () => ((await w.pane('logs').boundingBox())?.height ?? 0) > (before?.height ?? 0) + 20)
      const after = (await w.pane('logs').boundingBox())?.height
      await until('it is kept', async () => w.page.evaluate(() => Object.keys(localStorage).some((k) => k.includes('previewd.left'))))
      await w.page.reload()
      await until('it is as high again', async () => Math.abs(((await w.pane('logs').boundingBox())?.height ?? 0) - (after ?? 0)) < 2)
    })
  })
}
