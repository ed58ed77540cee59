import { describe, expect, it } from 'vitest'
import { accessible, shoot } from '../chromium'
import { type World } from '../world'

export function signIn(w: World) {
  describe('signing in', () => {
    it('asks for a token, and again when it is refused', async () => {
      await w.page.goto(w.previewd.origin)
      await w.page.getByRole('heading', { name: 'Sign in to previewd' }).waitFor()
      await accessible(w.page, 'sign in')
      await shoot(w.page, 'sign-in')
      await w.page.getByLabel('Token').fill('no.such.token')
      await w.page.getByRole('button', { name: 'Continue' }).click()
      await w.page.getByText('The token was refused').waitFor()
    })

    it('takes a token from the address and hides it at once', async () => {
      await w.page.goto(`${w.previewd.origin}/#token=${await w.previewd.token()}`)
      await w.page.getByText('Drop a project folder or an archive here').waitFor()
      expect(w.page.url()).toBe(`${w.previewd.origin}/`)
      await accessible(w.page, 'nothing yet')
    })
  })
}
