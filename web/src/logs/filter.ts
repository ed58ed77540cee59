import type { Level, LogRow, Source } from '../api/types'

export interface Filter {
  level: Level
  source: Source | ''
}

export const LEVELS: readonly Level[] = ['DEBUG', 'INFO', 'WARNING', 'ERROR']

export const everything: Filter = { level: 'DEBUG', source: '' }

const rank: Record<Level, number> = { DEBUG: 0, INFO: 1, WARNING: 2, ERROR: 3 }

/** passes says whether a line is shown. Notices of dropped lines always are. */
export function passes(row: LogRow, f: Filter): boolean {
  if (row.seq === 0) return true
  return rank[row.level] >= rank[f.level] && (f.source === '' || row.source === f.source)
}
