import type { LogRow } from '../api/types'
import { everything, passes, type Filter } from './filter'
import type { Change, LogStore } from './store'

/**
 * LogView is what is shown of a store: the lines that pass the filter, without those of folded groups. New lines cost what they are,
 * not what is there already. Whoever listens hears of changes at most once a frame.
 */
export class LogView {
  private filter = everything
  private folded = new Set<number>()
  private shown: LogRow[] = []
  private groups = new Map<number, number>()
  private listeners = new Set<() => void>()
  private scheduled = false
  private stop: (() => void) | null = null
  private version = 0

  constructor(
    readonly store: LogStore,
    private readonly frame: (then: () => void) => void = nextFrame,
  ) {}

  /** The lines, in an array that only grows until `version` tells of a new one. */
  get rows(): readonly LogRow[] {
    return this.shown
  }

  /** sizeOf is how many lines follow the first of a group. */
  sizeOf(seq: number): number {
    return this.groups.get(seq) ?? 0
  }

  isFolded = (seq: number) => this.folded.has(seq)

  setFilter(filter: Filter) {
    this.filter = filter
    this.rebuild()
  }

  fold = (seq: number) => {
    if (!this.folded.delete(seq)) this.folded.add(seq)
    this.rebuild()
  }

  snapshot = () => this.version

  subscribe = (listener: () => void) => {
    this.listeners.add(listener)
    if (!this.stop) {
      this.stop = this.store.subscribe(this.change)
      this.rebuild()
    }
    return () => {
      this.listeners.delete(listener)
      if (this.listeners.size === 0) {
        this.stop?.()
        this.stop = null
      }
    }
  }

  private change = (c: Change) => {
    if (c.kind === 'reset') return this.rebuild()
    this.take(c.rows)
    this.tell()
  }

  private rebuild() {
    this.shown = []
    this.groups = new Map()
    this.take(this.store.rows)
    this.tell()
  }

  private take(rows: readonly LogRow[]) {
    for (const r of rows) {
      const member = r.group !== undefined && r.group !== r.seq
      if (member) this.groups.set(r.group ?? 0, (this.groups.get(r.group ?? 0) ?? 0) + 1)
      if (passes(r, this.filter) && !(member && this.folded.has(r.group ?? 0))) this.shown.push(r)
    }
  }

  private tell() {
    if (this.scheduled) return
    this.scheduled = true
    this.frame(() => {
      this.scheduled = false
      this.version++
      for (const l of this.listeners) l()
    })
  }
}

/** A hidden page has no frames, but its lines go on. */
function nextFrame(then: () => void) {
  if (document.hidden) setTimeout(then, 250)
  else requestAnimationFrame(then)
}
