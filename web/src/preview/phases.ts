import type { Phase, PreviewStatus } from '../api/types'

export const PHASES = ['queued', 'fetching', 'detecting', 'installing', 'creating', 'booting'] as const
export type PhaseName = (typeof PHASES)[number]

const WORDS: Record<PhaseName, string> = {
  queued: 'Waiting for a place',
  fetching: 'Reading the files',
  detecting: 'Recognising the project',
  installing: 'Installing dependencies',
  creating: 'Creating the container',
  booting: 'Starting the app',
}

export interface Step {
  name: PhaseName
  label: string
  state: 'done' | 'current' | 'ahead' | 'failed'
  /** How long it took, or has taken so far; null when nobody knows. */
  ms: number | null
}

type Facts = Pick<PreviewStatus, 'status' | 'phase' | 'timings' | 'created_at' | 'ended_at'>

/** When each phase was first seen, by somebody who watches a launch; what was over before that is not there. */
export type Seen = Partial<Record<PhaseName, number>>

/**
 * stepsOf is a launch as steps. The server tells the times when it is over; until then they are those between the phases as they were seen,
 * and the current phase has what the others have not used of the time since the launch.
 */
export function stepsOf(s: Facts, now: number, seen: Seen = {}): Step[] {
  const at = currentOf(s)
  const times = PHASES.map((name, i) => s.timings[name] ?? between(i, seen))
  const end = s.ended_at ? Date.parse(s.ended_at) : now
  const used = times.reduce<number>((sum, ms, i) => (i === at ? sum : sum + (ms ?? 0)), 0)
  const rest = end - (seen[PHASES[at] ?? 'queued'] ?? Date.parse(s.created_at) + used)
  return PHASES.map((name, i) => {
    const state = i < at ? 'done' : i > at ? 'ahead' : s.status === 'failed' ? 'failed' : s.status === 'starting' ? 'current' : 'done'
    const ms = state === 'current' ? Math.max(0, rest) : state === 'ahead' ? null : (times[i] ?? null)
    return { name, label: WORDS[name], state, ms }
  })
}

/** between is the time from a phase to the next one that was seen; null when either was not. */
function between(i: number, seen: Seen): number | null {
  const begin = seen[PHASES[i] ?? 'queued']
  const next = PHASES.slice(i + 1).find((p) => seen[p] !== undefined)
  return begin === undefined || next === undefined ? null : (seen[next] ?? begin) - begin
}

/** currentOf is the place of the phase that a launch is in, or ended in. */
function currentOf(s: Facts): number {
  if (s.phase) return PHASES.indexOf(s.phase as Exclude<Phase, null>)
  if (s.status === 'starting') return 0
  const reached = PHASES.findLastIndex((p) => s.timings[p] !== undefined)
  return s.status === 'failed' ? Math.max(0, reached) : PHASES.length - 1
}
