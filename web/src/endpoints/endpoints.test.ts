import { describe, expect, it } from 'vitest'
import type { Endpoint, Schema } from '../api/endpoints'
import { bodyOf } from './answer'
import { curlOf, quoted } from './curl'
import { draftOf, filled, problemOf, requestOf, type Draft } from './draft'
import { exampleOf } from './example'
import { groupsOf } from './group'
import { addToHistory, readHistory } from './history'

const endpoint = (method: string, path: string, more: Partial<Endpoint> = {}): Endpoint => ({
  path,
  method,
  summary: '',
  description: '',
  tags: [],
  name: '',
  parameters: [],
  request_schema: null,
  request_example: undefined,
  response_schema: null,
  source: null,
  origin: 'static',
  ...more,
})

describe('groupsOf', () => {
  const all = [endpoint('GET', '/api/v1/notes'), endpoint('POST', '/login', { tags: ['auth'], summary: 'Sign in' }), endpoint('GET', '/{slug}'), endpoint('GET', '/')]

  it('groups by tag, or by the first part of the path', () => {
    expect(groupsOf(all, '').map((g) => [g.tag, g.endpoints.length])).toEqual([
      ['/', 2],
      ['auth', 1],
      ['notes', 1],
    ])
  })

  it('finds by method, path and words', () => {
    const found = (text: string) => groupsOf(all, text).flatMap((g) => g.endpoints.map((e) => e.path))
    expect(found('post sign')).toEqual(['/login'])
    expect(found('NOTES')).toEqual(['/api/v1/notes'])
    expect(found('nothing')).toEqual([])
  })
})

describe('exampleOf', () => {
  it('prefers what is given', () => {
    expect(exampleOf({ type: 'string', example: 'x', default: 'y' })).toBe('x')
    expect(exampleOf({ type: 'integer', default: 0 })).toBe(0)
    expect(exampleOf({ enum: ['b', 'a'] })).toBe('b')
  })

  it('makes up the rest by type', () => {
    const schema: Schema = {
      type: 'object',
      properties: {
        id: { type: 'string', format: 'uuid' },
        n: { type: ['null', 'integer'], minimum: 3 },
        tags: { type: 'array', items: { type: 'string' } },
        any: true,
        either: { anyOf: [{ type: 'null' }, { type: 'boolean' }] },
        both: { allOf: [{ type: 'object', properties: { a: { type: 'number' } } }, { type: 'object', properties: { b: { const: 1 } } }] },
      },
    }
    expect(exampleOf(schema)).toEqual({ id: '00000000-0000-4000-8000-000000000000', n: 3, tags: ['string'], any: null, either: false, both: { a: 0, b: 1 } })
  })

  it('ends with schemas that never do', () => {
    const loop: Record<string, unknown> = { type: 'object' }
    loop['properties'] = { again: loop }
    expect(JSON.stringify(exampleOf(loop)).length).toBeLessThan(200)
  })
})

describe('draftOf', () => {
  const put = endpoint('PUT', '/notes/{note_id}', {
    parameters: [
      { name: 'note_id', in: 'path', type: 'integer', required: true, example: 7 },
      { name: 'draft', in: 'query', type: 'boolean', required: false, default: true },
      { name: 'X-Trace', in: 'header', required: true },
    ],
    request_schema: { type: 'object', properties: { text: { type: 'string' } } } as unknown as Endpoint['request_schema'],
    request_example: { text: 'Buy milk' },
  })

  it('fills in what is known', () => {
    const d = draftOf(put)
    expect(d.values.map((v) => [v.name, v.value, v.on])).toEqual([
      ['note_id', '7', true],
      ['draft', 'true', false],
      ['X-Trace', '', true],
      ['Content-Type', 'application/json', true],
    ])
    expect(JSON.parse(d.body)).toEqual({ text: 'Buy milk' })
    expect(requestOf(d)).toEqual({
      method: 'PUT',
      path: '/notes/7',
      headers: { 'X-Trace': '', 'Content-Type': 'application/json' },
      body: d.body,
      body_encoding: 'text',
    })
  })

  it('makes a body of the schema where there is no example', () => {
    expect(JSON.parse(draftOf({ ...put, request_example: null }).body)).toEqual({ text: 'string' })
    expect(draftOf(endpoint('GET', '/')).body).toBe('')
  })

  it('takes any method for GET, and sends no body with it', () => {
    const d = { ...draftOf(endpoint('*', '/')), body: 'x' }
    expect(requestOf(d)).toEqual({ method: 'GET', path: '/' })
  })
})

