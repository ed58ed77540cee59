import { describe, expect, it } from 'vitest'
import { accessible } from '../chromium'
import { type World } from '../world'

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
      await p.getByRole('button', { name: 'Copy as curl' }).click()
      await p.getByText('Copied').waitFor()
      expect(await w.page.evaluate(() => navigator.clipboard.readText())).toMatch(/^curl -X POST 'http:\/\/127\.0\.0\.1:\d+\/notes\?tag=home\+%26\+shop' \\\n {2}--data-raw '\{"text": "Buy milk"\}'$/)
      await p.getByRole('button', { name: 'Back to the list' }).click()
      await p.getByRole('region', { name: 'Sent before' }).getByText('/notes').waitFor()
    })
  })
}
