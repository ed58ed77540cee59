import css from './Segments.module.css'

interface Props<T extends string> {
  label: string
  value: T
  options: readonly { value: T; label: string; title?: string }[]
  onChange: (v: T) => void
}

/** Segments choose one of a few. */
export function Segments<T extends string>({ label, value, options, onChange }: Props<T>) {
  return (
    <div className={css.group} role="group" aria-label={label}>
      {options.map((o) => (
        <button key={o.value} type="button" aria-pressed={o.value === value} title={o.title} onClick={() => onChange(o.value)}>
          {o.label}
        </button>
      ))}
    </div>
  )
}