const draft = (path: string, values: Draft['values'] = [], more: Partial<Draft> = {}): Draft => ({ method: 'GET', path, values, body: '', ...more })
const value = (where: Draft['values'][number]['in'], name: string, v: string, on = true) => ({ name, in: where, value: v, on })

describe('filled', () => {
  it('encodes what would lead elsewhere', () => {
    expect(filled(draft('/a/{id}/b', [value('path', 'id', '../x y?')]))).toBe('/a/..%2Fx%20y%3F/b')
    expect(filled(draft('/f/{name:path}', [value('path', 'name', 'a/b c')]))).toBe('/f/a/b%20c')
  })

  it('says which value is missing', () => {
    expect(problemOf(draft('/a/{id}', [value('path', 'id', '')]))).toBe('{id} needs a value.')
    expect(problemOf(draft('a'))).toMatch('slash')
    expect(problemOf(draft('/a', [value('query', '', '1')]))).toMatch('no name')
    expect(problemOf(draft('/a'))).toBeNull()
  })
})

describe('requestOf', () => {
  it('keeps several values of one name, and leaves out what is off', () => {
    const d = draft('/a', [value('query', 't', '1'), value('query', 't', '2'), value('query', 't', '3'), value('query', 'u', 'x', false), value('cookie', 'c', 'd')])
    expect(requestOf(d)).toEqual({ method: 'GET', path: '/a', query: { t: ['1', '2', '3'] }, headers: { Cookie: 'c=d' } })
  })
})

describe('curlOf', () => {
  it('quotes for a shell', () => {
    expect(quoted(`it's`)).toBe(`'it'\\''s'`)
    expect(quoted('$(rm -rf /)')).toBe(`'$(rm -rf /)'`)
    expect(quoted('plain-1.0')).toBe('plain-1.0')
  })

  it('is the same request', () => {
    const d = draft('/a', [value('query', 'q', 'x&y'), value('header', 'Accept', 'text/plain')], { method: 'POST', body: `{"a": "it's"}` })
    expect(curlOf(d, 'http://127.0.0.1:3001/')).toBe(`curl -X POST 'http://127.0.0.1:3001/a?q=x%26y' \\
  -H 'Accept: text/plain' \\
  --data-raw '{"a": "it'\\''s"}'`)
    expect(curlOf(draft('/'), 'http://127.0.0.1:3001')).toBe('curl http://127.0.0.1:3001/')
  })
})

describe('history', () => {
  const memory = () => {
    const data = new Map<string, string>()
    return { getItem: (k: string) => data.get(k) ?? null, setItem: (k: string, v: string) => void data.set(k, v), data }
  }
  const sent = (at: number) => ({ at, key: 'GET /', draft: draft('/', [value('header', 'Authorization', 'Bearer x'), value('query', 'q', 'y')]), status: 200, ms: 1 })

  it('keeps the last ones, newest first, without secrets', () => {
    const store = memory()
    for (let i = 0; i < 40; i++) addToHistory(store, 'g', sent(i))
    const list = readHistory(store, 'g')
    expect(list).toHaveLength(30)
    expect(list[0]?.at).toBe(39)
    expect([...store.data.values()].join()).not.toContain('Bearer x')
    expect(list[0]?.draft.values[1]?.value).toBe('y')
    expect(readHistory(store, 'other')).toEqual([])
  })

  it('minds nothing that it did not write', () => {
    const store = memory()
    for (const junk of ['{', '{}', '[1, null, {"key": 1}]']) {
      store.setItem('previewd.requests.g', junk)
      expect(readHistory(store, 'g'), junk).toEqual([])
    }
  })
})

it('shows bodies', () => {
  const answer = { status_code: 200, headers: {}, elapsed_ms: 1, truncated: false, content_type: 'x/y', size_bytes: 3 }
  expect(bodyOf({ ...answer, body: { a: 1 }, body_encoding: 'json' }).text).toBe('{\n  "a": 1\n}')
  expect(bodyOf({ ...answer, body: 'abc', body_encoding: 'text' }).text).toBe('abc')
  expect(bodyOf({ ...answer, body: 'AAAA', body_encoding: 'base64' }).text).toBe('3 bytes of x/y')
})
