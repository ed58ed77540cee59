import { describe, expect, it } from 'vitest'
import { frameOrigin, pathOf, shortHost } from './address'

const preview = { preview_url: 'http://p1.preview.localhost:8080/', base_url: 'http://127.0.0.1:3001' }
const page = (url: string) => new URL(url)

describe('frameOrigin', () => {
  it('is the gateway where the page is of its site', () => {
    expect(frameOrigin(preview, page('http://preview.localhost:8080'))).toBe('http://p1.preview.localhost:8080')
    const domain = { ...preview, preview_url: 'https://p1.preview.example.com' }
    expect(frameOrigin(domain, page('https://app.example.com'))).toBe('https://p1.preview.example.com')
  })

  it('is the port where the page is at its host', () => {
    expect(frameOrigin(preview, page('http://127.0.0.1:8080'))).toBe('http://127.0.0.1:3001')
  })

  it('is the gateway where neither is', () => {
    expect(frameOrigin(preview, page('http://10.0.0.5:8080'))).toBe('http://p1.preview.localhost:8080')
    expect(frameOrigin(preview, page('https://127.0.0.1'))).toBe('http://p1.preview.localhost:8080')
  })

  it('does without either', () => {
    expect(frameOrigin({ preview_url: '', base_url: 'http://127.0.0.1:3001' }, page('http://localhost'))).toBe('http://127.0.0.1:3001')
    expect(frameOrigin({ preview_url: '', base_url: '' }, page('http://localhost'))).toBe('')
  })
})

describe('pathOf', () => {
  const origins = ['http://127.0.0.1:3001', 'http://p1.preview.localhost:8080']

  it('takes paths and addresses of this preview', () => {
    expect(pathOf('/a?b#c', origins)).toBe('/a?b#c')
    expect(pathOf(' docs ', origins)).toBe('/docs')
    expect(pathOf('', origins)).toBe('/')
    expect(pathOf('http://127.0.0.1:3001/x?y', origins)).toBe('/x?y')
  })

  it('takes nothing that leads elsewhere', () => {
    for (const typed of ['http://evil.example/', 'javascript:alert(1)', '//evil.example', 'data:text/html,x', '/\\evil.example']) {
      expect(pathOf(typed, origins), typed).toBeNull()
    }
  })
})

it('shortens what nobody reads', () => {
  expect(shortHost('http://pf6ec23059937415c90910cbe2c0a1b2c.preview.localhost:8080')).toBe('pf6ec23….preview.localhost:8080')
  expect(shortHost('http://127.0.0.1:3001')).toBe('127.0.0.1:3001')
})
