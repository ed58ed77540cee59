import { knownSession } from '../api/sessions'
import type { Preview } from '../api/types'
import { withToken } from './useEntry'

/** openInTab shows an app in a tab of its own, with the token that lets this browser in where it is known. */
export function openInTab(p: Pick<Preview, 'id' | 'preview_url' | 'base_url'>) {
  const token = knownSession(p.id)
  const direct = p.preview_url.startsWith(p.base_url)
  window.open(token && !direct ? withToken(p.preview_url, token) : p.preview_url, '_blank', 'noopener')
}
