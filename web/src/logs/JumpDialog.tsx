import { useState, type FormEvent } from 'react'
import { Button } from '../ui/Button'
import { Dialog } from '../ui/Dialog'
import { Field } from '../ui/Field'

interface Props {
  begin: string
  onJump: (time: number) => void
  onClose: () => void
}

/** local is a time as an input of the type datetime-local has it. */
function local(timestamp: string): string {
  const d = new Date(timestamp)
  return new Date(d.getTime() - d.getTimezoneOffset() * 60_000).toISOString().slice(0, 19)
}

export function JumpDialog({ begin, onJump, onClose }: Props) {
  const [value, setValue] = useState(local(begin))
  const time = new Date(value).getTime()
  const submit = (e: FormEvent) => {
    e.preventDefault()
    if (Number.isNaN(time)) return
    onJump(time)
    onClose()
  }
  return (
    <Dialog
      title="Jump to a time"
      onClose={onClose}
      foot={
        <Button kind="primary" type="submit" form="jump" disabled={Number.isNaN(time)}>
          Jump
        </Button>
      }
    >
      <form id="jump" onSubmit={submit}>
        <Field label="Your local time" type="datetime-local" step={1} value={value} onChange={(e) => setValue(e.target.value)} hint="The first line that was written then or later." />
      </form>
    </Dialog>
  )
}
