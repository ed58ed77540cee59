import { Lock, LockOpen, Plus, X } from 'lucide-react'
import { Button, IconButton } from '../ui/Button'
import field from '../ui/Field.module.css'
import { cx } from '../ui/cx'
import { looksSecret, pasted, problemOf, type Variable } from './form'
import css from './Variables.module.css'

interface Props {
  variables: Variable[]
  onChange: (v: Variable[]) => void
}

export function Variables({ variables, onChange }: Props) {
  const set = (i: number, change: Partial<Variable>) => onChange(variables.map((v, at) => (at === i ? { ...v, ...change } : v)))
  const paste = (i: number, text: string): boolean => {
    const found = text.includes('=') ? pasted(text) : null
    if (found) onChange([...variables.slice(0, i), ...found, ...variables.slice(i + 1)])
    return found !== null
  }
  return (
    <fieldset className={css.set}>
      <legend>Environment</legend>
      {variables.map((v, i) => (
        <Row
          key={i}
          variable={v}
          problem={problemOf(v, variables)}
          onChange={(change) => set(i, change)}
          onPaste={(text) => paste(i, text)}
          onRemove={() => onChange(variables.filter((_, at) => at !== i))}
        />
      ))}
      <Button kind="quiet" icon={<Plus />} className={css.add} onClick={() => onChange([...variables, { name: '', value: '', secret: false }])}>
        Add a variable
      </Button>
    </fieldset>
  )
}

interface RowProps {
  variable: Variable
  problem: string | null
  onChange: (v: Partial<Variable>) => void
  onPaste: (text: string) => boolean
  onRemove: () => void
}

function Row({ variable: v, problem, onChange, onPaste, onRemove }: RowProps) {
  return (
    <div className={css.row}>
      <input
        className={cx(field.input, field.mono)}
        aria-label="Name"
        placeholder="NAME"
        spellCheck={false}
        autoFocus={v.name === ''}
        aria-invalid={problem !== null}
        value={v.name}
        onChange={(e) => onChange({ name: e.target.value, secret: v.secret || looksSecret(e.target.value) })}
        onPaste={(e) => {
          if (onPaste(e.clipboardData.getData('text'))) e.preventDefault()
        }}
      />
      <input
        className={cx(field.input, field.mono)}
        aria-label="Value"
        placeholder={v.secret ? 'kept out of all logs' : 'value, or paste an .env file'}
        spellCheck={false}
        type={v.secret ? 'password' : 'text'}
        autoComplete="off"
        value={v.value}
        onChange={(e) => onChange({ value: e.target.value })}
      />
      <IconButton label={v.secret ? 'Secret: kept out of logs' : 'Make it a secret'} pressed={v.secret} onClick={() => onChange({ secret: !v.secret })}>
        {v.secret ? <Lock /> : <LockOpen />}
      </IconButton>
      <IconButton label="Remove" onClick={onRemove}>
        <X />
      </IconButton>
      {problem && <p className={field.error}>{problem}</p>}
    </div>
  )
}
