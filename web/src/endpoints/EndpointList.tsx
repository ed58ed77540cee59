import { Search, SquareTerminal, Waypoints } from 'lucide-react'
import { useState } from 'react'
import type { Endpoint, EndpointList as List } from '../api/endpoints'
import { IconButton } from '../ui/Button'
import { Empty } from '../ui/Empty'
import { ago, useNow } from '../ui/time'
import { statusTone } from './answer'
import css from './EndpointList.module.css'
import { groupsOf, keyOf } from './group'
import type { Sent } from './history'
import { Method } from './Method'

interface Props {
  list: List | undefined
  loading: boolean
  history: Sent[]
  selected: string | null
  onSelect: (e: Endpoint) => void
  onCustom: () => void
  onAgain: (s: Sent) => void
}

export function EndpointList(p: Props) {
  const [text, setText] = useState('')
  const groups = groupsOf(p.list?.endpoints ?? [], text.trim())
  const builtin = groupsOf(p.list?.builtin ?? [], text.trim()).flatMap((g) => g.endpoints)
  return (
    <>
      <div className={css.bar}>
        <label className={css.search}>
          <Search aria-hidden />
          <span className="sr">Find an endpoint</span>
          <input placeholder={p.list ? `Find among ${p.list.count}` : 'Find an endpoint'} value={text} spellCheck={false} onChange={(e) => setText(e.target.value)} />
        </label>
        <IconButton label="Request to any path" onClick={p.onCustom}>
          <SquareTerminal />
        </IconButton>
      </div>
      <div className={css.scroll} tabIndex={0} role="region" aria-label="List of endpoints">
        {groups.map((g) => (
          <Section key={g.tag} title={g.tag} endpoints={g.endpoints} selected={p.selected} onSelect={p.onSelect} />
        ))}
        {builtin.length > 0 && <Section title="Of the framework itself" endpoints={builtin} selected={p.selected} onSelect={p.onSelect} />}
        {p.list && groups.length === 0 && builtin.length === 0 && <Nothing list={p.list} searched={text.trim() !== ''} />}
        {!text && p.history.length > 0 && <History history={p.history} onAgain={p.onAgain} />}
        {p.list && p.list.warnings.length > 0 && <Warnings list={p.list} />}
      </div>
    </>
  )
}

interface SectionProps {
  title: string
  endpoints: Endpoint[]
  selected: string | null
  onSelect: (e: Endpoint) => void
}

function Section({ title, endpoints, selected, onSelect }: SectionProps) {
  return (
    <section aria-label={title}>
      <h3 className={css.group}>{title}</h3>
      <ul>
        {endpoints.map((e) => (
          <li key={keyOf(e)}>
            <button type="button" className={css.row} aria-current={keyOf(e) === selected} onClick={() => onSelect(e)}>
              <Method method={e.method} />
              <span className={css.path}>{e.path}</span>
              {e.summary && <span className={css.summary}>{e.summary}</span>}
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Nothing({ list, searched }: { list: List; searched: boolean }) {
  if (searched) return <Empty title="No endpoint matches" />
  if (!list.complete) return <Empty icon={<Waypoints />} title="Reading the project…" />
  return (
    <Empty icon={<Waypoints />} title="No endpoints found">
      Any path can be called all the same, with the button above.
    </Empty>
  )
}

function History({ history, onAgain }: { history: Sent[]; onAgain: (s: Sent) => void }) {
  const now = useNow(10_000)
  return (
    <section aria-label="Sent before">
      <h3 className={css.group}>Sent before</h3>
      <ul>
        {history.slice(0, 12).map((s) => (
          <li key={s.at}>
            <button type="button" className={css.row} onClick={() => onAgain(s)}>
              <Method method={s.draft.method} />
              <span className={css.path}>{s.draft.path}</span>
              <span className={css.status} data-tone={statusTone(s.status)}>
                {s.status}
              </span>
              <span className={css.age}>{ago(now - s.at)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Warnings({ list }: { list: List }) {
  return (
    <details className={css.warnings}>
      <summary>{`${list.warnings.length} ${list.warnings.length === 1 ? 'place' : 'places'} could not be read`}</summary>
      <ul>
        {list.warnings.map((w, i) => (
          <li key={i}>
            {w.file && <code>{w.line ? `${w.file}:${w.line}` : w.file}</code>} {w.message}
          </li>
        ))}
      </ul>
    </details>
  )
}
