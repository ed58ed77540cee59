import { useVirtualizer } from '@tanstack/react-virtual'
import { SearchX } from 'lucide-react'
import { useEffect, useRef } from 'react'
import type { LogRow } from '../api/types'
import { Button } from '../ui/Button'
import { Empty } from '../ui/Empty'
import { Notice } from '../ui/Notice'
import list from './LogList.module.css'
import { LogLine } from './LogLine'
import css from './SearchResults.module.css'
import type { Filter } from './filter'
import { useSearch, type Search } from './useSearch'

interface Props {
  generation: string
  preview: string
  search: Search
  filter: Filter
  times: boolean
  wrap: boolean
  onPick: (row: LogRow) => void
  onClose: () => void
}

const never = () => undefined

/** SearchResults are lines of the stored log, page after page. A click leads to the line among the others. */
export function SearchResults({ generation, preview, search, filter, times, wrap, onPick, onClose }: Props) {
  const scroller = useRef<HTMLDivElement>(null)
  const result = useSearch(generation, preview, search, filter)
  const rows = result.data?.pages.flatMap((p) => p.logs) ?? []
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => 20, overscan: 24, useFlushSync: false })
  const items = virtual.getVirtualItems()
  const atEnd = (items.at(-1)?.index ?? 0) >= rows.length - 1
  const { hasNextPage, isFetching, fetchNextPage } = result
  useEffect(() => {
    if (atEnd && hasNextPage && !isFetching && rows.length < 20_000) void fetchNextPage()
  }, [atEnd, hasNextPage, isFetching, fetchNextPage, rows.length])
  return (
    <>
      <div className={css.bar} role="status">
        {summary(search, rows.length, isFetching, hasNextPage)}
        <Button kind="quiet" onClick={onClose}>
          Back to the live log
        </Button>
      </div>
      {result.error && <Notice error={result.error} />}
      {rows.length === 0 && result.isSuccess && !isFetching && !hasNextPage ? (
        <Empty icon={<SearchX />} title="No line matches" />
      ) : (
        <div className={list.wrapper}>
          <div ref={scroller} className={list.scroller} tabIndex={0} role="region" aria-label="Lines found">
            <div className={list.all} style={{ height: virtual.getTotalSize() }}>
              <div className={list.seen} style={{ transform: `translateY(${items[0]?.start ?? 0}px)` }}>
                {items.map((item) => {
                  const row = rows[item.index]
                  if (!row) return null
                  return (
                    <div key={item.key} data-index={item.index} ref={wrap ? virtual.measureElement : null} className={css.row} onClick={() => onPick(row)}>
                      <LogLine row={row} times={times} wrap={wrap} group={0} folded={false} onFold={never} />
                    </div>
                  )
                })}
              </div>
            </div>
          </div>
        </div>
      )}
    </>
  )
}

function summary(search: Search, found: number, busy: boolean, more: boolean): string {
  const what = search.text ? (found === 1 ? 'line found' : 'lines found') : `lines from ${new Date(search.since).toLocaleTimeString()}`
  if (busy && found === 0) return 'Searching…'
  return `${found.toLocaleString('en')}${more ? '+' : ''} ${what}${busy ? ' so far' : ''}`
}
