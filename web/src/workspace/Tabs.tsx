import { useId, type KeyboardEvent, type ReactNode } from 'react'
import { PANES, type PaneName } from '../shell/route'
import css from './Tabs.module.css'

interface Props {
  selected: PaneName
  titles: Record<PaneName, string>
  contents: Record<PaneName, ReactNode>
  onSelect: (p: PaneName) => void
}

/** Tabs are the panes where there is room for one. */
export function Tabs({ selected, titles, contents, onSelect }: Props) {
  const id = useId()
  const onKeyDown = (e: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[e.key]
    const next = step && PANES[(PANES.indexOf(selected) + step + PANES.length) % PANES.length]
    if (!next) return
    onSelect(next)
    document.getElementById(`${id}-${next}`)?.focus()
  }
  return (
    <div className={css.tabs}>
      <div role="tablist" aria-label="Panes" className={css.list} onKeyDown={onKeyDown}>
        {PANES.map((name) => (
          <button
            key={name}
            id={`${id}-${name}`}
            type="button"
            role="tab"
            aria-selected={name === selected}
            aria-controls={`${id}-panel`}
            tabIndex={name === selected ? 0 : -1}
            onClick={() => onSelect(name)}
          >
            {titles[name]}
          </button>
        ))}
      </div>
      <div id={`${id}-panel`} role="tabpanel" aria-labelledby={`${id}-${selected}`} className={css.panel} data-pane={selected}>
        {contents[selected]}
      </div>
    </div>
  )
}
