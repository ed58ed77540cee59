import type { Client } from './client'

const PREFIX = 'previewd.session.'

/** Session tokens are told once, by the launch. This browser tab remembers them by preview, and asks for a new one where it does not. */
export function rememberSession(previewId: string, token: string) {
  try {
    sessionStorage.setItem(PREFIX + previewId, token)
  } catch {
    // Storage may be full or forbidden: a new token can be asked for.
  }
}

export function knownSession(previewId: string): string | null {
  try {
    return sessionStorage.getItem(PREFIX + previewId)
  } catch {
    return null
  }
}

export function forgetSession(previewId: string) {
  try {
    sessionStorage.removeItem(PREFIX + previewId)
  } catch {
    // as above
  }
}

export async function sessionFor(client: Client, generation: string, previewId: string): Promise<string> {
  const known = knownSession(previewId)
  if (known) return known
  const { session_token } = await client.session(generation)
  rememberSession(previewId, session_token)
  return session_token
}
