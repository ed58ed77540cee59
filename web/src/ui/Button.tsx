import type { ButtonHTMLAttributes, ReactNode } from 'react'
import css from './Button.module.css'
import { cx } from './cx'
import { Tip } from './Tip'

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  kind?: 'plain' | 'primary' | 'danger' | 'quiet'
  icon?: ReactNode
  busy?: boolean
}

export function Button({ kind = 'plain', icon, busy, children, className, disabled, ...rest }: Props) {
  return (
    <button
      type="button"
      className={cx(css.button, css[kind], className)}
      disabled={disabled === true || busy === true}
      aria-busy={busy}
      {...rest}
    >
      {icon}
      {children}
    </button>
  )
}

interface IconProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  label: string
  shortcut?: string
  pressed?: boolean
}

/** IconButton has no words, so it has a name, which a tip shows. */
export function IconButton({ label, shortcut, pressed, className, children, ...rest }: IconProps) {
  return (
    <Tip label={label} shortcut={shortcut}>
      <button type="button" className={cx(css.icon, className)} aria-label={label} aria-pressed={pressed} {...rest}>
        {children}
      </button>
    </Tip>
  )
}
