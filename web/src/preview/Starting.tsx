import { Check, X } from 'lucide-react'
import type { PreviewStatus } from '../api/types'
import { cx } from '../ui/cx'
import { took, useNow } from '../ui/time'
import { stepsOf, type Step } from './phases'
import css from './Starting.module.css'
import { useSeen } from './useSeen'

/** Starting is a launch under way: its phases, and how long each takes. */
export function Starting({ status }: { status: PreviewStatus }) {
  const now = useNow(100)
  const steps = stepsOf(status, now, useSeen(status))
  const done = steps.filter((s) => s.state === 'done').length
  const current = steps.find((s) => s.state === 'current')
  return (
    <div className={css.page}>
      <div className={css.card}>
        <div className={css.head}>
          <h3>{current?.label ?? 'Starting'}</h3>
          <span className={css.time}>{took(Math.max(0, now - Date.parse(status.created_at)))}</span>
        </div>
        <Bar steps={steps} done={done} />
        <Steps steps={steps} />
        <p className="sr" role="status">
          {current?.label}
        </p>
      </div>
    </div>
  )
}

function Bar({ steps, done }: { steps: Step[]; done: number }) {
  return (
    <div className={css.bar} role="progressbar" aria-label="Launch" aria-valuemin={0} aria-valuemax={steps.length} aria-valuenow={done}>
      {steps.map((s) => (
        <span key={s.name} className={cx(css.part, css[s.state])} />
      ))}
    </div>
  )
}

export function Steps({ steps }: { steps: Step[] }) {
  return (
    <ol className={css.steps}>
      {steps.map((s) => (
        <li key={s.name} className={css[`${s.state}-step`]}>
          <span className={cx(css.mark, css[s.state])} aria-hidden>
            {s.state === 'done' && <Check />}
            {s.state === 'failed' && <X />}
          </span>
          {s.label}
          <span className={css.time}>{s.ms === null ? '' : took(s.ms)}</span>
        </li>
      ))}
    </ol>
  )
}
