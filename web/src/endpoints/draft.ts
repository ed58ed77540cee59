import type { Endpoint, Parameter } from '../api/endpoints'
import type { AppRequest } from '../api/types'
import { exampleOf } from './example'

/** A value of a draft: what is sent, unless it is switched off. */
export interface Value {
  name: string
  in: Parameter['in']
  value: string
  on: boolean
}

/** A request as it is being written. */
export interface Draft {
  method: string
  path: string
  values: Value[]
  body: string
}

const WITH_BODY = ['POST', 'PUT', 'PATCH', 'DELETE']
export const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']

export const takesBody = (d: Pick<Draft, 'method'>): boolean => WITH_BODY.includes(d.method)

/** draftOf fills in what is known of an endpoint: examples, defaults, a body that fits its schema. */
export function draftOf(e: Endpoint): Draft {
  const method = e.method === '*' ? 'GET' : e.method
  const body = e.request_example ?? (e.request_schema ? exampleOf(e.request_schema) : undefined)
  const headers: Value[] = body === undefined ? [] : [{ name: 'Content-Type', in: 'header', value: 'application/json', on: true }]
  return {
    method,
    path: e.path,
    values: [...e.parameters.filter((p) => p.in !== 'body').map(valueOf), ...headers],
    body: body === undefined ? '' : JSON.stringify(body, null, 2),
  }
}

function valueOf(p: Parameter): Value {
  const known = p.example ?? p.default ?? p.enum?.[0] ?? exampleOf({ ...(p.type && { type: p.type }), ...(p.format && { format: p.format }) })
  return { name: p.name, in: p.in, value: asText(known), on: p.required || p.in === 'path' }
}

const asText = (v: unknown): string => (v === null || v === undefined ? '' : typeof v === 'string' ? v : JSON.stringify(v))

/** filled is the path with its parameters in place. One that may hold slashes, `{name:path}`, keeps them. */
export function filled(d: Draft): string {
  return d.path.replace(/\{([^}]+)\}/g, (whole, name: string) => {
    const plain = name.split(':')[0]?.replace(/^\*|\*$|\.\.\.$/g, '') ?? name
    const value = d.values.find((v) => v.in === 'path' && (v.name === plain || v.name === name))?.value
    if (value === undefined || value === '') return whole
    return value.split('/').map(encodeURIComponent).join(name.includes('path') || name.includes('*') ? '/' : '%2F')
  })
}

/** problemOf says what keeps a draft from being sent; null when nothing does. */
export function problemOf(d: Draft): string | null {
  const open = /\{[^}]+\}/.exec(filled(d))
  if (open) return `${open[0]} needs a value.`
  if (!d.path.startsWith('/')) return 'The path begins with a slash.'
  const nameless = d.values.find((v) => v.on && v.value !== '' && v.name === '')
  return nameless ? `A ${nameless.in} value has no name.` : null
}

/** requestOf is what previewd is asked to send. A body goes out as it stands, so that also a broken one can be tried. */
export function requestOf(d: Draft): AppRequest {
  const of = (where: Value['in']) => d.values.filter((v) => v.in === where && v.on && v.name !== '')
  const request: AppRequest = { method: d.method, path: filled(d) }
  const query = grouped(of('query'))
  if (Object.keys(query).length > 0) request.query = query
  const headers = grouped(of('header'))
  const cookies = of('cookie').map((c) => `${c.name}=${c.value}`)
  if (cookies.length > 0) headers['Cookie'] = cookies.join('; ')
  if (Object.keys(headers).length > 0) request.headers = headers
  if (takesBody(d) && d.body !== '') {
    request.body = d.body
    request.body_encoding = 'text'
  }
  return request
}

/** grouped keeps several values of one name. */
function grouped(values: readonly Value[]): Record<string, string | string[]> {
  const all: Record<string, string | string[]> = {}
  for (const v of values) {
    const before = all[v.name]
    all[v.name] = before === undefined ? v.value : [before, v.value].flat()
  }
  return all
}
