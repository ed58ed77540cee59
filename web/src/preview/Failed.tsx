import { RotateCw } from 'lucide-react'
import type { PreviewStatus } from '../api/types'
import { pieces } from '../logs/ansi'
import { Button } from '../ui/Button'
import { CopyButton } from '../ui/Copy'
import { forAgent, memoryOf } from './agent'
import css from './Failed.module.css'

interface Props {
  status: PreviewStatus
  onRelaunch: () => void
  busy: boolean
}

/** Failed says why, what to do, and shows the lines that tell it. */
export function Failed({ status, onRelaunch, busy }: Props) {
  const lines = status.evidence?.last_lines ?? []
  return (
    <div className={css.page}>
      <article className={css.card}>
        <p className={css.reason}>{status.reason}</p>
        <h3>{status.message ?? 'The preview failed.'}</h3>
        {status.hint && <p className={css.hint}>{status.hint}</p>}
        <div className={css.actions}>
          <CopyButton kind="primary" text={() => forAgent(status)}>
            Copy for the agent
          </CopyButton>
          <Button icon={<RotateCw />} busy={busy} onClick={onRelaunch}>
            Relaunch
          </Button>
        </div>
        <Facts status={status} />
        {lines.length > 0 && (
          <pre className={css.lines} tabIndex={0} aria-label="Last lines of the log" ref={toEnd}>
            {lines.map((l) => pieces(l).map((p) => p.text).join('')).join('\n')}
          </pre>
        )}
      </article>
    </div>
  )
}

/** toEnd shows the last lines first: they are what tells most. */
function toEnd(element: HTMLElement | null) {
  if (element) element.scrollTop = element.scrollHeight
}

function Facts({ status }: { status: PreviewStatus }) {
  const facts: [string, string | number | null | undefined][] = [
    ['Command', status.command],
    ['Exit code', status.exit_code],
    ['Listened on', status.evidence?.listening?.join(', ')],
    ['Memory', memoryOf(status)],
  ]
  const known = facts.filter(([, v]) => v !== null && v !== undefined && v !== '')
  if (known.length === 0) return null
  return (
    <dl className={css.facts}>
      {known.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
