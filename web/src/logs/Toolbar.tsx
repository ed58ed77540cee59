import { AlarmClock, Clock, Download, Regex, Search as SearchIcon, WrapText, X } from 'lucide-react'
import { useState } from 'react'
import { useClient } from '../api/context'
import type { Level, PreviewStatus, Source } from '../api/types'
import type { Connection } from '../sse/follow'
import { IconButton } from '../ui/Button'
import { Menu, MenuItem } from '../ui/Menu'
import { download } from './download'
import type { Filter } from './filter'
import { JumpDialog } from './JumpDialog'
import css from './Toolbar.module.css'
import { noSearch, type Search } from './useSearch'

interface Props {
  status: PreviewStatus
  connection: Connection
  filter: Filter
  setFilter: (f: Filter) => void
  search: Search
  setSearch: (s: Search) => void
  times: boolean
  setTimes: (v: boolean) => void
  wrap: boolean
  setWrap: (v: boolean) => void
  onJump: (time: number) => void
}

const LEVELS: [Level, string][] = [
  ['DEBUG', 'All levels'],
  ['INFO', 'Info and up'],
  ['WARNING', 'Warnings and up'],
  ['ERROR', 'Errors'],
]
const SOURCES: [Source | '', string][] = [
  ['', 'App and system'],
  ['subprocess', 'App'],
  ['system', 'System'],
]

export function Toolbar(p: Props) {
  const [jumping, setJumping] = useState(false)
  return (
    <div className={css.bar}>
      <SearchBox search={p.search} onChange={p.setSearch} />
      <select className={css.select} aria-label="Level" value={p.filter.level} onChange={(e) => p.setFilter({ ...p.filter, level: e.target.value as Level })}>
        {LEVELS.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
      <select className={css.select} aria-label="Source" value={p.filter.source} onChange={(e) => p.setFilter({ ...p.filter, source: e.target.value as Source | '' })}>
        {SOURCES.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
      <span className={css.gap} />
      <State connection={p.connection} />
      <IconButton label="Timestamps" pressed={p.times} onClick={() => p.setTimes(!p.times)}>
        <Clock />
      </IconButton>
      <IconButton label="Wrap lines" pressed={p.wrap} onClick={() => p.setWrap(!p.wrap)}>
        <WrapText />
      </IconButton>
      <IconButton label="Jump to a time" onClick={() => setJumping(true)}>
        <AlarmClock />
      </IconButton>
      <DownloadMenu {...p} />
      {jumping && <JumpDialog begin={p.status.created_at} onJump={p.onJump} onClose={() => setJumping(false)} />}
    </div>
  )
}

function SearchBox({ search, onChange }: { search: Search; onChange: (s: Search) => void }) {
  return (
    <div className={css.search}>
      <SearchIcon aria-hidden />
      <input
        id="search-logs"
        aria-label="Search the log"
        placeholder="Search the log"
        spellCheck={false}
        maxLength={250}
        value={search.text}
        onChange={(e) => onChange({ ...noSearch, text: e.target.value, regex: search.regex })}
        onKeyDown={(e) => {
          if (e.key === 'Escape') onChange(noSearch)
        }}
      />
      {search.text && (
        <button type="button" aria-label="Clear the search" onClick={() => onChange({ ...noSearch, regex: search.regex })}>
          <X />
        </button>
      )}
      <button type="button" aria-label="Regular expression" aria-pressed={search.regex} title="Regular expression" onClick={() => onChange({ ...search, regex: !search.regex })}>
        <Regex />
      </button>
    </div>
  )
}

const STATES: Record<Connection, string> = { connecting: 'Connecting', open: 'Live', waiting: 'Reconnecting', ended: 'Ended' }

function State({ connection }: { connection: Connection }) {
  return (
    <span className={css.state} data-state={connection} role="status">
      {STATES[connection]}
    </span>
  )
}

function DownloadMenu({ status, filter, search }: Props) {
  const client = useClient()
  const save = (format: string) =>
    void download(client, status.generation_id, { format, preview_id: status.id, level: filter.level, source: filter.source, q: search.text, regex: search.text !== '' && search.regex })
  return (
    <Menu
      trigger={
        <IconButton label="Download">
          <Download />
        </IconButton>
      }
    >
      <MenuItem onSelect={() => save('text')}>Text</MenuItem>
      <MenuItem onSelect={() => save('ndjson')}>JSON lines</MenuItem>
      <MenuItem onSelect={() => save('csv')}>CSV</MenuItem>
    </Menu>
  )
}
