import type { PreviewStatus } from '../api/types'

/** forAgent puts what is known of a failure into words that a coding agent can act on. */
export function forAgent(s: PreviewStatus): string {
  const facts: [string, string | number | null | undefined][] = [
    ['Reason', s.reason],
    ['What happened', s.message],
    ['Hint', s.hint],
    ['Exit code', s.exit_code],
    ['Start command', s.command],
    ['Runtime', [s.runtime, s.framework].filter(Boolean).join(', ')],
    ['Listened on', s.evidence?.listening?.join(', ')],
    ['Memory', memoryOf(s)],
  ]
  const list = facts.filter(([, v]) => v !== null && v !== undefined && v !== '').map(([k, v]) => `- ${k}: ${v}`)
  const lines = s.evidence?.last_lines ?? []
  const log = lines.length > 0 ? ['', 'Last lines of its log:', '', fence(lines), ...lines, fence(lines)] : []
  return [`The preview of "${s.generation_id}" failed. Find the cause and fix it.`, '', ...list, ...log, ''].join('\n')
}

/** fence is longer than any in the text, so that nothing in a log can end the block. */
function fence(lines: readonly string[]): string {
  const longest = lines.reduce((n, l) => Math.max(n, /`+/.exec(l)?.[0].length ?? 0), 0)
  return '`'.repeat(Math.max(3, longest + 1))
}

export function memoryOf(s: PreviewStatus): string | null {
  const { memory_peak: peak, memory_limit: limit } = s.evidence ?? {}
  if (!peak || !limit) return null
  const mb = (n: number) => `${Math.round(n / 1024 / 1024)} MB`
  return `${mb(peak)} at its peak, ${mb(limit)} allowed`
}
