import type { Status } from '../api/types'
import css from './StatusDot.module.css'
import { cx } from './cx'

/** StatusDot shows a state by colour and shape; its words stand beside it. */
export function StatusDot({ status }: { status: Status }) {
  return <span className={cx(css.dot, css[status])} aria-hidden />
}

const words: Record<Status, string> = {
  starting: 'Starting',
  running: 'Running',
  stopping: 'Stopping',
  stopped: 'Stopped',
  failed: 'Failed',
}

export function StatusLabel({ status, detail }: { status: Status; detail?: string | undefined }) {
  return (
    <span className={cx(css.label, css[`${status}-label`])}>
      <StatusDot status={status} />
      {words[status]}
      {detail && <span className={css.detail}>{detail}</span>}
    </span>
  )
}
