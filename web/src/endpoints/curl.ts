import { requestOf, type Draft } from './draft'

/** quoted is a text as a POSIX shell takes it for one word. */
export const quoted = (text: string): string => (/^[A-Za-z0-9_./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`)

/** curlOf is the same request as a command, sent to the app itself. */
export function curlOf(d: Draft, base: string): string {
  const r = requestOf(d)
  const url = base.replace(/\/$/, '') + r.path + search(r.path, r.query ?? {})
  const parts = ['curl', ...(d.method === 'GET' ? [] : d.method === 'HEAD' ? ['--head'] : ['-X', d.method]), quoted(url)]
  const headers = Object.entries(r.headers ?? {}).flatMap(([name, value]) => [value].flat().map((v) => `-H ${quoted(`${name}: ${v}`)}`))
  const body = r.body === undefined ? [] : [`--data-raw ${quoted(String(r.body))}`]
  return [parts.join(' '), ...headers, ...body].join(' \\\n  ')
}

function search(path: string, query: NonNullable<ReturnType<typeof requestOf>['query']>): string {
  const params = new URLSearchParams(Object.entries(query).flatMap(([n, v]) => [v].flat().map((one) => [n, String(one)])))
  return params.size === 0 ? '' : `${path.includes('?') ? '&' : '?'}${params}`
}
