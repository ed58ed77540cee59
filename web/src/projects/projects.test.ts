import { describe, expect, it } from 'vitest'
import type { Generation, Preview } from '../api/types'
import { found, groupOf, projectsOf } from './projects'

const generation = (id: string, at: string) => ({ id, project_id: `${id}-project`, updated_at: at }) as Generation
const preview = (id: string, generation_id: string, status: Preview['status'], at: string, more: Partial<Preview> = {}) =>
  ({ id, generation_id, status, created_at: at, ended_at: null, ...more }) as Preview

describe('projectsOf', () => {
  const list = projectsOf(
    [generation('new', '2026-01-01T00:00:04Z'), generation('app', '2026-01-01T00:00:01Z')],
    [preview('2', 'app', 'running', '2026-01-01T00:00:03Z'), preview('1', 'app', 'failed', '2026-01-01T00:00:02Z'), preview('3', 'gone', 'stopped', '2026-01-01T00:00:00Z')],
  )

  it('has each generation once, with its latest preview, last worked on first', () => {
    expect(list.map((p) => [p.id, p.preview?.id])).toEqual([
      ['new', undefined],
      ['app', '2'],
      ['gone', '3'],
    ])
  })

  it('groups by state', () => {
    expect(list.map(groupOf)).toEqual(['past', 'active', 'past'])
  })

  it('finds by every word', () => {
    const [, app] = list
    if (!app) throw new Error('app is missing')
    expect(found(app, 'APP run')).toBe(true)
    expect(found(app, 'app failed')).toBe(false)
    expect(found(app, '')).toBe(true)
  })
})
