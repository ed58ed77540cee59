import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { accessible, openWindow, shoot } from '../chromium'
import { until } from '../previewd'
import { PROJECTS, type World } from '../world'

export function project(w: World) {
  describe('a project', () => {
    it('is chosen, uploaded and launched', async () => {
      await w.page.getByLabel('Project folder').setInputFiles(join(PROJECTS, 'echo'))
      await w.page.getByText('3 files').waitFor()
      await w.page.getByRole('button', { name: 'Add a variable' }).click()
      await w.page.getByLabel('Name', { exact: true }).last().fill('GREETING')
      await w.page.getByLabel('Value').last().fill('hello')
      await w.page.getByRole('button', { name: 'Add a variable' }).click()
      await w.page.getByLabel('Name', { exact: true }).last().fill('API_KEY')
      await w.page.getByLabel('Value').last().fill('very-secret')
      expect(await w.page.getByLabel('Value').last().getAttribute('type')).toBe('password')
      await accessible(w.page, 'launch dialog')
      await shoot(w.page, 'launch')
      await w.page.getByRole('button', { name: 'Launch', exact: true }).click()
      await w.page.getByRole('progressbar', { name: 'Launch', exact: true }).waitFor()
      await shoot(w.page, 'starting')
      await accessible(w.page, 'starting')
      await w.app().getByRole('heading', { name: 'Echo' }).waitFor({ timeout: 60_000 })
      expect(w.page.url()).toBe(`${w.previewd.origin}/previews/echo`)
    })

    it('works in the frame: clicks, cookies and WebSockets', async () => {
      await w.app().getByRole('button', { name: 'clicked 0 times' }).click()
      await w.app().getByRole('button', { name: 'clicked 1 times' }).waitFor()
      await w.app().getByRole('button', { name: 'Log in' }).click()
      await w.app().getByText('alice').waitFor()
      await w.app().getByRole('button', { name: 'Talk' }).click()
      await w.app().getByText('heard hello').waitFor()
      expect(new URL(w.page.frames()[1]?.url() ?? '').hostname).toMatch(/\.preview\.localhost$/)
      expect(w.page.frames()[1]?.url()).not.toContain('token')
    })

    it('is navigated by the address bar, Back and Reload', async () => {
      await w.app().getByRole('link', { name: 'About' }).click()
      await w.app().getByRole('heading', { name: 'About' }).waitFor()
      await w.page.getByRole('button', { name: 'Back', exact: true }).click()
      await w.app().getByRole('heading', { name: 'Echo' }).waitFor()
      await w.pane('preview').getByRole('textbox', { name: 'Path' }).fill('/me')
      await w.pane('preview').getByRole('textbox', { name: 'Path' }).press('Enter')
      await w.app().getByText('{"user":"alice"}').waitFor()
      await w.pane('preview').getByRole('textbox', { name: 'Path' }).fill('https://example.com/')
      expect(await w.pane('preview').getByRole('textbox', { name: 'Path' }).getAttribute('aria-invalid')).toBe('true')
      await w.pane('preview').getByRole('textbox', { name: 'Path' }).fill('/')
      await w.pane('preview').getByRole('textbox', { name: 'Path' }).press('Enter')
      await w.app().getByRole('heading', { name: 'Echo' }).waitFor()
      await w.page.getByRole('button', { name: '390 px' }).click()
      await until('the frame is narrow', async () => (await w.page.locator('iframe').boundingBox())?.width === 390)
      await w.page.getByRole('button', { name: 'The pane’s width' }).click()
    })

    it('is shared by a link that opens it for others', async () => {
      await w.page.getByRole('button', { name: 'Share' }).click()
      await w.page.getByRole('button', { name: '15 min' }).click()
      await w.page.getByRole('button', { name: 'Make a link' }).click()
      const link = await w.page.getByText('__previewd_token=share_').textContent()
      await accessible(w.page, 'share')
      await shoot(w.page, 'share')
      await w.page.getByRole('button', { name: 'Close' }).click()
      const other = await openWindow(w.browser)
      await other.page.goto(link ?? '')
      await other.page.getByRole('heading', { name: 'Echo' }).waitFor()
      expect(other.page.url()).not.toContain('share_')
      await other.context.close()
    })

    it('lives longer when it is extended', async () => {
      const expiry = async () => ((await w.previewd.call('GET', '/generations/echo/preview/status')) as { expires_at: string }).expires_at
      const before = await expiry()
      await w.page.getByRole('button', { name: /min left/ }).click()
      await until('it ends later', async () => (await expiry()) > before)
    })
  })
}
