import { Plus, X } from 'lucide-react'
import { useId, type KeyboardEvent } from 'react'
import type { Parameter } from '../api/endpoints'
import { Code } from '../editor/Code'
import { Button, IconButton } from '../ui/Button'
import { cx } from '../ui/cx'
import field from '../ui/Field.module.css'
import { METHODS, takesBody, type Draft, type Value } from './draft'
import { Method } from './Method'
import css from './RequestForm.module.css'

interface Props {
  draft: Draft
  parameters: Parameter[]
  editable: boolean
  onChange: (d: Draft) => void
  onSubmit: () => void
}

const PLACES: [Value['in'], string][] = [
  ['path', 'Path'],
  ['query', 'Query'],
  ['header', 'Headers'],
  ['cookie', 'Cookies'],
]

export function RequestForm({ draft, parameters, editable, onChange, onSubmit }: Props) {
  const set = (at: number, change: Partial<Value>) => onChange({ ...draft, values: draft.values.map((v, i) => (i === at ? { ...v, ...change } : v)) })
  const onKeyDown = (e: KeyboardEvent) => {
    if (e.defaultPrevented) return // the editor has sent it
    if (e.key === 'Enter' && (e.metaKey || e.ctrlKey || e.target instanceof HTMLInputElement)) {
      e.preventDefault()
      onSubmit()
    }
  }
  const indexed = draft.values.map((value, at) => ({ value, at }))
  return (
    <div className={css.form} onKeyDown={onKeyDown}>
      <Line draft={draft} editable={editable} onChange={onChange} />
      {PLACES.map(([place, label]) => {
        const here = indexed.filter(({ value }) => value.in === place)
        const open = place === 'query' || place === 'header'
        if (here.length === 0 && !open) return null
        return (
          <fieldset key={place} className={css.set}>
            <legend>{label}</legend>
            {here.map(({ value, at }) => (
              <Row
                key={at}
                value={value}
                parameter={parameters.find((p) => p.in === place && p.name === value.name)}
                onChange={(change) => set(at, change)}
                onRemove={() => onChange({ ...draft, values: draft.values.filter((_, i) => i !== at) })}
              />
            ))}
            {open && (
              <Button kind="quiet" className={css.add} icon={<Plus />} onClick={() => onChange({ ...draft, values: [...draft.values, { name: '', in: place, value: '', on: true }] })}>
                {place === 'query' ? 'Add a parameter' : 'Add a header'}
              </Button>
            )}
          </fieldset>
        )
      })}
      {takesBody(draft) && (
        <div className={css.set}>
          <p className={css.legend}>Body</p>
          <Code label="Body" language="json" value={draft.body} onChange={(body) => onChange({ ...draft, body })} onSubmit={onSubmit} />
        </div>
      )}
    </div>
  )
}

function Line({ draft, editable, onChange }: Pick<Props, 'draft' | 'editable' | 'onChange'>) {
  if (!editable) {
    return (
      <p className={css.line}>
        <Method method={draft.method} /> <code>{draft.path}</code>
      </p>
    )
  }
  return (
    <div className={css.free}>
      <select className={cx(field.input, field.mono, css.method)} aria-label="Method" value={draft.method} onChange={(e) => onChange({ ...draft, method: e.target.value })}>
        {METHODS.map((m) => (
          <option key={m}>{m}</option>
        ))}
      </select>
      <input className={cx(field.input, field.mono)} aria-label="Path" value={draft.path} spellCheck={false} onChange={(e) => onChange({ ...draft, path: e.target.value })} />
    </div>
  )
}

interface RowProps {
  value: Value
  parameter: Parameter | undefined
  onChange: (v: Partial<Value>) => void
  onRemove: () => void
}

function Row({ value, parameter, onChange, onRemove }: RowProps) {
  const id = useId()
  const fixed = value.in === 'path'
  return (
    <div className={css.row} data-off={!value.on}>
      {parameter ? (
        <label className={css.name} htmlFor={id}>
          <input type="checkbox" aria-label={`Send ${value.name}`} checked={value.on} disabled={fixed} onChange={(e) => onChange({ on: e.target.checked })} />
          <span>
            {value.name}
            {parameter.required && <span className={css.must}> required</span>}
          </span>
        </label>
      ) : (
        <input className={cx(field.input, field.mono)} aria-label="Name" placeholder="name" value={value.name} spellCheck={false} onChange={(e) => onChange({ name: e.target.value })} />
      )}
      {parameter?.enum && parameter.enum.length > 0 ? (
        <select id={id} className={cx(field.input, field.mono)} aria-label={value.name} value={value.value} onChange={(e) => onChange({ value: e.target.value, on: true })}>
          {parameter.enum.map((o) => (
            <option key={o}>{o}</option>
          ))}
        </select>
      ) : (
        <input
          id={id}
          className={cx(field.input, field.mono)}
          aria-label={value.name || 'Value'}
          placeholder={parameter?.format ?? parameter?.type ?? 'value'}
          title={parameter?.description}
          value={value.value}
          spellCheck={false}
          onChange={(e) => onChange({ value: e.target.value, on: true })}
        />
      )}
      {parameter ? (
        <span />
      ) : (
        <IconButton label="Remove" onClick={onRemove}>
          <X />
        </IconButton>
      )}
    </div>
  )
}
