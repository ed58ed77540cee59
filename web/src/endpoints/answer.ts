import type { AppAnswer } from '../api/types'

export interface Shown {
  text: string
  language: 'json' | 'text'
}

/** bodyOf is an answer's body for people: JSON is laid out, bytes are told by their number alone. */
export function bodyOf(a: AppAnswer): Shown {
  if (a.body_encoding === 'json') return { text: JSON.stringify(a.body, null, 2), language: 'json' }
  if (a.body_encoding === 'base64') return { text: `${a.size_bytes} bytes of ${a.content_type || 'binary data'}`, language: 'text' }
  return { text: String(a.body ?? ''), language: 'text' }
}

/** statusTone says how an answer's status looks. */
export function statusTone(status: number): 'good' | 'info' | 'warn' | 'bad' {
  if (status < 300) return 'good'
  if (status < 400) return 'info'
  return status < 500 ? 'warn' : 'bad'
}
