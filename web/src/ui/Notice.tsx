import { CircleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { ApiError } from '../api/problem'
import css from './Notice.module.css'

/** Notice tells what went wrong, where it went wrong. */
export function Notice({ error, action }: { error: unknown; action?: ReactNode }) {
  return (
    <div className={css.notice} role="alert">
      <CircleAlert aria-hidden />
      <div>
        <p>{error instanceof Error ? error.message : String(error)}</p>
        {error instanceof ApiError && error.requestId && <p className={css.id}>request {error.requestId}</p>}
      </div>
      {action}
    </div>
  )
}
