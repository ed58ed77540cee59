import { useState } from 'react'
import type { AppAnswer } from '../api/types'
import { Code } from '../editor/Code'
import { CopyIconButton } from '../ui/Copy'
import { Segments } from '../ui/Segments'
import { bytes, took } from '../ui/time'
import { bodyOf, statusTone } from './answer'
import css from './Response.module.css'

const VIEWS = [
  { value: 'body', label: 'Body' },
  { value: 'headers', label: 'Headers' },
] as const

/** Response is what the app answered. */
export function Response({ answer }: { answer: AppAnswer }) {
  const [view, setView] = useState<'body' | 'headers'>('body')
  const body = bodyOf(answer)
  return (
    <section className={css.response} aria-label="Answer">
      <div className={css.bar}>
        <span className={css.status} data-tone={statusTone(answer.status_code)} role="status">
          {answer.status_code}
        </span>
        <span>{took(answer.elapsed_ms)}</span>
        <span>{bytes(answer.size_bytes)}</span>
        {answer.truncated && <span className={css.cut}>cut off</span>}
        <span className={css.gap} />
        <Segments label="Part of the answer" value={view} options={VIEWS} onChange={setView} />
        <CopyIconButton label="Copy the body" text={body.text} />
      </div>
      {view === 'body' ? body.text ? <Code key={body.language} label="Body of the answer" language={body.language} value={body.text} /> : <p className={css.none}>No body</p> : <Headers headers={answer.headers} />}
    </section>
  )
}

function Headers({ headers }: { headers: Record<string, string> }) {
  return (
    <dl className={css.headers}>
      {Object.entries(headers).map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
