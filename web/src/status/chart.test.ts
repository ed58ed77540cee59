import { describe, expect, it } from 'vitest'
import { areaPath, linePath, SPAN } from './chart'
import { addSample } from './history'

const box = { width: 100, height: 20 }

describe('linePath', () => {
  it('ends at the right, and scales to the limit', () => {
    const points = [
      { at: 0, value: 0 },
      { at: SPAN / 2, value: 50 },
      { at: SPAN, value: 200 },
    ]
    expect(linePath(points, 100, box)).toBe('M0 20L50 10L100 0')
    expect(areaPath(points, 100, box)).toBe('M0 20L50 10L100 0L100 20L0 20Z')
  })

  it('begins at the left once there is enough of it', () => {
    const points = [0, 20_000, 40_000].map((at) => ({ at, value: 1 }))
    expect(linePath(points, 1, box)).toBe('M0 0L50 0L100 0')
    expect(linePath(points.slice(0, 2).map((p) => ({ ...p, at: p.at / 2 })), 1, box)).toBe('M50 0L100 0')
  })

  it('leaves out what is too old, and draws nothing of one point', () => {
    expect(linePath([{ at: 0, value: 1 }, { at: SPAN * 2, value: 1 }], 1, box)).toBe('')
    expect(areaPath([], 1, box)).toBe('')
    expect(linePath([{ at: 0, value: 1 }, { at: 1, value: 1 }], 0, box)).toBe('')
  })
})

describe('addSample', () => {
  it('keeps ten minutes, and no reading twice', () => {
    const s = (at: number) => ({ at, memory: 1, cpu: 1 })
    let history = addSample([], s(0))
    history = addSample(history, s(0))
    history = addSample(history, s(500_000))
    expect(history.map((h) => h.at)).toEqual([0, 500_000])
    expect(addSample(history, s(700_000)).map((h) => h.at)).toEqual([500_000, 700_000])
  })
})
