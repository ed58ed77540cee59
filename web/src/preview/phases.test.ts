import { describe, expect, it } from 'vitest'
import { stepsOf } from './phases'

const created_at = '2026-01-01T00:00:00.000Z'
const at = (ms: number) => Date.parse(created_at) + ms
const states = (s: Parameters<typeof stepsOf>[0], now = at(0)) => stepsOf(s, now).map((x) => x.state)

describe('stepsOf', () => {
  it('begins with the first phase', () => {
    const s = { status: 'starting', phase: null, timings: {}, created_at, ended_at: null } as const
    expect(states(s)).toEqual(['current', 'ahead', 'ahead', 'ahead', 'ahead', 'ahead'])
  })

  it('gives the current phase the time that the others have not used', () => {
    const s = { status: 'starting', phase: 'installing', timings: { queued: 100, fetching: 5, detecting: 1 }, created_at, ended_at: null } as const
    const steps = stepsOf(s, at(2106))
    expect(steps.map((x) => x.ms)).toEqual([100, 5, 1, 2000, null, null])
    expect(steps[3]?.state).toBe('current')
    expect(stepsOf(s, at(-500))[3]?.ms).toBe(0)
  })

  it('takes the times between the phases while the server tells none', () => {
    const s = { status: 'starting', phase: 'booting', timings: {}, created_at, ended_at: null } as const
    const seen = { installing: at(100), creating: at(900), booting: at(1000) }
    expect(stepsOf(s, at(1250), seen).map((x) => x.ms)).toEqual([null, null, null, 800, 100, 250])
    expect(stepsOf(s, at(1250), { booting: at(1000) }).map((x) => x.ms)).toEqual([null, null, null, null, null, 250])
  })

  it('shows where a launch failed, and how long it had taken until then', () => {
    const s = { status: 'failed', phase: null, timings: { fetching: 5, detecting: 1, installing: 900 }, created_at, ended_at: created_at } as const
    const steps = stepsOf(s, at(99_999))
    expect(steps.map((x) => x.state)).toEqual(['done', 'done', 'done', 'failed', 'ahead', 'ahead'])
    expect(steps[3]?.ms).toBe(900)
  })

  it('is done when it runs', () => {
    const s = { status: 'running', phase: null, timings: { fetching: 5, booting: 700, total: 800 }, created_at, ended_at: null } as const
    expect(new Set(states(s))).toEqual(new Set(['done']))
  })
})
