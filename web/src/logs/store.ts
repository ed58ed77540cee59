import type { LogRow } from '../api/types'

/** What happened to the lines since somebody looked last. */
export type Change = { kind: 'append'; rows: readonly LogRow[] } | { kind: 'reset' }

type Listener = (change: Change) => void

/**
 * LogStore holds the last lines of one log in memory, in the order of their seq and each once. Beyond its capacity the oldest go, a
 * tenth at a time, so that a line costs the same however many there are.
 */
export class LogStore {
  private lines: LogRow[] = []
  private last = 0
  private listeners = new Set<Listener>()

  constructor(readonly capacity = 100_000) {}

  get rows(): readonly LogRow[] {
    return this.lines
  }

  get lastSeq(): number {
    return this.last
  }

  get firstSeq(): number {
    return this.lines.find((l) => l.seq > 0)?.seq ?? 0
  }

  /** append takes lines as they come. One that was there is dropped; a notice without a seq is always taken. */
  append(rows: readonly LogRow[]) {
    const fresh = rows.filter((r) => r.seq === 0 || r.seq > this.last)
    if (fresh.length === 0) return
    for (const r of fresh) {
      this.lines.push(r)
      if (r.seq > this.last) this.last = r.seq
    }
    this.trim()
    this.tell({ kind: 'append', rows: fresh })
  }

  /** prepend takes older lines, as far as there is room for them, and answers how many it took. */
  prepend(rows: readonly LogRow[]): number {
    const first = this.firstSeq || Infinity
    const older = rows.filter((r) => r.seq < first)
    const taken = older.slice(Math.max(0, older.length - (this.capacity - this.lines.length)))
    if (taken.length > 0) {
      this.lines = [...taken, ...this.lines]
      this.last = Math.max(this.last, taken.at(-1)?.seq ?? 0)
      this.tell({ kind: 'reset' })
    }
    return taken.length
  }

  clear() {
    this.lines = []
    this.last = 0
    this.tell({ kind: 'reset' })
  }

  subscribe(listener: Listener): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  private trim() {
    if (this.lines.length <= this.capacity) return
    this.lines = this.lines.slice(this.lines.length - Math.floor(this.capacity * 0.9))
    this.tell({ kind: 'reset' })
  }

  private tell(change: Change) {
    for (const l of this.listeners) l(change)
  }
}

/** firstAt finds the first line that was written then or later; rows.length when there is none. */
export function firstAt(rows: readonly LogRow[], time: number): number {
  let low = 0
  let high = rows.length
  while (low < high) {
    const mid = (low + high) >> 1
    if (Date.parse(rows[mid]?.timestamp ?? '') < time) low = mid + 1
    else high = mid
  }
  return low
}
