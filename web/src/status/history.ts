import type { PreviewStatus } from '../api/types'

/** What a preview used at one time. */
export interface Sample {
  at: number
  memory: number
  cpu: number
}

const LONGEST = 10 * 60_000

export const sampleOf = (s: PreviewStatus, at: number): Sample => ({ at, memory: s.memory_usage_mb, cpu: s.cpu_usage_percent })

/** addSample puts a reading at the end of a history, and lets go of what is ten minutes old. */
export function addSample(history: readonly Sample[], s: Sample): readonly Sample[] {
  return [...history.filter((h) => h.at < s.at && s.at - h.at <= LONGEST), s]
}
