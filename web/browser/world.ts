import { join } from 'node:path'
import type { Browser, FrameLocator, Locator, Page } from 'playwright-core'
import { launchBrowser, openWindow, type Window } from './chromium'
import { freePort, Previewd } from './previewd'

export const PROJECTS = join(import.meta.dirname, 'projects')
export const EXAMPLES = join(import.meta.dirname, '../../examples')

/** What all steps share: a previewd, a browser, and the window in which most of it happens. */
export class World {
  previewd!: Previewd
  browser!: Browser
  window!: Window
  hostPort = 0

  async begin(): Promise<void> {
    this.hostPort = await freePort()
    ;[this.previewd, this.browser] = await Promise.all([Previewd.start(`http://127.0.0.1:${this.hostPort}`), launchBrowser()])
    this.window = await openWindow(this.browser)
  }

  async end(): Promise<void> {
    await this.browser?.close()
    await this.previewd?.end()
  }

  get page(): Page {
    return this.window.page
  }

  app = (): FrameLocator => this.page.frameLocator('iframe')

  pane = (name: string): Locator => this.page.locator(`[data-pane="${name}"]`)

  log = (): Locator => this.pane('logs').getByRole('log')

  /** Asks an app by the API, with the session token that the page has. */
  async ask(generation: string, path: string): Promise<void> {
    const { id } = (await this.previewd.call('GET', `/generations/${generation}/preview/status`)) as { id: string }
    const stored = await this.page.evaluate((key) => sessionStorage.getItem(key), `previewd.session.${id}`)
    const [token] = JSON.parse(stored ?? '[""]') as [string]
    const response = await fetch(`${this.previewd.api}/api/v1/generations/${generation}/preview/request`, {
      method: 'POST',
      headers: { 'X-Preview-Token': token, 'Content-Type': 'application/json' },
      body: JSON.stringify({ path }),
    })
    if (!response.ok) throw new Error(await response.text())
  }
}
