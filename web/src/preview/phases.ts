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

/** stepsOf is a launch as steps. What the current one has taken is what the others have not, of the time since the launch. */
export function stepsOf(s: Facts, now: number): Step[] {
  const at = currentOf(s)
  const end = s.ended_at ? Date.parse(s.ended_at) : now
  const known = PHASES.reduce((sum, p, i) => (i === at ? sum : sum + (s.timings[p] ?? 0)), 0)
  return PHASES.map((name, i) => {
    const state = i < at ? 'done' : i > at ? 'ahead' : s.status === 'failed' ? 'failed' : s.status === 'starting' ? 'current' : 'done'
    const measured = s.timings[name] ?? null
    const ms = state === 'current' ? Math.max(0, end - Date.parse(s.created_at) - known) : state === 'ahead' ? null : measured
    return { name, label: WORDS[name], state, ms }
  })
}

/** currentOf is the place of the phase that a launch is in, or ended in. */
function currentOf(s: Facts): number {
  if (s.phase) return PHASES.indexOf(s.phase as Exclude<Phase, null>)
  if (s.status === 'starting') return 0
  const reached = PHASES.findLastIndex((p) => s.timings[p] !== undefined)
  return s.status === 'failed' ? Math.max(0, reached) : PHASES.length - 1
}
