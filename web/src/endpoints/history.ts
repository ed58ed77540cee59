import type { Draft } from './draft'

/** A request that was sent, and how it went. */
export interface Sent {
  at: number
  key: string
  draft: Draft
  status: number
  ms: number
}

const MOST = 30
const name = (generation: string) => `previewd.requests.${generation}`

export type Store = Pick<Storage, 'getItem' | 'setItem'>

export function readHistory(store: Store, generation: string): Sent[] {
  try {
    const list: unknown = JSON.parse(store.getItem(name(generation)) ?? '[]')
    return Array.isArray(list) ? list.filter(isSent) : []
  } catch {
    return []
  }
}

/** addToHistory puts a request first. Values that look like secrets are not written down. */
export function addToHistory(store: Store, generation: string, sent: Sent): Sent[] {
  const list = [{ ...sent, draft: withoutSecrets(sent.draft) }, ...readHistory(store, generation)].slice(0, MOST)
  try {
    store.setItem(name(generation), JSON.stringify(list))
  } catch {
    // Storage may be full; this history is not worth an error.
  }
  return list
}

function withoutSecrets(d: Draft): Draft {
  const secret = (n: string) => /authorization|cookie|token|secret|api-?key/i.test(n)
  return { ...d, values: d.values.map((v) => (v.in !== 'path' && (v.in === 'cookie' || secret(v.name)) ? { ...v, value: '' } : v)) }
}

function isSent(v: unknown): v is Sent {
  const s = v as Partial<Sent> | null
  return typeof s === 'object' && s !== null && typeof s.key === 'string' && typeof s.at === 'number' && Array.isArray(s.draft?.values)
}
