import type { Client } from './client'
import type { Session } from './types'

const PREFIX = 'previewd.session.'

/** Session tokens are told once, by the launch. This browser tab remembers them by preview, and asks for a new one where it does not. */
export function rememberSession(previewId: string, session: Session) {
  try {
    sessionStorage.setItem(PREFIX + previewId, JSON.stringify([session.session_token, session.token_expiry]))
  } catch {
    // Storage may be full or forbidden: a new token can be asked for.
  }
}

/** knownSession is a preview's session token while it is valid. */
export function knownSession(previewId: string): string | null {
  const [token, expiry] = stored(previewId)
  return token && Date.parse(expiry) > Date.now() ? token : null
}

function stored(previewId: string): [token: string, expiry: string] {
  try {
    const value: unknown = JSON.parse(sessionStorage.getItem(PREFIX + previewId) ?? '[]')
    return Array.isArray(value) ? [String(value[0] ?? ''), String(value[1] ?? '')] : ['', '']
  } catch {
    return ['', '']
  }
}

export function forgetSession(previewId: string) {
  try {
    sessionStorage.removeItem(PREFIX + previewId)
  } catch {
    // then it was never remembered
  }
}

/** sessionFor asks for a token where none is known. */
export async function sessionFor(client: Client, generation: string, previewId: string): Promise<string> {
  const known = knownSession(previewId)
  if (known) return known
  const session = await client.session(generation)
  rememberSession(previewId, session)
  return session.session_token
}
