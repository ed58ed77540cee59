import { Maximize2, Minimize2 } from 'lucide-react'
import { useId, type ReactNode } from 'react'
import { IconButton } from '../ui/Button'
import css from './Pane.module.css'

interface Props {
  name: string
  title: string
  extra?: ReactNode
  maximised: boolean
  onMaximise: () => void
  children: ReactNode
}

/** Pane is one of the four, with its name above it. */
export function Pane({ name, title, extra, maximised, onMaximise, children }: Props) {
  const id = useId()
  return (
    <section className={css.pane} aria-labelledby={id} data-pane={name} tabIndex={-1}>
      <header className={css.head} onDoubleClick={onMaximise}>
        <h2 id={id}>{title}</h2>
        {extra}
        <IconButton className={css.max} label={maximised ? `Show all panes` : `Maximise ${title.toLowerCase()}`} shortcut="M" onClick={onMaximise}>
          {maximised ? <Minimize2 /> : <Maximize2 />}
        </IconButton>
      </header>
      <div className={css.body}>{children}</div>
    </section>
  )
}
