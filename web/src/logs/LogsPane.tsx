import { ScrollText } from 'lucide-react'
import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import type { LogRow, PreviewStatus } from '../api/types'
import { isBoolean, useStored } from '../ui/useStored'
import { everything, type Filter } from './filter'
import { LogList, type LogListHandle } from './LogList'
import css from './LogsPane.module.css'
import { SearchResults } from './SearchResults'
import { firstAt } from './store'
import { Toolbar } from './Toolbar'
import { useLogStream } from './useLogStream'
import { useOlder } from './useOlder'
import { noSearch, type Search } from './useSearch'
import type { LogView } from './view'

/** LogsPane is the log of the latest preview: live, and what is stored of it. */
export function LogsPane({ status }: { status: PreviewStatus }) {
  const { view, connection } = useLogStream(status.generation_id, status.id)
  const [filter, setFilter] = useState<Filter>(everything)
  const [search, setSearch] = useState<Search>(noSearch)
  const [times, setTimes] = useStored('times', true, isBoolean)
  const [wrap, setWrap] = useStored('wrap', false, isBoolean)
  const [target, setTarget] = useState<number | null>(null)
  const list = useRef<LogListHandle>(null)
  const older = useOlder(status.generation_id, status.id, view)
  useEffect(() => view.setFilter(filter), [view, filter])

  /** jump shows the first line from a time on: among those in memory, or else as it is stored. */
  const jump = (time: number) => {
    const rows = view.store.rows
    const first = rows[0]
    if (first && Date.parse(first.timestamp) <= time) list.current?.reveal(Math.min(firstAt(view.rows, time), view.rows.length - 1))
    else setSearch({ ...noSearch, since: new Date(time).toISOString() })
  }
  const show = (row: LogRow) => {
    setTarget(row.seq)
    setSearch(noSearch)
    const first = view.store.firstSeq
    if (row.seq < first) return setSearch({ ...noSearch, since: row.timestamp })
    requestAnimationFrame(() => {
      const index = view.rows.findIndex((r) => r.seq === row.seq)
      if (index >= 0) list.current?.reveal(index)
    })
  }
  const searching = search.text !== '' || search.since !== ''
  return (
    <div className={css.pane}>
      <Toolbar
        {...{ status, connection, filter, setFilter, search, setSearch, times, setTimes, wrap, setWrap }}
        onJump={jump}
      />
      {searching ? (
        <SearchResults
          generation={status.generation_id}
          preview={status.id}
          {...{ search, filter, times, wrap }}
          onPick={show}
          onClose={() => setSearch(noSearch)}
        />
      ) : (
        <>
          <LogList ref={list} {...{ view, times, wrap, target }} onTop={older} />
          {(connection === 'open' || connection === 'ended') && <Nothing view={view} />}
        </>
      )}
    </div>
  )
}

/** Nothing goes with the first line, for which nothing else in the pane is drawn anew. */
function Nothing({ view }: { view: LogView }) {
  useSyncExternalStore(view.subscribe, view.snapshot)
  if (view.rows.length > 0) return null
  return (
    <p className={css.nothing}>
      <ScrollText aria-hidden /> No lines yet
    </p>
  )
}
