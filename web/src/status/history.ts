import { useState } from 'react'
import type { PreviewStatus } from '../api/types'

export interface Sample {
  at: number
  memory: number
  cpu: number
}

const LONGEST = 10 * 60_000

/** addSample puts a reading at the end of a history, unless it is the last one again, and lets go of what is ten minutes old. */
export function addSample(history: readonly Sample[], s: Sample): readonly Sample[] {
  if (history.at(-1)?.at === s.at) return history
  return [...history.filter((h) => s.at - h.at <= LONGEST), s]
}

/** useHistory keeps what a preview has used since the page was opened. */
export function useHistory(status: PreviewStatus, readAt: number): readonly Sample[] {
  const [kept, setKept] = useState<{ id: string; samples: readonly Sample[] }>({ id: status.id, samples: [] })
  const samples = kept.id === status.id ? kept.samples : []
  if (status.status === 'running' && samples.at(-1)?.at !== readAt) {
    const next = addSample(samples, { at: readAt, memory: status.memory_usage_mb, cpu: status.cpu_usage_percent })
    setKept({ id: status.id, samples: next })
    return next
  }
  return samples
}
