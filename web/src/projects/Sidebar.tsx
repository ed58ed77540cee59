import { Plus, Search } from 'lucide-react'
import { useRef, useState, type KeyboardEvent } from 'react'
import { useGenerations, usePreviews } from '../api/queries'
import { Button } from '../ui/Button'
import { Empty } from '../ui/Empty'
import { Notice } from '../ui/Notice'
import { useNow } from '../ui/time'
import { found, groupOf, projectsOf, type Group, type Project } from './projects'
import { ProjectRow } from './ProjectRow'
import css from './Sidebar.module.css'

const GROUPS: readonly { name: Group; label: string }[] = [
  { name: 'active', label: 'Active' },
  { name: 'failed', label: 'Failed' },
  { name: 'past', label: 'Ended' },
]

interface Props {
  selected: string | null
  onSelect: (id: string) => void
  onNew: () => void
}

export function Sidebar({ selected, onSelect, onNew }: Props) {
  const previews = usePreviews()
  const generations = useGenerations()
  const [text, setText] = useState('')
  const error = previews.error ?? generations.error
  const all = projectsOf(generations.data?.generations ?? [], previews.data?.previews ?? [])
  return (
    <nav className={css.side} aria-label="Previews">
      <div className={css.head}>
        <label className={css.search}>
          <Search aria-hidden />
          <span className="sr">Find a preview</span>
          <input id="find-preview" placeholder="Find a preview" value={text} onChange={(e) => setText(e.target.value)} />
        </label>
        <Button kind="primary" icon={<Plus />} onClick={onNew}>
          New
        </Button>
      </div>
      {error && (
        <div className={css.notice}>
          <Notice error={error} />
        </div>
      )}
      {previews.isPending || generations.isPending ? (
        !error && <Skeleton />
      ) : (
        <List projects={all.filter((p) => found(p, text.trim()))} none={all.length === 0} selected={selected} onSelect={onSelect} />
      )}
    </nav>
  )
}

interface ListProps {
  projects: Project[]
  none: boolean
  selected: string | null
  onSelect: (id: string) => void
}

function List({ projects, none, selected, onSelect }: ListProps) {
  const now = useNow(10_000)
  const list = useRef<HTMLDivElement>(null)
  if (projects.length === 0) {
    return (
      <Empty title={none ? 'No previews yet' : 'Nothing found'}>
        {none ? 'Drop a project folder anywhere on this page.' : 'No preview has this in its name, framework or state.'}
      </Empty>
    )
  }
  return (
    <div className={css.list} ref={list} onKeyDown={(e) => move(e, list.current)}>
      {GROUPS.map(({ name, label }) => {
        const members = projects.filter((p) => groupOf(p) === name)
        if (members.length === 0) return null
        return (
          <section key={name} aria-label={label}>
            <h2 className={css.group}>
              {label} <span>{members.length}</span>
            </h2>
            <ul>
              {members.map((p) => (
                <ProjectRow key={p.id} project={p} now={now} selected={p.id === selected} onSelect={onSelect} />
              ))}
            </ul>
          </section>
        )
      })}
    </div>
  )
}

/** move goes through the list with the arrow keys. */
function move(e: KeyboardEvent, list: HTMLElement | null) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[e.key]
  if (step === undefined || !list) return
  const rows = [...list.querySelectorAll<HTMLElement>('[data-row]')]
  const at = rows.indexOf(document.activeElement as HTMLElement)
  if (at < 0) return
  e.preventDefault()
  rows[at + step]?.focus()
}

function Skeleton() {
  return (
    <div className={css.skeleton} aria-hidden>
      {[62, 44, 71].map((width) => (
        <div key={width} style={{ width: `${width}%` }} />
      ))}
    </div>
  )
}
