import { useId, type InputHTMLAttributes, type ReactNode } from 'react'
import css from './Field.module.css'
import { cx } from './cx'

interface Props extends InputHTMLAttributes<HTMLInputElement> {
  label: string
  hint?: ReactNode
  error?: string | null
  mono?: boolean
}

export function Field({ label, hint, error, mono, className, ...rest }: Props) {
  const id = useId()
  const about = error || hint ? `${id}-about` : undefined
  return (
    <div className={cx(css.field, className)}>
      <label htmlFor={id}>{label}</label>
      <input id={id} className={cx(css.input, mono && css.mono)} aria-invalid={!!error} aria-describedby={about} spellCheck={false} {...rest} />
      {about && (
        <p id={about} className={error ? css.error : css.hint}>
          {error ?? hint}
        </p>
      )}
    </div>
  )
}
