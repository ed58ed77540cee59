import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import axe from 'axe-core'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'
import { expect } from 'vitest'

const SHOTS = join(import.meta.dirname, '../shots')

/** Debian's Chromium: nothing downloads one. */
export function launchBrowser(): Promise<Browser> {
  const found = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((p) => existsSync(p))
  if (!found) throw new Error('Chromium is missing: scripts/setup --dev installs it')
  return chromium.launch({ executablePath: found, args: ['--no-sandbox', '--disable-dev-shm-usage'] })
}

/** A window, with what went wrong in it and what it asked the network for. */
export interface Window {
  context: BrowserContext
  page: Page
  problems: string[]
  hosts: Set<string>
}

export async function openWindow(browser: Browser, theme: 'light' | 'dark' = 'light', width = 1440): Promise<Window> {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: theme, permissions: ['clipboard-read', 'clipboard-write'] })
  const page = await context.newPage()
  const problems: string[] = []
  const hosts = new Set<string>()
  page.on('pageerror', (e) => problems.push(String(e)))
  page.on('console', (m) => {
    if (m.type() === 'error' && !expected(m.text())) problems.push(m.text())
  })
  context.on('request', (r) => {
    if (/^(https?|wss?):/.test(r.url())) hosts.add(new URL(r.url()).hostname)
  })
  return { context, page, problems, hosts }
}

/** A browser writes an answer of 4xx or a broken connection to the console by itself; what the tab makes of it is tested. */
const expected = (text: string) => text.startsWith('Failed to load resource')

export async function shoot(page: Page, name: string): Promise<void> {
  mkdirSync(SHOTS, { recursive: true })
  await page.screenshot({ path: join(SHOTS, `${name}.png`) })
}

/** accessible holds the page, but not the apps in it, to axe's rules. */
export async function accessible(page: Page, what: string): Promise<void> {
  await page.evaluate(axe.source)
  const found = await page.evaluate(async () => {
    const run = (window as unknown as { axe: typeof axe }).axe.run
    const { violations } = await run(document, { iframes: false })
    return violations.map((v) => `${v.id}: ${v.help}\n${v.nodes.map((n) => `    ${n.html.slice(0, 160)}  ${n.failureSummary?.split('\n')[1]?.trim() ?? ''}`).join('\n')}`)
  })
  expect(found, what).toEqual([])
}
