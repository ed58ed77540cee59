import { lazy, Suspense } from 'react'
import css from './Code.module.css'

/** The editor is a third of the page and used by few visits: it comes when it is first needed. */
const Editor = lazy(() => import('./Editor'))

export interface CodeProps {
  value: string
  label: string
  language: 'json' | 'text'
  onChange?: (v: string) => void
  onSubmit?: () => void
}

/** Beyond this a text is shown as it is: colours would cost more than they tell. */
const LONGEST = 300_000

/** Code shows a text, and lets it be changed where there is somebody to tell. Until the editor is there the text stands in its place. */
export function Code(props: CodeProps) {
  const plain = (
    <pre className={css.plain} tabIndex={0} aria-label={props.label}>
      {props.value || ' '}
    </pre>
  )
  if (props.value.length > LONGEST) return plain
  return (
    <Suspense fallback={plain}>
      <Editor {...props} />
    </Suspense>
  )
}
