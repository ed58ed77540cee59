import { ChevronDown, ChevronRight } from 'lucide-react'
import { memo } from 'react'
import type { LogRow } from '../api/types'
import { cx } from '../ui/cx'
import { clock } from '../ui/time'
import { mark, pieces, type Match, type Piece } from './ansi'
import css from './LogLine.module.css'

interface Props {
  row: LogRow
  times: boolean
  wrap: boolean
  /** How many lines belong to this one, if it is the first of a group. */
  group: number
  folded: boolean
  onFold: (seq: number) => void
  target?: boolean
}

/** LogLine shows a line as it was written: in its colours, never as markup. */
export const LogLine = memo(function LogLine({ row, times, wrap, group, folded, onFold, target }: Props) {
  const member = row.group !== undefined && row.group !== row.seq
  return (
    <div className={cx(css.line, css[row.level], row.source === 'system' && css.system, wrap && css.wrap, target && css.target)}>
      {times && <time className={css.time}>{clock(row.timestamp)}</time>}
      <span className={css.level}>{row.level === 'WARNING' ? 'WARN' : row.level}</span>
      <span className={cx(css.message, member && css.member)}>
        {group > 0 && (
          <button type="button" className={css.fold} aria-expanded={!folded} aria-label={`${folded ? 'Show' : 'Hide'} ${group} lines`} onClick={() => onFold(row.seq)}>
            {folded ? <ChevronRight /> : <ChevronDown />}
            {folded && `${group} more`}
          </button>
        )}
        <Message message={row.message} matches={(row as { matches?: Match[] }).matches} />
      </span>
    </div>
  )
})

function Message({ message, matches }: { message: string; matches: readonly Match[] | undefined }) {
  const all = pieces(message)
  if (matches === undefined || matches.length === 0) return all.map((p, i) => <Text key={i} piece={p} />)
  return mark(all, matches).map((p, i) =>
    p.marked ? (
      <mark key={i} className={css.mark}>
        <Text piece={p} />
      </mark>
    ) : (
      <Text key={i} piece={p} />
    ),
  )
}

function Text({ piece: p }: { piece: Piece }) {
  if (p.classes.length === 0 && p.color === undefined && p.background === undefined) return p.text
  return (
    <span className={cx(...p.classes.map((c) => css[c]))} style={{ color: p.color, backgroundColor: p.background }}>
      {p.text}
    </span>
  )
}
