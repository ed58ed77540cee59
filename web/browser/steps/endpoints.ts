import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { accessible, shoot } from '../chromium'
import { PROJECTS, type World } from '../world'

export function endpoints(w: World) {
  describe('endpoints', () => {
    it('lets any request be tried, shows the answer and keeps it', async () => {
      const p = w.pane('endpoints')
      await p.getByRole('button', { name: 'Request to any path' }).click()
      await p.getByLabel('Method').selectOption('POST')
      await p.getByRole('textbox', { name: 'Path' }).fill('/notes')
      await p.getByRole('button', { name: 'Add a parameter' }).click()
      await p.getByLabel('Name').last().fill('tag')
      await p.getByLabel('tag', { exact: true }).fill('home & shop')
      const body = p.getByRole('textbox', { name: 'Body' })
      await body.click()
      await w.page.keyboard.insertText('{"text": "Buy milk"}')
      await w.page.keyboard.press('Control+Enter')
      const answer = p.getByRole('region', { name: 'Answer' })
      await answer.getByText('200').waitFor()
      await answer.getByText('home & shop').waitFor()
      await accessible(w.page, 'answer')
      await shoot(w.page, 'answer')
      await p.getByRole('button', { name: 'Copy as curl' }).click()
      await p.getByText('Copied').waitFor()
      expect(await w.page.evaluate(() => navigator.clipboard.readText())).toMatch(/^curl -X POST 'http:\/\/127\.0\.0\.1:\d+\/notes\?tag=home\+%26\+shop' \\\n {2}--data-raw '\{"text": "Buy milk"\}'$/)
      await p.getByRole('button', { name: 'Back to the list' }).click()
      await p.getByRole('region', { name: 'Sent before' }).getByText('/notes').waitFor()
    })

    it('are grouped, found, and filled in from what is known of them', async () => {
      const file = (name: string) => readFileSync(join(PROJECTS, 'notes', name), 'utf8')
      const files = { 'main.py': file('main.py'), 'server.py': file('server.py') }
      await w.previewd.call('PUT', '/generations/notes', { project_id: 'notes', files })
      await w.previewd.call('POST', '/generations/notes/preview/launch', { project_id: 'notes', command: 'python3 server.py', wait: true })
      await w.page.goto(`${w.previewd.origin}/previews/notes`)
      const p = w.pane('endpoints')
      await p.getByRole('region', { name: 'notes', exact: true }).getByRole('button').nth(1).waitFor()
      await p.getByPlaceholder('Find among 2').fill('change')
      await p.getByRole('button', { name: /PUT/ }).click()
      await p.getByRole('button', { name: 'main.py:20' }).waitFor()
      await p.getByLabel('note_id', { exact: true }).last().fill('7')
      await shoot(w.page, 'try-it')
      await accessible(w.page, 'try it')
      await p.getByRole('button', { name: 'Send' }).click()
      await p.getByRole('region', { name: 'Answer' }).getByText('"/notes/7"').waitFor()
      await p.getByRole('region', { name: 'Answer' }).getByText('"title"').waitFor()
      await w.page.goto(`${w.previewd.origin}/previews/echo`)
    })
  })
}
