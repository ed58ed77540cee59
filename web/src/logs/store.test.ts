import { describe, expect, it } from 'vitest'
import type { LogRow } from '../api/types'
import { firstAt, LogStore } from './store'
import { LogView } from './view'

const row = (seq: number, more: Partial<LogRow> = {}): LogRow => ({
  seq,
  timestamp: new Date(seq * 1000).toISOString(),
  level: 'INFO',
  message: `line ${seq}`,
  source: 'subprocess',
  stream: 'stdout',
  ...more,
})
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => row(from + i))
const seqs = (rows: readonly LogRow[]) => rows.map((r) => r.seq)

describe('LogStore', () => {
  it('takes each line once', () => {
    const s = new LogStore()
    s.append(range(1, 3))
    s.append(range(2, 5))
    expect(seqs(s.rows)).toEqual([1, 2, 3, 4, 5])
    expect(s.lastSeq).toBe(5)
  })

  it('keeps notices that have no seq', () => {
    const s = new LogStore()
    s.append([row(1), row(0, { message: 'dropped 5 lines' }), row(7)])
    expect(seqs(s.rows)).toEqual([1, 0, 7])
    expect(s.firstSeq).toBe(1)
  })

  it('lets the oldest go beyond its capacity', () => {
    const s = new LogStore(100)
    s.append(range(1, 250))
    expect(s.rows).toHaveLength(90)
    expect(s.rows.at(-1)?.seq).toBe(250)
    s.append(range(251, 255))
    expect(s.rows).toHaveLength(95)
  })

  it('takes older lines as far as there is room', () => {
    const s = new LogStore(10)
    s.append(range(20, 25))
    expect(s.prepend(range(10, 22))).toBe(4)
    expect(seqs(s.rows)).toEqual([16, 17, 18, 19, 20, 21, 22, 23, 24, 25])
    expect(s.prepend(range(1, 15))).toBe(0)
  })

  it('finds a time', () => {
    const rows = range(10, 20)
    expect(firstAt(rows, 0)).toBe(0)
    expect(firstAt(rows, 15_000)).toBe(5)
    expect(firstAt(rows, 15_500)).toBe(6)
    expect(firstAt(rows, 99_000)).toBe(rows.length)
  })
})

describe('LogView', () => {
  const open = (s: LogStore) => {
    const frames: (() => void)[] = []
    const v = new LogView(s, (f) => frames.push(f))
    let told = 0
    v.subscribe(() => told++)
    const flush = () => {
      for (const f of frames.splice(0)) f()
      return told
    }
    flush()
    told = 0
    return { v, flush }
  }

  it('filters by level and source, old lines and new ones', () => {
    const s = new LogStore()
    s.append([row(1, { level: 'ERROR' }), row(2, { level: 'DEBUG' })])
    const { v } = open(s)
    v.setFilter({ level: 'WARNING', source: '' })
    s.append([row(3, { level: 'WARNING' }), row(4, { source: 'system' }), row(0, { message: 'dropped 2 lines' })])
    expect(seqs(v.rows)).toEqual([1, 3, 0])
    v.setFilter({ level: 'DEBUG', source: 'system' })
    expect(seqs(v.rows)).toEqual([4, 0])
  })

  it('folds the lines of a group under its first one', () => {
    const s = new LogStore()
    s.append([row(1), row(2, { group: 2 }), row(3, { group: 2 }), row(4), row(5, { group: 2 })])
    const { v } = open(s)
    expect(v.sizeOf(2)).toBe(2)
    v.fold(2)
    expect(seqs(v.rows)).toEqual([1, 2, 4])
    s.append([row(6, { group: 2 })])
    expect(seqs(v.rows)).toEqual([1, 2, 4])
    expect(v.sizeOf(2)).toBe(3)
    v.fold(2)
    expect(seqs(v.rows)).toEqual([1, 2, 3, 4, 5, 6])
  })

  it('tells once a frame, however many lines come', () => {
    const s = new LogStore()
    const { flush } = open(s)
    for (let i = 1; i <= 50; i++) s.append([row(i)])
    expect(flush()).toBe(1)
  })

  it('takes 100,000 lines in well under a second', () => {
    const s = new LogStore()
    const { v } = open(s)
    v.setFilter({ level: 'INFO', source: 'subprocess' })
    for (let i = 0; i < 100; i++) s.append(range(i * 1000 + 1, i * 1000 + 1000))
    expect(v.rows).toHaveLength(100_000)
  })
})
