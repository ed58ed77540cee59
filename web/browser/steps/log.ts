import { describe, expect, it } from 'vitest'
import { accessible, openWindow } from '../chromium'
import { until } from '../previewd'
import { type World } from '../world'

export function log(w: World) {
  describe('the log', () => {
    it('is live, in colours, and never markup', async () => {
      await w.ask('echo', '/colours')
      await w.log().getByText('bold red').waitFor()
      const red = w.log().getByText('bold red')
      expect(await red.evaluate((e) => getComputedStyle(e).fontWeight)).toBe('700')
      expect(await w.log().locator('img').count()).toBe(0)
      expect(await w.log().getByText('<img src=x').count()).toBe(1)
      await w.log().getByText('key is [redacted]').waitFor()
      expect(await w.page.content()).not.toContain('very-secret')
    })

    it('is empty only until its first line', async () => {
      const other = await openWindow(w.browser)
      await other.page.addInitScript(lateLines)
      await other.page.goto(`${w.previewd.origin}/previews/echo#token=${await w.previewd.token()}`)
      const logs = other.page.locator('[data-pane="logs"]')
      await logs.getByText('No lines yet').waitFor()
      await other.page.evaluate(() => (window as unknown as { releaseLines: () => void }).releaseLines())
      await logs.locator('[data-index]').first().waitFor()
      expect(await logs.getByText('No lines yet').count()).toBe(0)
      await other.context.close()
    })

    it('groups a traceback, and folds it', async () => {
      await w.log().getByRole('button', { name: /Hide \d+ lines/ }).first().click()
      await w.log().getByRole('button', { name: /Show \d+ lines/ }).waitFor()
      await w.log().getByRole('button', { name: /Show \d+ lines/ }).click()
    })

    it('is filtered by level and source', async () => {
      await w.page.getByLabel('Level').selectOption('ERROR')
      await w.log().getByText('listening, greeting is hello').waitFor({ state: 'detached' })
      await w.log().getByText('something broke').waitFor()
      await w.page.getByLabel('Level').selectOption('DEBUG')
      await w.page.getByLabel('Source').selectOption('system')
      await w.log().getByText('something broke').waitFor({ state: 'detached' })
      await w.page.getByLabel('Source').selectOption('')
    })

    it('is searched as it is stored, and matches are marked', async () => {
      await w.page.keyboard.press('Escape')
      await w.page.getByLabel('Search the log').fill('greeting is')
      const found = w.pane('logs').getByRole('region', { name: 'Lines found' })
      await found.locator('mark').waitFor()
      expect(await found.locator('mark').textContent()).toBe('greeting is')
      await w.page.getByRole('button', { name: 'Regular expression' }).click()
      await w.page.getByLabel('Search the log').fill('b.ld r(e|i)d')
      await until('the match is marked', async () => (await found.locator('mark').first().textContent().catch(() => '')) === 'bold red')
      await accessible(w.page, 'search')
      await w.page.getByLabel('Search the log').fill('(')
      await w.pane('logs').getByRole('alert').waitFor()
      await w.page.getByRole('button', { name: 'Regular expression' }).click()
      await w.page.getByRole('button', { name: 'Back to the live log' }).click()
    })

    it('is downloaded', async () => {
      await w.page.getByRole('button', { name: 'Download' }).click()
      const [file] = await Promise.all([w.page.waitForEvent('download'), w.page.getByRole('menuitem', { name: 'Text' }).click()])
      expect(file.suggestedFilename()).toMatch(/^echo-.*\.txt|\.log$/)
    })

    it('goes on where it was after previewd was away', async () => {
      await w.previewd.down()
      await w.pane('logs').getByText('Reconnecting').waitFor()
      await w.previewd.up()
      await w.pane('logs').getByText('Live', { exact: true }).waitFor({ timeout: 30_000 })
      await w.ask('echo', '/lines?n=3')
      await w.log().getByText('line 3 of 3').waitFor()
      expect(await w.log().getByText('listening, greeting is hello').count()).toBe(1)
      expect(await w.log().getByText('line 1 of 3').count()).toBe(1)
    })

    it('takes 100,000 lines without stopping the page', async () => {
      await w.page.evaluate(() => {
        const w = globalThis as unknown as { gaps: number[] }
        w.gaps = []
        let before = performance.now()
        const tick = (now: number) => {
          w.gaps.push(now - before)
          before = now
          requestAnimationFrame(tick)
        }
        requestAnimationFrame(tick)
      })
      await w.ask('echo', '/lines?n=100000')
      await w.log().getByText('line 100000 of 100000').waitFor({ timeout: 60_000 })
      expect(await w.log().locator('[data-index]').count()).toBeLessThan(150)
      await w.log().evaluate(async (e) => {
        for (let i = 0; i < 60; i++) {
          e.scrollTop = (e.scrollHeight * (59 - i)) / 60
          await new Promise((resolve) => requestAnimationFrame(resolve))
        }
      })
      const gaps = (await w.page.evaluate(() => (globalThis as unknown as { gaps: number[] }).gaps)).sort((a, b) => a - b)
      const at = (share: number) => Math.round(gaps[Math.floor(gaps.length * share)] ?? 0)
      console.log(`100,000 lines: ${gaps.length} frames, median ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${Math.round(gaps.at(-1) ?? 0)} ms`)
      await w.pane('logs').getByRole('button', { name: 'Latest' }).click()
      await w.log().getByText('line 100000 of 100000').waitFor()
    })
  })
}

/** In a page: holds back the lines of a log, but not its states, until releaseLines is called. */
function lateLines(): void {
  const released = new Promise<void>((resolve) => Object.assign(window, { releaseLines: resolve }))
  const direct = window.fetch
  const late = () =>
    new TransformStream<Uint8Array, Uint8Array>({
      async transform(chunk, out) {
        const text = new TextDecoder().decode(chunk)
        const first = text.search(/^id: /m)
        if (first < 0) return out.enqueue(chunk)
        out.enqueue(new TextEncoder().encode(text.slice(0, first)))
        await released
        out.enqueue(new TextEncoder().encode(text.slice(first)))
      },
    })
  window.fetch = async (...args) => {
    const r = await direct(...args)
    return r.url.includes('/logs/stream') && r.body ? new Response(r.body.pipeThrough(late()), r) : r
  }
}
